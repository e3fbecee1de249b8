package synod.node;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import synod.paxos.Snapshot;
import synod.sim.MemorySnapshots;
import synod.sim.MemoryStore;

/**
 * Snapshots in memory, of a state in memory: everything is done at once, on the caller's thread.
 */
final class FakeSnapshots implements SnapshotStore {
  private final MemoryStore state;
  private final MemorySnapshots disk = new MemorySnapshots();

  FakeSnapshots(MemoryStore state) {
    this.state = state;
  }

  @Override
  public boolean isDue(long bytes) {
    return false;
  }

  @Override
  public void take(Consumer<Snapshot> onTaken, Consumer<String> onFailed) {
    state.flush();
    onTaken.accept(disk.add(state.copy()));
  }

  @Override
  public long oldestSlot() {
    return disk.oldestSlot();
  }

  @Override
  public Optional<Snapshot> newest() {
    return disk.newest();
  }

  @Override
  public Optional<byte[]> read(Snapshot snapshot, long offset, int length) {
    return disk.read(snapshot, offset, length);
  }

  @Override
  public long kept(Snapshot snapshot) {
    return disk.kept(snapshot);
  }

  @Override
  public void keep(
      Snapshot snapshot,
      long offset,
      byte[] bytes,
      LongConsumer onKept,
      Consumer<String> onFailed) {
    onKept.accept(disk.keep(snapshot, offset, bytes));
  }

  @Override
  public void verify(Snapshot snapshot, Runnable onVerified, Consumer<String> onFailed) {
    if (disk.verify(snapshot)) {
      onVerified.run();
    } else {
      onFailed.accept("not what its name says");
    }
  }

  @Override
  public void install(Snapshot snapshot) {
    state.become(disk.takeIncoming(snapshot));
  }
}
