package synod.cli.torture;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A program of its own that looks whether, with a clock that was set ahead, the time of day is
 * ahead and waits still take as long as they should.
 */
final class ClockProbe {
  /** What the clock must have been set ahead by. */
  static final long SECONDS_AHEAD = 100_000;

  static final String FINE = "fine";

  private static final long TOLERATED_MILLIS = 60_000;
  private static final long WAIT_MILLIS = 200;
  private static final long LONGEST_MILLIS = 3_000;

  private ClockProbe() {}

  /**
   * @param args the right time, in milliseconds since 1970
   */
  public static void main(String[] args) throws InterruptedException {
    long ahead = System.currentTimeMillis() - Long.parseLong(args[0]);
    System.out.println(judge(ahead));
  }

  private static String judge(long aheadMillis) throws InterruptedException {
    if (Math.abs(aheadMillis - SECONDS_AHEAD * 1_000) > TOLERATED_MILLIS) {
      return "the clock was set ahead by " + SECONDS_AHEAD + " s and is by " + aheadMillis + " ms";
    }
    long start = System.nanoTime();
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(WAIT_MILLIS));
    long parked = System.nanoTime();
    new CountDownLatch(1).await(WAIT_MILLIS, TimeUnit.MILLISECONDS);
    long awaited = System.nanoTime();
    for (long nanos : new long[] {parked - start, awaited - parked}) {
      long millis = TimeUnit.NANOSECONDS.toMillis(nanos);
      if (millis < WAIT_MILLIS - 1 || millis > LONGEST_MILLIS) {
        return "a wait of " + WAIT_MILLIS + " ms takes " + millis + " ms";
      }
    }
    return FINE;
  }
}
