package synod.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import synod.kv.Command;
import synod.kv.Result;

/**
 * A node whose data directory holds more than it should stops puts everywhere, and nothing else.
 */
class QuotaClusterTest {
  private static final long QUOTA = 256L << 20;

  @TempDir private Path directory;

  @Test
  void putsAreRefusedAtAllNodesWhileOneIsOverItsQuota() throws Exception {
    try (TestCluster cluster =
        new TestCluster(directory, 3, "synod.storage.quota = " + QUOTA).startAll()) {
      cluster.put("n1", "a", "1");
      Path filler = cluster.dataDirectory("n2").resolve("filler");
      fill(filler);
      for (String name : new String[] {"n1", "n2", "n3"}) {
        TestCluster.await(() -> isRefused(cluster, name), name + " refuses puts");
      }

      assertThat(cluster.get("n1", "a")).isEqualTo("1");
      assertThat(cluster.ask("n3", new Operation.Write(delete("a"))))
          .isInstanceOfSatisfying(
              Outcome.Written.class,
              written -> assertThat(written.result()).isInstanceOf(Result.Applied.class));
      TestCluster.await(() -> cluster.status("n2").ready(), "n2 serves what isn't a put");
      assertThat(((Outcome.Refused) cluster.put("n1", "b", "2")).detail())
          .contains("the disk quota of n2 is used up");

      Files.delete(filler);
      for (String name : new String[] {"n1", "n2", "n3"}) {
        TestCluster.await(
            () -> cluster.put(name, "b", "2") instanceof Outcome.Written, name + " takes puts");
      }
    }
  }

  /** Neither the log nor the history nor a table's merge waits for anything but the deletes. */
  @Test
  void deletesAloneBringPutsBack() throws Exception {
    String value = "v".repeat(1_000_000);
    try (TestCluster cluster =
        new TestCluster(directory, 3, "synod.storage.quota = 128 MiB").startAll()) {
      int written = 0;
      while (cluster.put("n1", "k" + written, value) instanceof Outcome.Written) {
        written++;
        assertThat(written).as("puts without a refusal").isLessThan(300);
      }
      TestCluster.await(() -> cluster.status("n1").ready(), "n1 serves what isn't a put");
      for (int i = 0; i <= written; i++) {
        assertThat(cluster.ask("n2", new Operation.Write(delete("k" + i))))
            .isInstanceOf(Outcome.Written.class);
      }

      long deadline = System.nanoTime() + Duration.ofSeconds(90).toNanos();
      while (!(cluster.put("n3", "small", "x") instanceof Outcome.Written)) {
        assertThat(System.nanoTime()).as("puts come back").isLessThan(deadline);
        LockSupport.parkNanos(50_000_000);
      }
      assertThat(cluster.get("n1", "small")).isEqualTo("x");
      assertThat(cluster.get("n1", "k0")).isNull();
    }
  }

  /** It takes no room of the disk, but counts. */
  private static void fill(Path file) throws IOException {
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(QUOTA + 1);
    }
  }

  private static boolean isRefused(TestCluster cluster, String name) {
    return cluster.put(name, "b", "1") instanceof Outcome.Refused refused
        && refused.reason() == Outcome.Reason.QUOTA_EXCEEDED;
  }

  private static Command.Delete delete(String key) {
    return new Command.Delete(TestCluster.bytes(key), Command.Condition.NONE, false);
  }
}
