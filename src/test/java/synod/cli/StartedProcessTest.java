package synod.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import synod.Programs;

@Timeout(60)
class StartedProcessTest {
  private static final String LOCK = "LOCK";

  /** More than a disk takes at once, so that some still wait for it when they are killed. */
  private static final int WRITERS = 40;

  @TempDir private Path directory;

  @Test
  void oneThatWasKilledHoldsNoLockOnceItIsNotAlive() throws Exception {
    Process process = Programs.start(Writers.class, directory.toString());
    try {
      StartedProcess started = StartedProcess.of(process.toHandle());
      assertThat(process.inputReader().readLine()).isEqualTo("locked");

      started.signal("KILL");
      while (started.isAlive()) {
        Thread.onSpinWait();
      }

      try (FileChannel channel =
              FileChannel.open(directory.resolve(LOCK), StandardOpenOption.WRITE);
          FileLock lock = channel.tryLock()) {
        assertThat(lock).as("a lock on what the process had locked").isNotNull();
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  /** Holds a lock while all its threads write to the disk, until it is killed. */
  static final class Writers {
    public static void main(String[] arguments) throws IOException {
      Path directory = Path.of(arguments[0]);
      FileChannel.open(directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE)
          .lock();
      for (int i = 0; i < WRITERS; i++) {
        Path file = directory.resolve("file" + i);
        new Thread(() -> write(file)).start();
      }
      System.out.println("locked");
    }

    private static void write(Path path) {
      byte[] bytes = new byte[1 << 20];
      try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
        while (true) {
          file.seek(0);
          file.write(bytes);
          file.getFD().sync();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
