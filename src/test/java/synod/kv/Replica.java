package synod.kv;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import synod.sim.MemoryStore;

/** A state machine on a store of its own, for tests: applies one entry at a time and restarts. */
final class Replica {
  final MemoryStore store = new MemoryStore();
  KvStateMachine machine = new KvStateMachine(store);
  long time = 1_000_000;

  /** What becomes of each command of an entry with a single batch. */
  List<Result> apply(SessionCommand... commands) {
    return apply(entry(time, commands));
  }

  List<Result> apply(byte[] entry) {
    return machine.apply(machine.applied() + 1, List.of(entry)).stream()
        .map(AppliedCommand::result)
        .toList();
  }

  Result applyOne(SessionCommand command) {
    return apply(command).get(0);
  }

  SessionId open(long ttlMillis) {
    return ((Result.SessionOpened) applyOne(opening(ttlMillis))).session();
  }

  /** A client with a session of its own that acknowledges each command before the next. */
  Client client() {
    return new Client(open(KvLimits.MAX_TTL_MILLIS));
  }

  void restart() {
    machine = new KvStateMachine(store);
  }

  KeyValue get(String key) {
    return ((Query.KeyAnswer) machine.read(new Query.Get(bytes(key)))).found();
  }

  List<KeyValue> keys() {
    List<KeyValue> all = new ArrayList<>();
    byte[] after = {};
    while (true) {
      Query query = new Query.ListKeys(new byte[0], after, KvLimits.MAX_LIST_LIMIT);
      Query.PageAnswer page = (Query.PageAnswer) machine.read(query);
      all.addAll(page.entries());
      if (!page.more()) {
        return all;
      }
      after = all.get(all.size() - 1).key();
    }
  }

  /** All changes that can be had from a revision on, in pages of at most this many. */
  List<KeyChange> changes(String prefix, long from, int limit) {
    List<KeyChange> all = new ArrayList<>();
    long next = from;
    while (next <= machine.revision()) {
      Query.ChangesAnswer page = page(prefix, next, limit);
      all.addAll(page.changes());
      next = page.next();
    }
    return all;
  }

  Query.ChangesAnswer page(String prefix, long from, int limit) {
    return (Query.ChangesAnswer) machine.read(new Query.ListChanges(bytes(prefix), from, limit));
  }

  /** Whether the store holds what the state machine believes. */
  boolean isSound(long stepBytes) {
    while (true) {
      Optional<Boolean> sound = machine.scrub(stepBytes);
      if (sound.isPresent()) {
        return sound.get();
      }
    }
  }

  final class Client {
    final SessionId session;
    private long sequence;

    private Client(SessionId session) {
      this.session = session;
    }

    Result apply(Command command) {
      sequence++;
      return applyOne(sent(session, sequence, sequence - 1, command));
    }

    Result put(String key, String value) {
      return apply(Replica.put(key, value));
    }

    Result delete(String key) {
      return apply(Replica.delete(key));
    }
  }

  static byte[] entry(long timestamp, SessionCommand... commands) {
    return EntryCodec.encode(timestamp, List.of(CommandCodec.encode(7, "n1", List.of(commands))));
  }

  static SessionCommand opening(long ttlMillis) {
    return new SessionCommand(0, null, 0, 0, new Command.OpenSession(ttlMillis));
  }

  static SessionCommand sent(SessionId id, long sequence, long acknowledged, Command command) {
    return new SessionCommand(sequence, id, sequence, acknowledged, command);
  }

  static Command.Put put(String key, String value) {
    return new Command.Put(bytes(key), bytes(value), Command.Condition.NONE, false);
  }

  static Command.Delete delete(String key) {
    return new Command.Delete(bytes(key), Command.Condition.NONE, false);
  }

  static KeyValue keyValue(String key, String value, long created, long modified, long version) {
    return new KeyValue(bytes(key), bytes(value), created, modified, version);
  }

  static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
