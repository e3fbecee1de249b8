package synod.cli.torture;

import java.util.Arrays;

/** When writes were acknowledged. May be used by any thread. */
final class Availability {
  private long[] times = new long[1 << 16];
  private int count;

  /**
   * A write was acknowledged, now or a moment ago.
   *
   * @param nanos by {@link System#nanoTime()}
   */
  synchronized void acknowledged(long nanos) {
    if (count == times.length) {
      times = Arrays.copyOf(times, 2 * count);
    }
    times[count++] = nanos;
  }

  /** The longest time between these two moments in which no write was acknowledged. */
  synchronized long longestGapNanos(long from, long to) {
    long[] within =
        Arrays.stream(times, 0, count)
            .filter(time -> time - from >= 0 && to - time >= 0)
            .sorted()
            .toArray();
    long longest = 0;
    long last = from;
    for (long time : within) {
      longest = Math.max(longest, time - last);
      last = time;
    }
    return Math.max(longest, to - last);
  }
}
