package synod.storage;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Watches how full the disk is where a data directory lies, so that writes can be refused before
 * there is no room left: low below a mark of free space, and fine again only 10 % above it. Belongs
 * to one thread, which asks whenever it likes.
 */
public final class DiskSpace {
  /** Bytes that this process may still write. */
  interface Usable {
    long bytes() throws IOException;
  }

  private final Path directory;
  private final Usable usable;
  private final long lowBytes;
  private boolean low;

  /**
   * @param lowBytes with less usable space than this it is low; 0 for never
   * @throws StorageRefusedException if the file system can't be asked
   */
  public static DiskSpace of(Path directory, long lowBytes) {
    try {
      FileStore store = Files.getFileStore(directory);
      return new DiskSpace(directory, store::getUsableSpace, lowBytes);
    } catch (IOException e) {
      throw new StorageRefusedException(
          "data directory " + directory + ": its file system can't be asked for free space", e);
    }
  }

  DiskSpace(Path directory, Usable usable, long lowBytes) {
    this.directory = directory;
    this.usable = usable;
    this.lowBytes = lowBytes;
  }

  /**
   * Asks the file system.
   *
   * @throws StorageFailure if it doesn't answer
   */
  public DiskUse measure() {
    long free;
    try {
      free = usable.bytes();
    } catch (IOException e) {
      throw new StorageFailure("can't find out how much space is free", e);
    }
    low = free < (low ? lowBytes + lowBytes / 10 : lowBytes);
    return new DiskUse(low, free, DirectorySize.byPart(directory));
  }
}
