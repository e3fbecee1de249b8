package synod.cli.workload;

import java.util.EnumMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Counts and times the operations of all clients. May be used by any thread. */
public final class Tally {
  /** What clients do. */
  public enum Kind {
    PUT,
    GET,
    DELETE
  }

  /**
   * @param p50Micros of the succeeded ones, 0 if there are none
   */
  public record Line(
      Kind kind, long count, long succeeded, long failed, long p50Micros, long p99Micros) {}

  /** An operation for a person to look at. */
  public record Sample(
      String client, Kind kind, String key, String node, String result, String slot, long micros) {}

  private static final class Counts {
    private long succeeded;
    private long failed;
    private final Histogram micros = new Histogram(3);
  }

  private final Map<Kind, Counts> counts = new EnumMap<>(Kind.class);
  private long startedAt;
  private long lastSuccessAt;
  private long longestGapNanos;

  /** Of the time since the last success, and the longest gap without such time. */
  private long withoutQuorumNanos;

  private long longestGapWithQuorumNanos;
  private Sample sample;

  public Tally() {
    for (Kind kind : Kind.values()) {
      counts.put(kind, new Counts());
    }
  }

  public synchronized void start(long nanos) {
    startedAt = nanos;
    lastSuccessAt = nanos;
  }

  public synchronized void succeeded(Sample done, long nanos) {
    Counts of = counts.get(done.kind());
    of.succeeded++;
    of.micros.recordValue(Math.max(1, done.micros()));
    endGap(nanos);
    lastSuccessAt = nanos;
    withoutQuorumNanos = 0;
    sample = done;
  }

  private void endGap(long nanos) {
    long gap = nanos - lastSuccessAt;
    longestGapNanos = Math.max(longestGapNanos, gap);
    longestGapWithQuorumNanos = Math.max(longestGapWithQuorumNanos, gap - withoutQuorumNanos);
  }

  /**
   * Between these times fewer acceptors were up than make a quorum. What lies before the last
   * success doesn't count.
   */
  public synchronized void withoutQuorum(long fromNanos, long toNanos) {
    withoutQuorumNanos += Math.max(0, toNanos - Math.max(fromNanos, lastSuccessAt));
  }

  public synchronized void failed(Kind kind) {
    counts.get(kind).failed++;
  }

  /** Counts the time since the last success as a gap, if it is the longest. */
  public synchronized void stop(long nanos) {
    endGap(nanos);
  }

  public synchronized long total() {
    return counts.values().stream().mapToLong(of -> of.succeeded + of.failed).sum();
  }

  public synchronized long succeeded() {
    return counts.values().stream().mapToLong(of -> of.succeeded).sum();
  }

  public synchronized double perSecond(long nanos) {
    return total() * 1e9 / Math.max(1, nanos - startedAt);
  }

  public synchronized long longestGapMillis() {
    return longestGapNanos / 1_000_000;
  }

  /** The same without the time for which there was no quorum. */
  public synchronized long longestGapWithQuorumMillis() {
    return longestGapWithQuorumNanos / 1_000_000;
  }

  /** The last operation that succeeded, once; null if there is no new one. */
  public synchronized Sample takeSample() {
    Sample taken = sample;
    sample = null;
    return taken;
  }

  public synchronized Line line(Kind kind) {
    Counts of = counts.get(kind);
    return new Line(
        kind,
        of.succeeded + of.failed,
        of.succeeded,
        of.failed,
        of.micros.getValueAtPercentile(50),
        of.micros.getValueAtPercentile(99));
  }
}
