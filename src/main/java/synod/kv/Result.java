package synod.kv;

/** What became of a command. Kept in the session table and repeated to every retry. */
public sealed interface Result {
  /**
   * The write took place.
   *
   * @param revision the store's revision that it made
   * @param version the key's version after it; 0 after a delete
   * @param previous what the key held before, if that was asked for and there was anything; null
   *     otherwise
   */
  record Applied(long revision, long version, KeyValue previous) implements Result {}

  /** There was nothing to delete; nothing changed. */
  record NotFound() implements Result {}

  /**
   * The condition didn't hold; nothing changed.
   *
   * @param modRevision the key's mod revision, 0 if it doesn't exist
   */
  record ConditionFailed(long modRevision) implements Result {}

  record SessionOpened(SessionId session, long ttlMillis) implements Result {}

  /** {@link Command.KeepAlive} and {@link Command.CloseSession} are done. */
  record Done() implements Result {}

  /**
   * The session is unknown or expired. This attempt changed nothing; whether an earlier one did
   * isn't known any more.
   */
  record SessionExpired() implements Result {}

  /**
   * The session has said that it knows this command's result, which is therefore gone. Nothing
   * changed now.
   */
  record AlreadyAcknowledged() implements Result {}

  /** As many sessions as the store holds are open. Nothing changed. */
  record TooManySessions() implements Result {}

  /**
   * {@link Command.Compact} is done.
   *
   * @param compacted changes up to this revision can't be had any more
   */
  record Compacted(long compacted) implements Result {}

  /** There is no such revision yet to compact. Nothing changed. */
  record FutureRevision(long revision) implements Result {}

  /**
   * The command belongs to a format version that the cluster wasn't raised to. Nothing changed.
   * Gateways refuse such commands before they come to the log.
   */
  record VersionTooLow(int cluster, int required) implements Result {}

  /**
   * The command's sequence isn't one of the {@link Sessions#WINDOW} after the acknowledged one that
   * it carries. It changed nothing, and no copy of it ever will. Gateways refuse such commands
   * before they come to the log.
   */
  record OutsideWindow() implements Result {}
}
