package synod.cli.bench;

import java.util.Arrays;

/**
 * For how long no write succeeded, at all and as one client saw it. Successes are told in any
 * order, by any thread; times are those of {@link System#nanoTime}.
 */
final class Gaps {
  private final long[] lastOfClient;
  private final long[] counts;
  private long last;
  private long longest;
  private long longestOfClient;

  /**
   * @param start from where the first gaps count
   */
  Gaps(int clients, long start) {
    this.lastOfClient = new long[clients];
    this.counts = new long[clients];
    Arrays.fill(lastOfClient, start);
    this.last = start;
  }

  /** A client's write succeeded. */
  synchronized void succeeded(int client, long nanos) {
    counts[client]++;
    longest = Math.max(longest, nanos - last);
    last = Math.max(last, nanos);
    longestOfClient = Math.max(longestOfClient, nanos - lastOfClient[client]);
    lastOfClient[client] = Math.max(lastOfClient[client], nanos);
  }

  /** Forgets what was longest and how much succeeded; a gap that is open now goes on. */
  synchronized void restart() {
    Arrays.fill(counts, 0);
    longest = 0;
    longestOfClient = 0;
  }

  /**
   * The longest time without a success so far, the gap that is open now included; forgets it as
   * {@link #restart} does.
   */
  synchronized long takeLongestNanos(long now) {
    long taken = Math.max(longest, now - last);
    restart();
    return taken;
  }

  /** The fewest successes that a client had so far. */
  synchronized long fewest() {
    return Arrays.stream(counts).min().orElse(0);
  }

  /** The longest time between one success and the next, whosever they were. */
  synchronized long longestNanos() {
    return longest;
  }

  /** The longest time that one client went without a success. */
  synchronized long longestOfClientNanos() {
    return longestOfClient;
  }
}
