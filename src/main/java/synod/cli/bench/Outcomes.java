package synod.cli.bench;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** Counts how the operations of one load end, and times those that succeed. For any thread. */
final class Outcomes {
  private static final long LONGEST_NANOS = 3_600_000_000_000L;
  private static final int SIGNIFICANT_DIGITS = 3;

  private final Recorder nanos = new Recorder(1, LONGEST_NANOS, SIGNIFICANT_DIGITS);
  private final LongAdder failures = new LongAdder();
  private final LongAdder succeeded = new LongAdder();
  private final AtomicReference<String> lastFailure = new AtomicReference<>("");

  void succeeded(long tookNanos) {
    nanos.recordValue(Math.max(1, Math.min(LONGEST_NANOS, tookNanos)));
    succeeded.increment();
  }

  void failed(String why) {
    lastFailure.set(why);
    failures.increment();
  }

  /** The times since the last call. */
  Histogram take() {
    return nanos.getIntervalHistogram();
  }

  /** Since the beginning. */
  long successes() {
    return succeeded.sum();
  }

  /** Since the beginning. */
  long failures() {
    return failures.sum();
  }

  /** Empty if there was none. */
  String lastFailure() {
    return lastFailure.get();
  }
}
