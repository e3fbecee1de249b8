package synod.storage;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Watches the free space where a data directory lies, so that writes can be refused before the disk
 * is full. Low below a mark, and fine again only 10 % above it. Belongs to one thread, which asks
 * whenever it likes.
 */
public final class DiskSpace {
  /** Bytes that this process may still write. */
  interface Usable {
    long bytes() throws IOException;
  }

  private final Usable usable;
  private final long lowBytes;
  private boolean low;
  private long lastUsable;

  /**
   * @param lowBytes with less usable space than this it is low; 0 for never
   * @throws StorageRefusedException if the file system can't be asked
   */
  public static DiskSpace of(Path directory, long lowBytes) {
    try {
      FileStore store = Files.getFileStore(directory);
      return new DiskSpace(store::getUsableSpace, lowBytes);
    } catch (IOException e) {
      throw new StorageRefusedException(
          "data directory " + directory + ": its file system can't be asked for free space", e);
    }
  }

  DiskSpace(Usable usable, long lowBytes) {
    this.usable = usable;
    this.lowBytes = lowBytes;
  }

  /**
   * Asks the file system whether space is low.
   *
   * @throws StorageFailure if it doesn't answer
   */
  public boolean isLow() {
    try {
      lastUsable = usable.bytes();
    } catch (IOException e) {
      throw new StorageFailure("can't find out how much space is free", e);
    }
    low = lastUsable < (low ? lowBytes + lowBytes / 10 : lowBytes);
    return low;
  }

  /** The usable bytes that {@link #isLow()} found last. */
  public long usableBytes() {
    return lastUsable;
  }
}
