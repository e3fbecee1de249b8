package synod.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;

/**
 * Keeps a data directory to one user at a time: an operating system's lock on the file {@code
 * LOCK}, which also tells the owner's process id. The lock ends with the process, however it ends.
 */
final class DirectoryLock implements AutoCloseable {
  /**
   * The directories that this process holds. Asked before the file is touched: on POSIX systems
   * closing any descriptor of a file gives up the process's locks on it.
   */
  private static final Set<Path> HELD = new HashSet<>();

  private final Path directory;
  private final FileChannel channel;

  private DirectoryLock(Path directory, FileChannel channel) {
    this.directory = directory;
    this.channel = channel;
  }

  /**
   * @throws StorageRefusedException if somebody holds the lock, or it can't be asked for
   */
  static DirectoryLock acquire(Path path) {
    synchronized (HELD) {
      try {
        Path directory = path.toRealPath();
        if (HELD.contains(directory)) {
          throw inUse(path, String.valueOf(ProcessHandle.current().pid()));
        }
        DirectoryLock lock = acquire(path, directory);
        HELD.add(directory);
        return lock;
      } catch (IOException e) {
        throw new StorageRefusedException("data directory " + path + " can't be locked: " + e, e);
      }
    }
  }

  private static DirectoryLock acquire(Path path, Path directory) throws IOException {
    Path file = directory.resolve("LOCK");
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock == null) {
        throw inUse(path, Files.readString(file).strip());
      }
      channel.truncate(0);
      String pid = ProcessHandle.current().pid() + "\n";
      channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)));
      return new DirectoryLock(directory, channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static StorageRefusedException inUse(Path path, String pid) {
    return new StorageRefusedException(
        "data directory "
            + path
            + " is in use by "
            + (pid.isEmpty() ? "another process" : "process " + pid)
            + "; expected it free");
  }

  @Override
  public void close() {
    synchronized (HELD) {
      if (HELD.remove(directory)) {
        try {
          channel.close();
        } catch (IOException e) {
          throw new StorageFailure("can't unlock data directory " + directory, e);
        }
      }
    }
  }
}
