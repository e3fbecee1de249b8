package synod.kv;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The table of open sessions, which makes a retry harmless: a command that was applied is answered
 * from here instead of being applied again, for as long as its session lives and hasn't
 * acknowledged it. In memory are the sessions and which results they keep; the results are in the
 * store.
 */
public final class Sessions {
  /** A command's sequence is at most this far above the acknowledged one that it carries. */
  public static final int WINDOW = 1024;

  /** At most this many sessions are open. */
  public static final int MAX_OPEN = 10_000;

  private static final int RESULT_VERSION = 1;

  private final Records records;
  private final Map<SessionId, Session> open = new HashMap<>();
  private final TreeSet<Session> byDeadline =
      new TreeSet<>(Comparator.comparingLong(Session::deadline).thenComparing(Session::id));
  private final List<Session> unsaved = new ArrayList<>();

  private Sessions(Records records) {
    this.records = records;
  }

  /** The sessions in a store; changes of them go to the others. */
  static Sessions load(OrderedStore store, Records records) {
    Sessions sessions = new Sessions(records);
    Session session = null;
    try (OrderedStore.Cursor cursor =
        store.scan(StoreKeys.start(StoreKeys.SESSIONS), StoreKeys.end(StoreKeys.SESSIONS))) {
      while (cursor.next()) {
        byte[] key = cursor.key();
        if (StoreKeys.isSession(key)) {
          session = Session.decode(StoreKeys.sessionId(key), cursor.value());
          sessions.open.put(session.id(), session);
          sessions.byDeadline.add(session);
        } else if (session != null && session.id().equals(StoreKeys.sessionId(key))) {
          session.keep(StoreKeys.sequence(key));
        } else {
          throw new CodecException("a stored result of no session: " + StoreKeys.sessionId(key));
        }
      }
    }
    return sessions;
  }

  /**
   * Whether a command's numbers fit each other. It depends on nothing else, so that all copies of a
   * command are judged alike wherever they stand in the log.
   */
  static boolean inWindow(long sequence, long acknowledged) {
    return acknowledged >= 0 && acknowledged < sequence && sequence - acknowledged <= WINDOW;
  }

  /** Removes the sessions that were used last longer than their ttl ago. */
  void expire(long logTime) {
    while (!byDeadline.isEmpty() && byDeadline.first().deadline() < logTime) {
      close(byDeadline.first());
    }
  }

  Result open(SessionId id, long ttlMillis, long logTime) {
    if (open.size() >= MAX_OPEN) {
      return new Result.TooManySessions();
    }
    long ttl = Math.max(KvLimits.MIN_TTL_MILLIS, Math.min(ttlMillis, KvLimits.MAX_TTL_MILLIS));
    Session session = new Session(id, ttl, logTime, 0);
    open.put(id, session);
    byDeadline.add(session);
    saveLater(session);
    return new Result.SessionOpened(id, ttl);
  }

  /** Null if it is unknown or expired. */
  Session get(SessionId id) {
    return open.get(id);
  }

  /** Puts the session's expiry off. */
  void renew(Session session, long logTime) {
    if (session.lastUsed() != logTime) {
      byDeadline.remove(session);
      session.use(logTime);
      byDeadline.add(session);
      saveLater(session);
    }
  }

  /** Forgets the results up to a sequence. */
  void acknowledge(Session session, long upTo) {
    if (upTo > session.acknowledged()) {
      forgetResults(session, Math.min(upTo, session.windowEnd()));
      session.acknowledge(upTo);
      saveLater(session);
    }
  }

  /** What a repeated command is answered; nothing if the command is new. */
  Optional<Result> answer(Session session, long sequence) {
    if (sequence <= session.acknowledged()) {
      return Optional.of(new Result.AlreadyAcknowledged());
    }
    if (!session.keeps(sequence)) {
      return Optional.empty();
    }
    ByteReader from = new ByteReader(records.get(StoreKeys.result(session.id(), sequence)));
    from.version(RESULT_VERSION, "a stored result");
    Result result = KvCodec.readResult(from);
    from.end();
    return Optional.of(result);
  }

  /** Keeps a command's result for its repeats. */
  void record(Session session, long sequence, Result result) {
    session.keep(sequence);
    ByteWriter to = new ByteWriter(expectedSize(result)).oneByte(RESULT_VERSION);
    KvCodec.writeResult(to, result);
    records.put(StoreKeys.result(session.id(), sequence), null, to.toBytes());
  }

  /** Removes a session and its results. */
  void close(Session session) {
    forgetResults(session, session.windowEnd());
    byDeadline.remove(session);
    open.remove(session.id());
    if (session.stored() != null) {
      records.delete(StoreKeys.session(session.id()), session.stored());
    }
  }

  /** Stores the sessions that an entry used, once each however often it did. */
  void endEntry() {
    for (Session session : unsaved) {
      session.unsaved(false);
      if (open.containsKey(session.id())) {
        byte[] record = session.encode();
        records.put(StoreKeys.session(session.id()), session.stored(), record);
        session.stored(record);
      }
    }
    unsaved.clear();
  }

  private void saveLater(Session session) {
    if (!session.unsaved()) {
      session.unsaved(true);
      unsaved.add(session);
    }
  }

  private void forgetResults(Session session, long upTo) {
    for (long before = session.acknowledged(); before < upTo; before++) {
      long sequence = before + 1;
      if (session.keeps(sequence)) {
        session.forget(sequence);
        byte[] key = StoreKeys.result(session.id(), sequence);
        records.deletePutOnce(key, records.get(key));
      }
    }
  }

  private static int expectedSize(Result result) {
    boolean withPrevious = result instanceof Result.Applied applied && applied.previous() != null;
    return withPrevious ? 64 + ((Result.Applied) result).previous().value().length : 32;
  }
}
