package synod.client;

import java.util.Optional;
import synod.kv.KeyValue;

/** What became of a write that the store has decided about. */
public sealed interface WriteResult {
  /** Where in the log the write stands, or the copy of it that was answered. */
  long slot();

  /**
   * The write took place.
   *
   * @param revision the store's revision that it made; the key's mod revision after a put
   * @param version the number of changes to the key since it came to be; 0 after a delete
   * @param previous what the key held before, if that was asked for and there was anything
   */
  record Applied(long revision, long version, Optional<KeyValue> previous, long slot)
      implements WriteResult {}

  /** There was nothing to delete; nothing changed. */
  record NotFound(long slot) implements WriteResult {}

  /**
   * The condition didn't hold; nothing changed.
   *
   * @param modRevision the key's mod revision, 0 if it doesn't exist
   */
  record ConditionFailed(long modRevision, long slot) implements WriteResult {}

  /** Whether the write took place. */
  default boolean isApplied() {
    return this instanceof Applied;
  }
}
