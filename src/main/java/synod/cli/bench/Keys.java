package synod.cli.bench;

/**
 * The keys of a run: so many, all different, of one length, in lower-case hexadecimal digits, and
 * in no order, so that those with neighbouring numbers are not neighbours in the store.
 */
final class Keys {
  private static final byte[] DIGITS = "0123456789abcdef".getBytes();
  private static final int BITS_PER_DIGIT = 4;
  private static final int DIGITS_MAX = Long.SIZE / BITS_PER_DIGIT;
  private static final long FACTOR = 0x9E3779B97F4A7C15L;

  private final int count;
  private final int bytes;
  private final int bits;

  /**
   * @throws IllegalArgumentException if there aren't as many keys of that length
   */
  Keys(int count, int bytes) {
    this.count = count;
    this.bytes = bytes;
    this.bits = BITS_PER_DIGIT * Math.min(bytes, DIGITS_MAX);
    if (bits < Integer.SIZE && count > 1L << bits) {
      throw new IllegalArgumentException(
          "there are only " + (1L << bits) + " keys of " + bytes + " bytes, not " + count);
    }
  }

  int count() {
    return count;
  }

  /** The key with a number from 0. */
  byte[] key(int number) {
    byte[] key = new byte[bytes];
    long left = mix(number);
    for (int i = 0; i < bytes; i++) {
      key[i] = DIGITS[(int) left & 15];
      left >>>= BITS_PER_DIGIT;
    }
    return key;
  }

  /** Each step is a bijection of the numbers below 2^bits, so different numbers stay different. */
  private long mix(long number) {
    long mask = -1L >>> (Long.SIZE - bits);
    long mixed = number * FACTOR & mask;
    mixed ^= mixed >>> (bits / 2);
    return mixed * FACTOR & mask;
  }
}
