package synod.cli.bench;

import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes the operations of a run from its keys, values and distribution: cheaply, and from a seed.
 */
final class Workload {
  private static final int VALUES_MAX = 256;
  private static final int VALUES_BYTES_MAX = 16 << 20;

  private final Keys keys;
  private final byte[][] values;
  private final Distribution distribution;
  private final SplittableRandom seeds;

  /** Gives one operation after the other to one user. */
  interface Source {
    /**
     * @return null if there are no more
     */
    Operation next();
  }

  Workload(Keys keys, int valueBytes, Distribution distribution, long seed) {
    this.keys = keys;
    this.values = values(valueBytes, seed);
    this.distribution = distribution;
    this.seeds = new SplittableRandom(seed);
  }

  private static byte[][] values(int bytes, long seed) {
    int count = Math.max(1, Math.min(VALUES_MAX, VALUES_BYTES_MAX / Math.max(1, bytes)));
    byte[][] values = new byte[count][bytes];
    Random random = new Random(seed);
    for (byte[] value : values) {
      random.nextBytes(value);
    }
    return values;
  }

  Keys keys() {
    return keys;
  }

  int valueBytes() {
    return values[0].length;
  }

  /** An endless one, for one thread at a time. */
  synchronized Source draw(Mix mix) {
    SplittableRandom random = seeds.split();
    return () -> {
      Kind kind = mix.pick(random);
      return operation(kind, distribution.next(random), random.nextInt(values.length));
    };
  }

  /** One that puts every key once, for any number of threads. */
  Source fill() {
    AtomicInteger next = new AtomicInteger();
    return () -> {
      int number = next.getAndIncrement();
      return number < keys.count() ? operation(Kind.PUT, number, number % values.length) : null;
    };
  }

  private Operation operation(Kind kind, int key, int value) {
    return new Operation(kind, keys.key(key), kind == Kind.PUT ? values[value] : null);
  }
}
