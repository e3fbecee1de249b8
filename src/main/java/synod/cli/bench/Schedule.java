package synod.cli.bench;

/**
 * When the operations of an open loop are due: the first at the start, and then at equal distances.
 * Latency counts from there, not from when the operation could be begun, or a store that stands
 * still would keep the load from showing it (coordinated omission).
 */
final class Schedule {
  private static final double SECOND = 1e9;

  private final long startNanos;
  private final double intervalNanos;

  /**
   * @param startNanos on the clock of {@link System#nanoTime}
   * @param rate operations a second, above 0
   */
  Schedule(long startNanos, double rate) {
    this.startNanos = startNanos;
    this.intervalNanos = SECOND / rate;
  }

  /** The time at which an operation is due, numbered from 0. */
  long at(long number) {
    return startNanos + (long) (number * intervalNanos);
  }

  /** How many operations are due by a time, this moment included. */
  long dueBy(long nanos) {
    if (nanos - startNanos < 0) {
      return 0;
    }
    long guess = (long) ((nanos - startNanos) / intervalNanos);
    // Rounding may put the guess one beside the truth.
    while (at(guess) - nanos > 0) {
      guess--;
    }
    while (at(guess + 1) - nanos <= 0) {
      guess++;
    }
    return guess + 1;
  }
}
