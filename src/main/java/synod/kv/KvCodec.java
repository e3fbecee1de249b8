package synod.kv;

import synod.kv.Command.Condition;

/**
 * The binary form of commands, queries and what they are answered, for whoever stores or sends
 * them. It has no version of its own: that stands at the head of what contains them. Readers throw
 * {@link CodecException} and nothing else.
 */
public final class KvCodec {
  // The numbers are part of the format: never give one a new meaning.
  private static final int PUT = 1;
  private static final int DELETE = 2;
  private static final int OPEN_SESSION = 3;
  private static final int KEEP_ALIVE = 4;
  private static final int CLOSE_SESSION = 5;
  private static final int RAISE_VERSION = 6;
  private static final int COMPACT = 7;
  private static final int REPORT_STATE = 8;

  private static final int ALWAYS = 0;
  private static final int MOD_REVISION = 1;
  private static final int ABSENT = 2;
  private static final int PRESENT = 3;

  private static final int APPLIED = 1;
  private static final int NOT_FOUND = 2;
  private static final int CONDITION_FAILED = 3;
  private static final int SESSION_OPENED = 4;
  private static final int DONE = 5;
  private static final int SESSION_EXPIRED = 6;
  private static final int ALREADY_ACKNOWLEDGED = 7;
  private static final int TOO_MANY_SESSIONS = 8;
  private static final int OUTSIDE_WINDOW = 9;
  private static final int COMPACTED = 10;
  private static final int FUTURE_REVISION = 11;
  private static final int VERSION_TOO_LOW = 12;

  private static final int GET = 1;
  private static final int LIST_KEYS = 2;
  private static final int LIST_CHANGES = 3;

  private static final int KEY = 1;
  private static final int PAGE = 2;
  private static final int CHANGES = 3;

  private KvCodec() {}

  public static void writeCommand(ByteWriter to, Command command) {
    if (command instanceof Command.Put put) {
      to.oneByte(PUT).bytes(put.key()).bytes(put.value());
      writeCondition(to, put.condition());
      to.bool(put.wantPrevious());
    } else if (command instanceof Command.Delete delete) {
      to.oneByte(DELETE).bytes(delete.key());
      writeCondition(to, delete.condition());
      to.bool(delete.wantPrevious());
    } else if (command instanceof Command.OpenSession open) {
      to.oneByte(OPEN_SESSION).varint(open.ttlMillis());
    } else if (command instanceof Command.KeepAlive) {
      to.oneByte(KEEP_ALIVE);
    } else if (command instanceof Command.CloseSession) {
      to.oneByte(CLOSE_SESSION);
    } else if (command instanceof Command.RaiseVersion raise) {
      to.oneByte(RAISE_VERSION).varint(raise.version());
    } else if (command instanceof Command.Compact compact) {
      to.oneByte(COMPACT).varint(compact.revision());
    } else if (command instanceof Command.ReportState report) {
      to.oneByte(REPORT_STATE).varint(report.slot()).varint(report.fingerprint());
    } else {
      throw unknown(command);
    }
  }

  public static Command readCommand(ByteReader from) {
    int kind = from.oneByte();
    switch (kind) {
      case PUT:
        return new Command.Put(from.bytes(), from.bytes(), readCondition(from), from.bool());
      case DELETE:
        return new Command.Delete(from.bytes(), readCondition(from), from.bool());
      case OPEN_SESSION:
        return new Command.OpenSession(from.varint());
      case KEEP_ALIVE:
        return new Command.KeepAlive();
      case CLOSE_SESSION:
        return new Command.CloseSession();
      case RAISE_VERSION:
        return new Command.RaiseVersion(from.intVarint());
      case COMPACT:
        return new Command.Compact(from.varint());
      case REPORT_STATE:
        return new Command.ReportState(from.varint(), from.varint());
      default:
        throw from.malformed("no command of kind " + kind + " is known");
    }
  }

  private static void writeCondition(ByteWriter to, Condition condition) {
    if (condition instanceof Condition.None) {
      to.oneByte(ALWAYS);
    } else if (condition instanceof Condition.ModRevision expected) {
      to.oneByte(MOD_REVISION).varint(expected.revision());
    } else if (condition instanceof Condition.Absent) {
      to.oneByte(ABSENT);
    } else if (condition instanceof Condition.Present) {
      to.oneByte(PRESENT);
    } else {
      throw unknown(condition);
    }
  }

  private static Condition readCondition(ByteReader from) {
    int kind = from.oneByte();
    switch (kind) {
      case ALWAYS:
        return Condition.NONE;
      case MOD_REVISION:
        return new Condition.ModRevision(from.varint());
      case ABSENT:
        return Condition.ABSENT;
      case PRESENT:
        return Condition.PRESENT;
      default:
        throw from.malformed("no condition of kind " + kind + " is known");
    }
  }

  public static void writeResult(ByteWriter to, Result result) {
    if (result instanceof Result.Applied applied) {
      to.oneByte(APPLIED).varint(applied.revision()).varint(applied.version());
      to.optional(applied.previous(), KvCodec::writeKeyValue);
    } else if (result instanceof Result.NotFound) {
      to.oneByte(NOT_FOUND);
    } else if (result instanceof Result.ConditionFailed failed) {
      to.oneByte(CONDITION_FAILED).varint(failed.modRevision());
    } else if (result instanceof Result.SessionOpened opened) {
      to.oneByte(SESSION_OPENED);
      writeSessionId(to, opened.session());
      to.varint(opened.ttlMillis());
    } else if (result instanceof Result.Done) {
      to.oneByte(DONE);
    } else if (result instanceof Result.SessionExpired) {
      to.oneByte(SESSION_EXPIRED);
    } else if (result instanceof Result.AlreadyAcknowledged) {
      to.oneByte(ALREADY_ACKNOWLEDGED);
    } else if (result instanceof Result.TooManySessions) {
      to.oneByte(TOO_MANY_SESSIONS);
    } else if (result instanceof Result.OutsideWindow) {
      to.oneByte(OUTSIDE_WINDOW);
    } else if (result instanceof Result.Compacted compacted) {
      to.oneByte(COMPACTED).varint(compacted.compacted());
    } else if (result instanceof Result.FutureRevision future) {
      to.oneByte(FUTURE_REVISION).varint(future.revision());
    } else if (result instanceof Result.VersionTooLow low) {
      to.oneByte(VERSION_TOO_LOW).varint(low.cluster()).varint(low.required());
    } else {
      throw unknown(result);
    }
  }

  public static Result readResult(ByteReader from) {
    int kind = from.oneByte();
    switch (kind) {
      case APPLIED:
        return new Result.Applied(
            from.varint(), from.varint(), from.optional(KvCodec::readKeyValue));
      case NOT_FOUND:
        return new Result.NotFound();
      case CONDITION_FAILED:
        return new Result.ConditionFailed(from.varint());
      case SESSION_OPENED:
        return new Result.SessionOpened(readSessionId(from), from.varint());
      case DONE:
        return new Result.Done();
      case SESSION_EXPIRED:
        return new Result.SessionExpired();
      case ALREADY_ACKNOWLEDGED:
        return new Result.AlreadyAcknowledged();
      case TOO_MANY_SESSIONS:
        return new Result.TooManySessions();
      case OUTSIDE_WINDOW:
        return new Result.OutsideWindow();
      case COMPACTED:
        return new Result.Compacted(from.varint());
      case FUTURE_REVISION:
        return new Result.FutureRevision(from.varint());
      case VERSION_TOO_LOW:
        return new Result.VersionTooLow(from.intVarint(), from.intVarint());
      default:
        throw from.malformed("no result of kind " + kind + " is known");
    }
  }

  public static void writeQuery(ByteWriter to, Query query) {
    if (query instanceof Query.Get get) {
      to.oneByte(GET).bytes(get.key());
    } else if (query instanceof Query.ListKeys list) {
      to.oneByte(LIST_KEYS).bytes(list.prefix()).bytes(list.after()).varint(list.limit());
    } else if (query instanceof Query.ListChanges list) {
      to.oneByte(LIST_CHANGES).bytes(list.prefix()).varint(list.from()).varint(list.limit());
    } else {
      throw unknown(query);
    }
  }

  public static Query readQuery(ByteReader from) {
    int kind = from.oneByte();
    switch (kind) {
      case GET:
        return new Query.Get(from.bytes());
      case LIST_KEYS:
        return new Query.ListKeys(from.bytes(), from.bytes(), readInt(from));
      case LIST_CHANGES:
        return new Query.ListChanges(from.bytes(), from.varint(), readInt(from));
      default:
        throw from.malformed("no query of kind " + kind + " is known");
    }
  }

  /** Any int: whether it makes sense is for {@link KvLimits} to say. */
  private static int readInt(ByteReader from) {
    long value = from.varint();
    if (value != (int) value) {
      throw from.malformed(value + " is out of range");
    }
    return (int) value;
  }

  public static void writeAnswer(ByteWriter to, Query.Answer answer) {
    if (answer instanceof Query.KeyAnswer key) {
      to.oneByte(KEY).optional(key.found(), KvCodec::writeKeyValue).varint(key.revision());
    } else if (answer instanceof Query.PageAnswer page) {
      to.oneByte(PAGE).list(page.entries(), KvCodec::writeKeyValue);
      to.bool(page.more()).varint(page.revision());
    } else if (answer instanceof Query.ChangesAnswer page) {
      to.oneByte(CHANGES).list(page.changes(), KvCodec::writeChange);
      to.varint(page.next()).varint(page.compacted()).varint(page.revision());
    } else {
      throw unknown(answer);
    }
  }

  public static Query.Answer readAnswer(ByteReader from) {
    int kind = from.oneByte();
    switch (kind) {
      case KEY:
        return new Query.KeyAnswer(from.optional(KvCodec::readKeyValue), from.varint());
      case PAGE:
        return new Query.PageAnswer(from.list(KvCodec::readKeyValue), from.bool(), from.varint());
      case CHANGES:
        return new Query.ChangesAnswer(
            from.list(KvCodec::readChange), from.varint(), from.varint(), from.varint());
      default:
        throw from.malformed("no answer of kind " + kind + " is known");
    }
  }

  public static void writeKeyValue(ByteWriter to, KeyValue entry) {
    to.bytes(entry.key()).bytes(entry.value());
    to.varint(entry.createRevision()).varint(entry.modRevision()).varint(entry.version());
  }

  public static KeyValue readKeyValue(ByteReader from) {
    return new KeyValue(from.bytes(), from.bytes(), from.varint(), from.varint(), from.varint());
  }

  private static void writeChange(ByteWriter to, KeyChange change) {
    to.varint(change.revision());
    writeChangeAlone(to, change);
  }

  private static KeyChange readChange(ByteReader from) {
    return readChangeAlone(from, from.varint());
  }

  /** Without its revision, for those who know it. */
  static void writeChangeAlone(ByteWriter to, KeyChange change) {
    to.bool(change.isDelete()).bytes(change.key());
    if (!change.isDelete()) {
      to.bytes(change.value()).varint(change.createRevision()).varint(change.version());
    }
  }

  static KeyChange readChangeAlone(ByteReader from, long revision) {
    boolean isDelete = from.bool();
    byte[] key = from.bytes();
    return isDelete
        ? new KeyChange(revision, key, null, 0, 0)
        : new KeyChange(revision, key, from.bytes(), from.varint(), from.varint());
  }

  public static void writeSessionId(ByteWriter to, SessionId session) {
    to.varint(session.slot()).varint(session.index());
  }

  public static SessionId readSessionId(ByteReader from) {
    return new SessionId(from.varint(), from.intVarint());
  }

  private static IllegalArgumentException unknown(Object value) {
    return new IllegalArgumentException("no binary form for " + value.getClass().getName());
  }
}
