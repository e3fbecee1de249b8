package synod.kv;

import java.util.Arrays;
import java.util.Optional;

/**
 * Compares what the store really holds with the sum of it that the changes added up to: a walk
 * through all common records in small steps, between which the state goes on changing. What changes
 * behind the walk is added to what was counted there, so that at the end both must be equal: if
 * they aren't, a record was changed by something else than the log.
 *
 * <p>Local to a replica: nothing in the state depends on it.
 */
final class Scrub {
  private static final byte[] SPACES = {StoreKeys.HISTORY, StoreKeys.KEYS, StoreKeys.SESSIONS};

  private final OrderedStore store;

  /** Invariant: {@code counted} is the sum of the records whose key is not above this one. */
  private byte[] position = {};

  private long counted;

  Scrub(OrderedStore store) {
    this.store = store;
  }

  /** A record was changed, by which the sum of all changes. */
  void replaced(byte[] key, long difference) {
    if (position.length > 0 && Arrays.compareUnsigned(key, position) <= 0) {
      counted += difference;
    }
  }

  /**
   * Goes on by about this many bytes of records, at least by one record. All changes must be
   * committed.
   *
   * @param sum of all records, as the changes have it
   * @return nothing while under way; at the end, whether the records are what they should be
   */
  Optional<Boolean> step(long maxBytes, long sum) {
    long bytes = 0;
    for (byte space : SPACES) {
      byte[] end = StoreKeys.end(space);
      if (Arrays.compareUnsigned(position, end) >= 0) {
        continue;
      }
      try (OrderedStore.Cursor cursor = store.scan(behind(position, space), end)) {
        while (cursor.next()) {
          if (bytes > 0 && bytes >= maxBytes) {
            return Optional.empty();
          }
          position = cursor.key();
          byte[] value = cursor.value();
          counted += RecordHash.of(position, value);
          bytes += position.length + value.length;
        }
      }
      position = end;
    }
    boolean isSound = counted == sum;
    position = new byte[0];
    counted = 0;
    return Optional.of(isSound);
  }

  private static byte[] behind(byte[] position, byte space) {
    byte[] start = StoreKeys.start(space);
    return Arrays.compareUnsigned(position, start) < 0
        ? start
        : Arrays.copyOf(position, position.length + 1);
  }
}
