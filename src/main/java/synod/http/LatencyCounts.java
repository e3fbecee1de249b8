package synod.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How many of what was timed took how long, in buckets that grow by a fifth each: bucket i holds
 * times below 2^((i+1)/4) microseconds. Of several nodes they can be added up, which percentiles
 * can't. Any thread may call.
 */
final class LatencyCounts {
  private static final int PER_DOUBLING = 4;
  private static final int BUCKETS = 30 * PER_DOUBLING;

  private final AtomicLongArray counts = new AtomicLongArray(BUCKETS);

  void add(long micros) {
    double doublings = Math.log(Math.max(1, micros)) / Math.log(2);
    counts.incrementAndGet(Math.min(BUCKETS - 1, (int) (doublings * PER_DOUBLING)));
  }

  /** Writes the buckets that hold something, and empties them. */
  long drainTo(ObjectNode json) {
    long total = 0;
    for (int i = 0; i < BUCKETS; i++) {
      long count = counts.getAndSet(i, 0);
      if (count > 0) {
        json.put(Integer.toString(i), count);
        total += count;
      }
    }
    return total;
  }
}
