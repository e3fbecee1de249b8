package synod.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import synod.Programs;
import synod.paxos.Ballot;
import synod.paxos.DurableRecord.Accepted;
import synod.paxos.DurableRecord.Promised;
import synod.paxos.Entry;

/** A process that dies in the middle of writing: all that it acknowledged is there afterwards. */
class AcceptorCrashTest {
  private static final int FLIGHT = 8;

  @TempDir Path temporary;

  @ParameterizedTest
  @ValueSource(ints = {10, 5_000, 300_000})
  @Timeout(60)
  void whatWasAcknowledgedSurvivesTheProcess(int bytes) throws Exception {
    Path path = temporary.resolve("n1");
    long acknowledged = 0;
    for (int life = 1; life <= 2; life++) {
      Process process = Programs.start(Writer.class, path.toString(), "" + bytes, "" + life * 40);
      try {
        String last = process.inputReader().lines().reduce("0", (before, line) -> line);
        acknowledged = Math.max(acknowledged, Long.parseLong(last));
        assertThat(process.waitFor()).isEqualTo(Writer.HALTED);
      } finally {
        process.destroyForcibly().waitFor();
      }
    }
    assertThat(acknowledged).isGreaterThanOrEqualTo(80);
    try (DataDirectory directory = open(path);
        AcceptorStorage storage = directory.openAcceptor()) {
      assertThat(storage.lastSlot()).isGreaterThanOrEqualTo(acknowledged);
      for (long slot = 1; slot <= storage.lastSlot(); slot++) {
        Ballot ballot = storage.entry(slot).orElseThrow().ballot();
        assertThat(storage.entry(slot)).contains(Writer.entry(slot, ballot, bytes));
        assertThat(storage.promised()).isGreaterThanOrEqualTo(ballot);
      }
    }
  }

  private static DataDirectory open(Path path) {
    return DataDirectory.open(path, "synod", "n1", "f");
  }

  /**
   * Writes entries with several writes in flight, prints each slot once it is durable, and halts
   * after a number of them while others are being written.
   */
  static final class Writer {
    static final int HALTED = 3;

    public static void main(String[] arguments) {
      int bytes = Integer.parseInt(arguments[1]);
      long haltAfter = Long.parseLong(arguments[2]);
      AcceptorStorage storage = open(Path.of(arguments[0])).openAcceptor();
      Ballot ballot = new Ballot(storage.promised().round() + 1, "n1", 1);
      LogWriter writer =
          new LogWriter("log", storage, Writer::fail, (writes, records, nanos) -> {});
      AtomicLong durable = new AtomicLong();
      writer.write(List.of(new Promised(ballot)), () -> {});
      for (long slot = storage.lastSlot() + 1; ; slot++) {
        long written = slot;
        writer.write(
            List.of(new Accepted(entry(slot, ballot, bytes))),
            () -> {
              System.out.println(written);
              if (durable.incrementAndGet() == haltAfter) {
                // Not from here: the write behind this one is to be under way.
                new Thread(() -> Runtime.getRuntime().halt(HALTED)).start();
              }
            });
        while (writer.depth() >= FLIGHT) {
          Thread.onSpinWait();
        }
      }
    }

    private static void fail(Throwable cause) {
      cause.printStackTrace();
      Runtime.getRuntime().halt(1);
    }

    static Entry entry(long slot, Ballot ballot, int bytes) {
      byte[] value = new byte[bytes];
      Arrays.fill(value, (byte) slot);
      return new Entry(slot, ballot, value);
    }
  }
}
