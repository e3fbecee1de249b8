package synod.node;

import java.util.function.Consumer;
import synod.paxos.Snapshot;
import synod.sim.MemorySnapshotStore;
import synod.sim.MemoryStore;

/**
 * Snapshots in memory, of a state in memory: everything is done at once, on the caller's thread.
 */
final class FakeSnapshots extends MemorySnapshotStore {
  private final MemoryStore state;

  FakeSnapshots(MemoryStore state) {
    this.state = state;
  }

  @Override
  protected void later(Runnable action) {
    action.run();
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
  public void install(Snapshot snapshot) {
    state.become(disk.takeIncoming(snapshot));
  }
}
