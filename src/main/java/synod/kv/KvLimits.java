package synod.kv;

import java.util.Optional;

/**
 * The limits of keys, values, lists and sessions. A gateway checks every request against them
 * before it does anything else; each check returns one clear sentence about what is wrong, or
 * nothing. May be called from anywhere.
 */
public final class KvLimits {
  /** A key has at least one byte and at most this many. */
  public static final int MAX_KEY_BYTES = 4 * 1024;

  /** A value has at most this many bytes; it may have none. */
  public static final int MAX_VALUE_BYTES = 1024 * 1024;

  /** The most keys in one page of a list; the least is one. */
  public static final int MAX_LIST_LIMIT = 1_000;

  /** A page ends before its keys and values exceed this many bytes, but not without an entry. */
  public static final int MAX_PAGE_BYTES = 1024 * 1024;

  /** The shortest time that a session may ask to live unused. */
  public static final long MIN_TTL_MILLIS = 1_000;

  /** The longest time that a session may ask to live unused: a day. */
  public static final long MAX_TTL_MILLIS = 24 * 60 * 60 * 1_000;

  private KvLimits() {}

  /** What is wrong with a command, if anything. */
  public static Optional<String> check(Command command) {
    if (command instanceof Command.Put put) {
      return checkKey(put.key())
          .or(() -> tooLong("the value", put.value(), MAX_VALUE_BYTES))
          .or(() -> checkCondition(put.condition()));
    }
    if (command instanceof Command.Delete delete) {
      return checkKey(delete.key()).or(() -> checkCondition(delete.condition()));
    }
    if (command instanceof Command.OpenSession open) {
      return outside("the session's ttl (ms)", open.ttlMillis(), MIN_TTL_MILLIS, MAX_TTL_MILLIS);
    }
    if (command instanceof Command.Compact compact && compact.revision() < 1) {
      return Optional.of("the revision to compact is " + compact.revision() + "; it is at least 1");
    }
    return Optional.empty();
  }

  /** What is wrong with a query, if anything. */
  public static Optional<String> check(Query query) {
    if (query instanceof Query.Get get) {
      return checkKey(get.key());
    }
    if (query instanceof Query.ListKeys list) {
      return tooLong("the prefix", list.prefix(), MAX_KEY_BYTES)
          .or(() -> tooLong("'after'", list.after(), MAX_KEY_BYTES))
          .or(() -> outside("the limit", list.limit(), 1, MAX_LIST_LIMIT));
    }
    if (query instanceof Query.ListChanges list) {
      return tooLong("the prefix", list.prefix(), MAX_KEY_BYTES)
          .or(() -> outside("the revision", list.from(), 1, Long.MAX_VALUE))
          .or(() -> outside("the limit", list.limit(), 1, MAX_LIST_LIMIT));
    }
    return Optional.empty();
  }

  /**
   * What is wrong with a command's place in its session, if anything. The log refuses such commands
   * too, with {@link Result.OutsideWindow}.
   */
  public static Optional<String> checkPlace(long sequence, long acknowledged) {
    if (Sessions.inWindow(sequence, acknowledged)) {
      return Optional.empty();
    }
    return Optional.of(
        String.format(
            "sequence %d does not fit acknowledged %d: sequences start at 1, and the acknowledged"
                + " one is at least 0 and 1 to %d below the sequence",
            sequence, acknowledged, Sessions.WINDOW));
  }

  private static Optional<String> checkKey(byte[] key) {
    if (key.length == 0) {
      return Optional.of("the key is empty; it has at least 1 byte");
    }
    return tooLong("the key", key, MAX_KEY_BYTES);
  }

  private static Optional<String> checkCondition(Command.Condition condition) {
    if (condition instanceof Command.Condition.ModRevision expected && expected.revision() < 0) {
      return Optional.of("the expected revision is " + expected.revision() + "; it is at least 0");
    }
    return Optional.empty();
  }

  private static Optional<String> tooLong(String what, byte[] bytes, int max) {
    return bytes.length <= max
        ? Optional.empty()
        : Optional.of(what + " has " + bytes.length + " bytes; at most " + max + " are allowed");
  }

  private static Optional<String> outside(String what, long value, long min, long max) {
    return value >= min && value <= max
        ? Optional.empty()
        : Optional.of(what + " is " + value + "; it must be from " + min + " to " + max);
  }
}
