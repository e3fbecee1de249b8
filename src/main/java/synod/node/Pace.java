package synod.node;

/** Says how long to wait for work to go on at a rate. */
final class Pace {
  /**
   * What was missed of so much time may be caught up with, so that a late wake-up costs nothing.
   */
  private static final long SLACK_NANOS = 50_000_000;

  private final long bytesPerSecond;

  /** When the next bytes are due. */
  private long dueAt = Long.MIN_VALUE / 2;

  Pace(long bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
  }

  /**
   * @param bytes that were worked on
   * @param now in nanoseconds
   * @return for how many nanoseconds to rest, 0 or less for not at all
   */
  long rest(int bytes, long now) {
    dueAt = Math.max(dueAt, now - SLACK_NANOS) + bytes * 1_000_000_000L / bytesPerSecond;
    return dueAt - now;
  }
}
