package synod.sim;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import synod.node.SnapshotStore;
import synod.paxos.Snapshot;

/** Snapshots on a disk in memory: what they are of, and how long they take, is to be added. */
public abstract class MemorySnapshotStore implements SnapshotStore {
  protected final MemorySnapshots disk = new MemorySnapshots();

  /** Does what takes a disk a while. */
  protected abstract void later(Runnable action);

  @Override
  public boolean isTaking() {
    return false;
  }

  @Override
  public void dropDeleted() {
    // Nothing deleted is left in memory.
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
    later(() -> onKept.accept(disk.keep(snapshot, offset, bytes)));
  }

  @Override
  public void verify(Snapshot snapshot, Runnable onVerified, Consumer<String> onFailed) {
    later(
        () -> {
          if (disk.verify(snapshot)) {
            onVerified.run();
          } else {
            onFailed.accept("not what its name says");
          }
        });
  }
}
