package synod.node;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import synod.kv.OrderedStore;
import synod.paxos.AcceptorLog;
import synod.paxos.DurableRecord;
import synod.paxos.Formation;
import synod.sim.MemoryAcceptorLog;
import synod.sim.MemoryStore;
import synod.sim.WatchedReads;
import synod.storage.DiskUse;

/**
 * A disk in memory whose writes end when the test says so; may be used by the test's thread and the
 * actors'.
 */
final class FakeStorage implements NodeStorage {
  private final MemoryAcceptorLog log = new MemoryAcceptorLog();
  private final MemoryStore state = new MemoryStore();
  private final FakeSnapshots snapshots = new FakeSnapshots(state);
  private final Deque<Queued> queue = new ArrayDeque<>();
  private Formation.Report standing = new Formation.Report(Formation.Standing.MEMBER, "cluster");
  private boolean held;
  private volatile Runnable beforeRead = () -> {};

  private record Queued(List<DurableRecord> records, Runnable onEnd) {}

  @Override
  public synchronized Formation.Report standing() {
    return standing;
  }

  @Override
  public synchronized void advance(Formation.Report step) {
    standing = step;
  }

  @Override
  public AcceptorLog acceptorLog() {
    return new WatchedReads(log, () -> beforeRead.run());
  }

  /**
   * @param action run before each read of the log that may wait for the disk, by its thread
   */
  void beforeRead(Runnable action) {
    beforeRead = action;
  }

  @Override
  public long round() {
    return log.round();
  }

  @Override
  public SnapshotStore snapshots() {
    return snapshots;
  }

  @Override
  public synchronized void write(List<DurableRecord> records, Runnable onDurable) {
    queue.add(new Queued(records, onDurable));
    if (!held) {
      completeAll();
    }
  }

  @Override
  public void barrier(Runnable onEnd) {
    write(List.of(), onEnd);
  }

  /** From now on writes stay under way until {@link #release}. */
  synchronized void hold() {
    held = true;
  }

  synchronized void release() {
    held = false;
    completeAll();
  }

  synchronized int underWay() {
    return queue.size();
  }

  private void completeAll() {
    while (!queue.isEmpty()) {
      Queued next = queue.remove();
      log.write(next.records());
      next.onEnd().run();
    }
  }

  @Override
  public OrderedStore state() {
    return state;
  }

  @Override
  public DiskUse diskUse() {
    return DiskUse.UNKNOWN;
  }

  @Override
  public void close() {}
}
