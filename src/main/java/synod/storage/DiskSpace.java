package synod.storage;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;

/**
 * Watches how full the disk is where a data directory lies, so that writes can be refused before
 * there is no room left: low below a mark of free space, and fine again only 10 % above it; over
 * the quota above that, and fine again only 10 % below. Belongs to one thread, which asks whenever
 * it likes.
 */
public final class DiskSpace {
  /** Bytes that this process may still write. */
  interface Usable {
    long bytes() throws IOException;
  }

  private final Path directory;
  private final Usable usable;
  private final long lowBytes;
  private final long quotaBytes;
  private boolean low;
  private boolean overQuota;

  /**
   * @param lowBytes with less usable space than this it is low; 0 for never
   * @param quotaBytes that the directory may hold; 0 for any number
   * @throws StorageRefusedException if the file system can't be asked
   */
  public static DiskSpace of(Path directory, long lowBytes, long quotaBytes) {
    try {
      FileStore store = Files.getFileStore(directory);
      return new DiskSpace(directory, store::getUsableSpace, lowBytes, quotaBytes);
    } catch (IOException e) {
      throw new StorageRefusedException(
          "data directory " + directory + ": its file system can't be asked for free space", e);
    }
  }

  DiskSpace(Path directory, Usable usable, long lowBytes, long quotaBytes) {
    this.directory = directory;
    this.usable = usable;
    this.lowBytes = lowBytes;
    this.quotaBytes = quotaBytes;
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
    SortedMap<String, Long> used = DirectorySize.byPart(directory);
    long usedInAll = used.values().stream().mapToLong(Long::longValue).sum();
    overQuota =
        quotaBytes > 0 && usedInAll > (overQuota ? quotaBytes - quotaBytes / 10 : quotaBytes);
    return new DiskUse(low, overQuota, free, used);
  }
}
