package synod.sim.actors;

import java.util.function.Consumer;
import synod.kv.KvStateMachine;
import synod.paxos.Snapshot;
import synod.sim.MemorySnapshotStore;
import synod.sim.MemoryStore;

/** A node's snapshots on its disk: what is done takes a while, and a crash loses it. */
final class Snapshotting extends MemorySnapshotStore {
  /** What an installed snapshot takes the place of. */
  interface State {
    /** All that was committed, which is durable from now on. */
    MemoryStore freeze();

    void become(MemoryStore other);
  }

  private final ActorSimulation sim;
  private final Host host;
  private final State state;
  private final Runnable flush;
  private long since;
  private boolean taking;

  /** Invariant: no crash of this node brings back a state before this slot. */
  private long held;

  private int epoch;

  /**
   * @param flush writes out what the present process has gathered
   */
  Snapshotting(ActorSimulation sim, Host host, State state, Runnable flush) {
    this.sim = sim;
    this.host = host;
    this.state = state;
    this.flush = flush;
  }

  @Override
  public boolean isDue(long bytes) {
    since += bytes;
    return since >= sim.day().snapshotAfterBytes() && !taking;
  }

  @Override
  public void take(Consumer<Snapshot> onTaken, Consumer<String> onFailed) {
    flush.run();
    since = 0;
    taking = true;
    later(
        () -> {
          taking = false;
          MemoryStore copy = state.freeze();
          held = new KvStateMachine(copy).applied();
          disk.removeOwnIf(old -> sim.random().nextBoolean());
          onTaken.accept(disk.add(copy));
        });
  }

  @Override
  protected void later(Runnable action) {
    int planned = epoch;
    host.machine()
        .after(
            sim.day().disk().latency(),
            () -> {
              if (planned == epoch) {
                action.run();
              }
            });
  }

  @Override
  public void install(Snapshot snapshot) {
    state.become(disk.takeIncoming(snapshot));
    held = snapshot.slot();
    disk.removeOwnIf(old -> true);
  }

  long held() {
    return held;
  }

  /** The process is gone. */
  void crash() {
    epoch++;
    taking = false;
  }
}
