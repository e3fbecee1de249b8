package synod.storage;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a data directory takes of its disk at one moment.
 *
 * @param low whether so little is free that writes are to be refused
 * @param overQuota whether the directory holds more than it should
 * @param freeBytes what this process may still write there
 * @param usedBytes what is in files of the directory, by the name of the directory in it that they
 *     are below
 */
public record DiskUse(
    boolean low, boolean overQuota, long freeBytes, SortedMap<String, Long> usedBytes) {
  /** Before the first measurement. */
  public static final DiskUse UNKNOWN = new DiskUse(false, false, 0, Collections.emptySortedMap());

  public DiskUse {
    usedBytes = Collections.unmodifiableSortedMap(new TreeMap<>(usedBytes));
  }
}
