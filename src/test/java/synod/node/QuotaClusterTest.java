package synod.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
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
      assertThat(cluster.ask("n3", new Operation.Write(delete())))
          .isInstanceOfSatisfying(
              Outcome.Written.class,
              written -> assertThat(written.result()).isInstanceOf(Result.Applied.class));
      assertThat(cluster.status("n2").ready()).isTrue();
      assertThat(((Outcome.Refused) cluster.put("n1", "b", "2")).detail())
          .contains("the disk quota of n2 is used up");

      Files.delete(filler);
      for (String name : new String[] {"n1", "n2", "n3"}) {
        TestCluster.await(
            () -> cluster.put(name, "b", "2") instanceof Outcome.Written, name + " takes puts");
      }
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

  private static Command.Delete delete() {
    return new Command.Delete(TestCluster.bytes("a"), Command.Condition.NONE, false);
  }
}
