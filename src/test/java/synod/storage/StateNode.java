package synod.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import synod.kv.KvStateMachine;
import synod.kv.OrderedStore.Change;
import synod.kv.OrderedStore.Cursor;
import synod.kv.StoredPosition;
import synod.paxos.Formation.Standing;
import synod.paxos.Snapshot;

/** A node's data directory whose state tests fill by hand. */
final class StateNode implements AutoCloseable {
  static final Duration HOLD = Duration.ofSeconds(10);

  final Path path;
  final AtomicLong nanos = new AtomicLong();
  private DataDirectory directory;
  StateStorage state;
  Checkpoints checkpoints;
  IncomingSnapshot incoming;

  /** Told each step of an installation. */
  Consumer<String> step = name -> {};

  StateNode(Path path, String clusterId) {
    this.path = path;
    try (DataDirectory created = DataDirectory.open(path, "synod", "n1", "f")) {
      if (created.identity().clusterId().isEmpty()) {
        created.identity().advance(Standing.MEMBER, clusterId);
      }
    }
    open();
  }

  void open() {
    directory = DataDirectory.open(path, "synod", "n1", "f");
    state = directory.openState();
    Identity identity = directory.identity();
    checkpoints = new Checkpoints(path.resolve("checkpoints"), identity, HOLD, nanos::get);
    incoming = new IncomingSnapshot(path, identity::clusterId, name -> step.accept(name));
  }

  /** As after the death of the process. */
  void reopen() {
    close();
    open();
  }

  /** Applies one more slot, and whatever else is given. */
  void apply(String... keysAndValues) {
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      changes.add(new Change(key(keysAndValues[i]), keysAndValues[i + 1].getBytes(UTF_8)));
    }
    state.commit(changes);
    new KvStateMachine(state).apply(applied() + 1, List.of(new byte[0]));
  }

  /** Applies one more slot with this much that no compression shrinks. */
  void applyBytes(String key, int bytes, int seed) {
    byte[] value = new byte[bytes];
    new java.util.Random(seed).nextBytes(value);
    state.commit(List.of(new Change(key(key), value)));
    apply();
  }

  long applied() {
    return StoredPosition.read(state).applied();
  }

  Snapshot checkpoint() {
    return checkpoints.create(state.pin());
  }

  /** What the state holds beside the state machine's own records: keys to digests of values. */
  Map<String, String> content() {
    Map<String, String> content = new TreeMap<>();
    try (Cursor cursor = state.scan(new byte[] {'x'}, new byte[] {'y'})) {
      while (cursor.next()) {
        content.put(new String(cursor.key(), UTF_8).substring(1), Sha256.of(cursor.value()));
      }
    }
    return content;
  }

  /** Takes in what another node offers, in parts of this size, up to a number of bytes. */
  void fetch(Checkpoints source, Snapshot snapshot, int partBytes, long until) {
    long at = incoming.kept(snapshot);
    while (at < Math.min(until, snapshot.bytes())) {
      int length = (int) Math.min(partBytes, until - at);
      Optional<byte[]> part = source.read(snapshot, at, length);
      at = incoming.keep(snapshot, at, part.orElseThrow());
    }
  }

  /** As a learner does it. */
  void install(Snapshot snapshot) {
    incoming.verify(snapshot);
    state.close();
    try {
      incoming.install(snapshot);
    } finally {
      state = directory.openState();
    }
  }

  /** In a space of keys that nobody else uses. */
  private static byte[] key(String key) {
    return ("x" + key).getBytes(UTF_8);
  }

  @Override
  public void close() {
    incoming.close();
    state.close();
    directory.close();
  }
}
