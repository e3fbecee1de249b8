package synod.client;

import java.time.Duration;

/**
 * How fresh a read is; {@link #LINEARIZABLE} sees every write that was acknowledged to anybody
 * before it began.
 *
 * @param stale answer from one replica as it is, without asking the others
 * @param minRevision only with {@code stale}: wait until the replica has reached this revision; 0
 *     not to wait
 * @param timeout the time until its deadline; null for the client's setting
 */
public record ReadOptions(boolean stale, long minRevision, Duration timeout) {
  public static final ReadOptions LINEARIZABLE = new ReadOptions(false, 0, null);

  /** What some replica holds now; the answer says at which revision. */
  public static final ReadOptions STALE = staleFrom(0);

  public ReadOptions {
    if (minRevision < 0 || (minRevision > 0 && !stale)) {
      throw new IllegalArgumentException(
          "minRevision is "
              + minRevision
              + "; it is at least 0, and above it for stale reads only");
    }
  }

  /** What some replica holds once it has reached this revision: reads that never go back. */
  public static ReadOptions staleFrom(long minRevision) {
    return new ReadOptions(true, minRevision, null);
  }

  public ReadOptions withTimeout(Duration value) {
    return new ReadOptions(stale, minRevision, value);
  }
}
