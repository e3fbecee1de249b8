package synod.sim;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import synod.kv.KvStateMachine;
import synod.paxos.Snapshot;
import synod.paxos.Snapshots;

/**
 * A node's snapshots on its disk. A crash loses what is under way. Old ones go when a newer one is
 * there, those being read most often not.
 */
final class SimSnapshots implements Snapshots {
  private static final long READ_WITHIN = 300 * Swarm.MILLI;

  private final Simulation sim;
  private final SimNode node;
  private final MemorySnapshots disk = new MemorySnapshots();
  private final Map<Snapshot, Long> readAt = new HashMap<>();

  /** When the last write that was begun will have ended: they end in order. */
  private long writtenAt;

  /** Invariant: no crash of this node brings back a state before this slot. */
  private long held;

  SimSnapshots(Simulation sim, SimNode node) {
    this.sim = sim;
    this.node = node;
  }

  /** Takes one of the state as it is some time later. */
  void take(Consumer<Snapshot> onTaken) {
    afterWriting(
        () -> {
          MemoryStore copy = node.freeze();
          held = new KvStateMachine(copy).applied();
          disk.removeOwnIf(this::isToGo);
          onTaken.accept(disk.add(sim.mutant().snapshotTaken(copy)));
        });
  }

  private void afterWriting(Runnable action) {
    long end = Math.max(sim.queue().now() + sim.diskLatency(), writtenAt + 1);
    writtenAt = end;
    node.later(end - sim.queue().now(), action);
  }

  /** One that is being read stays, as long as there are no faults. */
  private boolean isToGo(Snapshot old) {
    boolean read = sim.queue().now() - readAt.getOrDefault(old, -READ_WITHIN) < READ_WITHIN;
    return sim.random().nextInt(4) > 0 ? !read : !(read && sim.isHealed());
  }

  /** The lowest slot that one of its own ends at; 0 if there is none. */
  long oldestSlot() {
    return disk.oldestSlot();
  }

  /** Up to which slot this node holds its state, whatever happens. */
  long held() {
    return held;
  }

  @Override
  public Optional<Snapshot> newest() {
    return disk.newest();
  }

  @Override
  public Optional<byte[]> read(Snapshot snapshot, long offset, int length) {
    readAt.put(snapshot, sim.queue().now());
    return disk.read(snapshot, offset, length);
  }

  @Override
  public long kept(Snapshot snapshot) {
    return disk.kept(snapshot);
  }

  /** Writes a part, some time later; now and then it damages it. */
  void keep(Snapshot snapshot, long offset, byte[] bytes, LongConsumer onKept) {
    byte[] written = bytes.clone();
    if (sim.random().nextInt(1000) < sim.swarm().snapshots().damagePerMille() && !sim.isHealed()) {
      written[0] ^= 1;
    }
    afterWriting(() -> onKept.accept(disk.keep(snapshot, offset, written)));
  }

  /** Looks at what was fetched, some time later. */
  void verify(Snapshot snapshot, Consumer<Boolean> whenDone) {
    afterWriting(() -> whenDone.accept(disk.verify(snapshot)));
  }

  /** The state in a snapshot that was verified, to take the place of the node's own. */
  MemoryStore install(Snapshot snapshot) {
    held = snapshot.slot();
    disk.removeOwnIf(old -> true);
    return disk.takeIncoming(snapshot);
  }
}
