package synod.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import synod.Programs;
import synod.kv.OrderedStore.Change;
import synod.paxos.Ballot;
import synod.paxos.DurableRecord;
import synod.paxos.DurableRecord.Accepted;
import synod.paxos.DurableRecord.Promised;
import synod.paxos.Entry;

/** A disk that really refuses a write in its middle, in a process of its own. */
@Timeout(60)
class FailingDiskTest {
  /** More than the unpacked library has, less than the write that is to fail. */
  private static final long LIMIT = 20 << 20;

  private static final int MEBIBYTE = 1 << 20;
  private static final int TOO_MUCH = 30;

  @TempDir Path temporary;

  @Test
  void aWriteThatTheDiskRefusesIsFinalAndNeverAcknowledged() throws Exception {
    Path path = temporary.resolve("n1");
    assertThat(run(AcceptorWriter.class, path))
        .containsExactly("durable 1", "failed once", "refused again")
        .as("slot 1 is acknowledged, what came after the failure is not");
    try (DataDirectory directory = open(path);
        AcceptorStorage storage = directory.openAcceptor()) {
      assertThat(storage.lastSlot()).isEqualTo(1);
      storage.write(List.of(new Accepted(entry(2, 10))));
    }
  }

  @Test
  void aCommitThatTheDiskRefusesIsFinal() throws Exception {
    Path path = temporary.resolve("n1");
    assertThat(run(StateWriter.class, path)).containsExactly("failed", "failed");
    try (DataDirectory directory = open(path);
        StateStorage storage = directory.openState()) {
      assertThat(storage.get(key(0))).hasSize(10);
      for (int i = 1; i <= TOO_MUCH; i++) {
        assertThat(storage.get(key(i))).isNull();
      }
    }
  }

  private static List<String> run(Class<?> main, Path path) throws Exception {
    Process process = Programs.startWithFileLimit(LIMIT, main, path.toString());
    try {
      return process.inputReader().lines().toList();
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  static final class AcceptorWriter {
    public static void main(String[] arguments) throws InterruptedException {
      AcceptorStorage storage = open(Path.of(arguments[0])).openAcceptor();
      CountDownLatch failed = new CountDownLatch(1);
      LogWriter writer =
          new LogWriter(
              "log",
              storage,
              cause -> {
                System.out.println(cause instanceof StorageFailure ? "failed once" : "" + cause);
                failed.countDown();
              },
              (writes, records, nanos) -> {});
      List<DurableRecord> large = new ArrayList<>();
      for (int slot = 2; slot < 2 + TOO_MUCH; slot++) {
        large.add(new Accepted(entry(slot, MEBIBYTE)));
      }
      Ballot ballot = entry(1, 0).ballot();
      CountDownLatch durable = new CountDownLatch(1);
      writer.write(
          List.of(new Promised(ballot), new Accepted(entry(1, 10))),
          () -> {
            System.out.println("durable 1");
            durable.countDown();
          });
      // Else both would be written, and fail, together.
      durable.await();
      writer.write(large, () -> System.out.println("durable, although it was refused"));
      writer.barrier(() -> System.out.println("behind a failed write"));
      failed.await();
      try {
        storage.write(List.of(new Accepted(entry(2, 10))));
      } catch (StorageFailure e) {
        System.out.println("refused again");
      }
      Runtime.getRuntime().halt(0);
    }
  }

  static final class StateWriter {
    public static void main(String[] arguments) {
      StateStorage storage = open(Path.of(arguments[0])).openState();
      storage.commit(List.of(new Change(key(0), new byte[10])));
      List<Change> large = new ArrayList<>();
      for (int i = 1; i <= TOO_MUCH; i++) {
        large.add(new Change(key(i), new byte[MEBIBYTE]));
      }
      for (List<Change> changes : List.of(large, Collections.singletonList(large.get(0)))) {
        try {
          storage.commit(changes);
        } catch (StorageFailure e) {
          System.out.println("failed");
        }
      }
      Runtime.getRuntime().halt(0);
    }
  }

  private static DataDirectory open(Path path) {
    return DataDirectory.open(path, "synod", "n1", "f");
  }

  private static byte[] key(int i) {
    return new byte[] {'k', (byte) i};
  }

  private static Entry entry(long slot, int bytes) {
    return new Entry(slot, new Ballot(1, "n1", 7), new byte[bytes]);
  }
}
