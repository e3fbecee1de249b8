package synod.cli.workload;

import java.util.concurrent.locks.LockSupport;

/**
 * Spreads operations evenly over time: one an interval, and what was missed while one took long is
 * made up for by one at most. Belongs to one thread.
 */
public final class Pace {
  private final long intervalNanos;
  private long next = System.nanoTime();

  public Pace(long intervalNanos) {
    this.intervalNanos = intervalNanos;
  }

  /** Waits until it is time for the next one. */
  public void await() {
    next = Math.max(next + intervalNanos, System.nanoTime() - intervalNanos);
    long left = next - System.nanoTime();
    while (left > 0) {
      LockSupport.parkNanos(left);
      left = Thread.currentThread().isInterrupted() ? 0 : next - System.nanoTime();
    }
  }
}
