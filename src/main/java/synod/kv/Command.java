package synod.kv;

import java.util.Objects;

/**
 * What a client asks the replicated state machine to do. Keys and values are shared bytes: nobody
 * writes to them.
 */
public sealed interface Command {
  /** Sets a key's value. */
  record Put(byte[] key, byte[] value, Condition condition, boolean wantPrevious)
      implements Command {
    public Put {
      Objects.requireNonNull(key, "key");
      Objects.requireNonNull(value, "value");
      Objects.requireNonNull(condition, "condition");
    }
  }

  /** Deletes a key. Deleting nothing changes nothing and makes no revision. */
  record Delete(byte[] key, Condition condition, boolean wantPrevious) implements Command {
    public Delete {
      Objects.requireNonNull(key, "key");
      Objects.requireNonNull(condition, "condition");
    }
  }

  /** Opens a session; its id is this command's place in the log. Carried without a session. */
  record OpenSession(long ttlMillis) implements Command {}

  /** Keeps a session from expiring; every other command of the session does so too. */
  record KeepAlive() implements Command {}

  /** Ends a session and forgets its results. */
  record CloseSession() implements Command {}

  /**
   * Forgets the changes up to a revision, so that they can't be watched any more. Keys keep their
   * values.
   */
  record Compact(long revision) implements Command {}

  /** What nodes themselves ask for, about the whole cluster; clients may not. */
  sealed interface Upkeep extends Command {}

  /** From here on the log may hold what {@link FormatVersion} lists up to this version. */
  record RaiseVersion(int version) implements Upkeep {}

  /**
   * What the sending node's replica held right after a slot, for the others to compare. Changes
   * nothing.
   *
   * @param fingerprint see {@link Agreement}
   */
  record ReportState(long slot, long fingerprint) implements Upkeep {}

  /**
   * When a write takes place; otherwise it changes nothing and is answered {@link
   * Result.ConditionFailed}.
   */
  sealed interface Condition {
    /** Always. */
    record None() implements Condition {}

    /** Only if the key's mod revision is this one. */
    record ModRevision(long revision) implements Condition {}

    /** Only if the key doesn't exist. */
    record Absent() implements Condition {}

    /** Only if the key exists. */
    record Present() implements Condition {}

    Condition NONE = new None();
    Condition ABSENT = new Absent();
    Condition PRESENT = new Present();
  }
}
