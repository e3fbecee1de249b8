package synod.client;

import java.time.Duration;
import java.util.Objects;
import synod.kv.Command.Condition;

/**
 * How a put or a delete is done; {@link #DEFAULT} is without a condition.
 *
 * @param condition when it takes place
 * @param previous whether to answer what the key held before
 * @param timeout the time until its deadline; null for the client's setting
 */
public record WriteOptions(Condition condition, boolean previous, Duration timeout) {
  public static final WriteOptions DEFAULT = new WriteOptions(Condition.NONE, false, null);

  public WriteOptions {
    Objects.requireNonNull(condition, "condition");
  }

  /** Only if the key doesn't exist. */
  public WriteOptions ifAbsent() {
    return new WriteOptions(Condition.ABSENT, previous, timeout);
  }

  /** Only if the key exists. */
  public WriteOptions ifPresent() {
    return new WriteOptions(Condition.PRESENT, previous, timeout);
  }

  /** Only if the key's mod revision is this one. */
  public WriteOptions ifRevision(long modRevision) {
    return new WriteOptions(new Condition.ModRevision(modRevision), previous, timeout);
  }

  public WriteOptions withPrevious() {
    return new WriteOptions(condition, true, timeout);
  }

  public WriteOptions withTimeout(Duration value) {
    return new WriteOptions(condition, previous, value);
  }
}
