package synod.kv;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A fast 64-bit hash of a record. It finds what went wrong by accident; it is no protection against
 * somebody who wants two records to have the same one. The stored state rests on it: it never
 * changes.
 */
final class RecordHash {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  // Odd numbers without a pattern, the golden ratio's fraction for one.
  private static final long SEED = 0x9e3779b97f4a7c15L;
  private static final long FACTOR = 0xd6e8feb86659fd93L;

  private RecordHash() {}

  /** Zero of a record that doesn't exist, that is of null for a value. */
  static long of(byte[] key, byte[] value) {
    return value == null ? 0 : finish(add(add(SEED, key), value));
  }

  /** With the length, so that no two lists of parts look the same. */
  private static long add(long before, byte[] part) {
    long hash = mix(before, part.length);
    int at = 0;
    for (; at + Long.BYTES <= part.length; at += Long.BYTES) {
      hash = mix(hash, (long) LONGS.get(part, at));
    }
    long rest = 0;
    for (; at < part.length; at++) {
      rest = rest << 8 | part[at] & 0xff;
    }
    return mix(hash, rest);
  }

  /** Each step can be undone when either input is known: no information is lost on the way. */
  private static long mix(long hash, long word) {
    return Long.rotateLeft((hash ^ word) * FACTOR, 29) + SEED;
  }

  private static long finish(long hash) {
    long mixed = (hash ^ hash >>> 32) * FACTOR;
    mixed = (mixed ^ mixed >>> 29) * FACTOR;
    return mixed ^ mixed >>> 32;
  }
}
