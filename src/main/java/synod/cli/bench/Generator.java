package synod.cli.bench;

import java.time.Duration;
import org.HdrHistogram.Histogram;

/** Keeps a driver busy, from {@link #start} to {@link #stop}. Used by one thread. */
interface Generator {
  /** After a failure an operation is tried again so much later. */
  long RETRY_NANOS = 10_000_000;

  void start();

  /** Begins nothing any more; what is under way goes on. */
  void stop();

  /**
   * Waits after {@link #stop} until nothing is under way.
   *
   * @return false if something still is
   */
  boolean awaitIdle(Duration patience) throws InterruptedException;

  /**
   * Adds what an open loop owes at the end of a window: operations that should have been done by
   * now and aren't, each with the time that it is late already.
   */
  default void addOverdue(Histogram times, long now) {}
}
