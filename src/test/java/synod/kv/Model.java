package synod.kv;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import synod.kv.Command.Condition;

/**
 * What the state machine must do, said as plainly as possible: maps in memory, everything scanned,
 * no store, no bytes. Shares no code with it but the types of commands and results.
 */
final class Model {
  final TreeMap<String, KeyValue> keys = new TreeMap<>();
  final Map<SessionId, OpenSession> sessions = new HashMap<>();
  final List<KeyChange> changes = new ArrayList<>();
  long revision;
  long compacted;
  int version = 1;
  long slot;
  private long time = -1;

  static final class OpenSession {
    final Map<Long, Result> results = new HashMap<>();
    long ttl;
    long lastUsed;
    long acknowledged;
  }

  void applyNoOp() {
    slot++;
  }

  /** Begins an entry; its commands follow through {@link #apply}. */
  void beginEntry(long timestamp) {
    slot++;
    if (time == -1) {
      time = timestamp;
    } else if (timestamp > time) {
      time = Math.min(timestamp, time + 10_000);
    }
    sessions.values().removeIf(session -> time - session.lastUsed > session.ttl);
  }

  /**
   * @param index the command's position in the entry
   */
  Result apply(SessionCommand sent, int index) {
    if (sent.command() instanceof Command.OpenSession opening) {
      OpenSession session = new OpenSession();
      session.ttl = Math.max(1_000, Math.min(86_400_000, opening.ttlMillis()));
      session.lastUsed = time;
      sessions.put(new SessionId(slot, index), session);
      return new Result.SessionOpened(new SessionId(slot, index), session.ttl);
    }
    if (sent.acknowledged() < 0
        || sent.acknowledged() >= sent.sequence()
        || sent.sequence() > sent.acknowledged() + 1024) {
      return new Result.OutsideWindow();
    }
    OpenSession session = sessions.get(sent.session());
    if (session == null) {
      return new Result.SessionExpired();
    }
    session.lastUsed = time;
    session.acknowledged = Math.max(session.acknowledged, sent.acknowledged());
    session.results.keySet().removeIf(sequence -> sequence <= session.acknowledged);
    if (sent.sequence() <= session.acknowledged) {
      return new Result.AlreadyAcknowledged();
    }
    if (sent.command() instanceof Command.CloseSession
        && !session.results.containsKey(sent.sequence())) {
      sessions.remove(sent.session());
      return new Result.Done();
    }
    if (!session.results.containsKey(sent.sequence())) {
      session.results.put(sent.sequence(), change(sent.command()));
    }
    return session.results.get(sent.sequence());
  }

  private Result change(Command command) {
    if (command instanceof Command.Put put) {
      String key = new String(put.key(), UTF_8);
      KeyValue old = keys.get(key);
      if (!holds(put.condition(), old)) {
        return new Result.ConditionFailed(old == null ? 0 : old.modRevision());
      }
      revision++;
      long created = old == null ? revision : old.createRevision();
      long version = old == null ? 1 : old.version() + 1;
      keys.put(key, new KeyValue(put.key(), put.value(), created, revision, version));
      changes.add(new KeyChange(revision, put.key(), put.value(), created, version));
      return new Result.Applied(revision, version, put.wantPrevious() ? old : null);
    }
    if (command instanceof Command.Delete delete) {
      KeyValue old = keys.get(new String(delete.key(), UTF_8));
      if (!holds(delete.condition(), old)) {
        return new Result.ConditionFailed(old == null ? 0 : old.modRevision());
      }
      if (old == null) {
        return new Result.NotFound();
      }
      keys.remove(new String(delete.key(), UTF_8));
      revision++;
      changes.add(new KeyChange(revision, delete.key(), null, 0, 0));
      return new Result.Applied(revision, 0, delete.wantPrevious() ? old : null);
    }
    if (command instanceof Command.RaiseVersion raise) {
      version = Math.max(version, raise.version());
    }
    if (command instanceof Command.ReportState && version < 2) {
      return new Result.VersionTooLow(version, 2);
    }
    if (command instanceof Command.Compact compact) {
      if (version < 2) {
        return new Result.VersionTooLow(version, 2);
      }
      if (compact.revision() > revision) {
        return new Result.FutureRevision(revision);
      }
      compacted = Math.max(compacted, compact.revision());
      changes.removeIf(change -> change.revision() <= compacted);
      return new Result.Compacted(compacted);
    }
    return new Result.Done();
  }

  private static boolean holds(Condition condition, KeyValue old) {
    if (condition instanceof Condition.ModRevision expected) {
      return expected.revision() == (old == null ? 0 : old.modRevision());
    }
    return !(condition instanceof Condition.Absent && old != null)
        && !(condition instanceof Condition.Present && old == null);
  }

  List<KeyValue> allKeys() {
    return new ArrayList<>(keys.values());
  }
}
