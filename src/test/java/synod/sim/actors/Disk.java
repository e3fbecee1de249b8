package synod.sim.actors;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import synod.kv.CachingStore;
import synod.kv.GatheringStore;
import synod.kv.OrderedStore;
import synod.node.NodeStorage;
import synod.paxos.AcceptorLog;
import synod.paxos.DurableRecord;
import synod.paxos.Formation;
import synod.sim.MemoryAcceptorLog;
import synod.sim.MemoryStore;
import synod.storage.DiskUse;

/**
 * A node's disk in memory. Writes of the acceptor's log that queued up while the last ones were
 * under way are made together, and are durable when they complete, at a later time. A crash loses
 * what is queued; of what is under way it leaves any beginning, each write as a whole; of the state
 * it loses any end that wasn't flushed. After a failed write nothing completes any more until the
 * next process starts.
 */
final class Disk implements NodeStorage {
  private static final long LONGEST_INTERRUPTED = 300 * Day.MILLI;

  /** Small enough that some of it is forgotten. */
  private static final long CACHE_BYTES = 16 << 10;

  private static final long NOTICED_WITHIN = 100 * Day.MILLI;

  private final ActorSimulation sim;
  private final Host host;
  private final MemoryAcceptorLog log = new MemoryAcceptorLog();
  private final MemoryStore state = new MemoryStore();
  private final WatchedStore watched;
  private final Snapshotting snapshots;

  /** What the present process has of it. */
  private GatheringStore gathered;

  private final Deque<Write> queue = new ArrayDeque<>();
  private List<Write> underWay = List.of();
  private Formation.Report standing;

  /** Completions planned before the last crash are void. */
  private int epoch;

  private boolean failsNext;
  private boolean failed;
  private boolean spaceLow;
  private Runnable duringNextWrite;

  private record Write(List<DurableRecord> records, Runnable onEnd) {}

  Disk(ActorSimulation sim, Host host) {
    this.sim = sim;
    this.host = host;
    this.standing =
        sim.day().formed()
            ? new Formation.Report(Formation.Standing.MEMBER, "cluster")
            : new Formation.Report(Formation.Standing.UNFORMED, null);
    this.watched = new WatchedStore(host, state);
    this.gathered = gather();
    this.snapshots = new Snapshotting(sim, host, new LearnerState(), () -> gathered.flush());
  }

  private final class LearnerState implements Snapshotting.State {
    @Override
    public MemoryStore freeze() {
      state.flush();
      return state.copy();
    }

    @Override
    public void become(MemoryStore other) {
      state.become(other);
      gathered = gather();
    }
  }

  @Override
  public Formation.Report standing() {
    return standing;
  }

  @Override
  public void advance(Formation.Report step) {
    standing = step;
  }

  @Override
  public AcceptorLog acceptorLog() {
    return log;
  }

  @Override
  public long round() {
    return log.round();
  }

  @Override
  public OrderedStore state() {
    return gathered;
  }

  @Override
  public Snapshotting snapshots() {
    return snapshots;
  }

  @Override
  public DiskUse diskUse() {
    return new DiskUse(spaceLow, false, 0, Collections.emptySortedMap());
  }

  @Override
  public void close() {}

  @Override
  public void write(List<DurableRecord> records, Runnable onDurable) {
    if (!failed) {
      queue.add(new Write(records, onDurable));
      begin();
    }
  }

  @Override
  public void barrier(Runnable onEnd) {
    write(List.of(), onEnd);
  }

  private void begin() {
    if (!underWay.isEmpty() || queue.isEmpty()) {
      return;
    }
    underWay = new ArrayList<>(queue);
    queue.clear();
    int planned = epoch;
    long latency = latency();
    if (duringNextWrite != null) {
      // Now and then a role is back before the write has ended.
      latency += sim.random().nextLong(LONGEST_INTERRUPTED);
      sim.queue().after(sim.random().nextLong(latency), duringNextWrite);
      duringNextWrite = null;
    }
    host.machine()
        .after(
            latency,
            () -> {
              if (planned == epoch) {
                complete();
              }
            });
  }

  private long latency() {
    Day.Disk times = sim.isHealed() ? sim.day().disk().healthy() : sim.day().disk();
    long latency = times.latency() + sim.random().nextLong(times.jitter());
    boolean stalls = sim.random().nextInt(1000) < times.stallPerMille();
    return stalls ? latency + sim.random().nextLong(times.stallFor()) : latency;
  }

  private void complete() {
    List<Write> done = underWay;
    underWay = List.of();
    sim.trace().add(4, host.index() * 1000L + done.size());
    if (failsNext) {
      failsNext = false;
      fail(done);
      return;
    }
    done.forEach(this::makeDurable);
    done.forEach(write -> host.machine().execute(write.onEnd()));
    begin();
  }

  private void makeDurable(Write write) {
    if (!write.records().isEmpty()) {
      log.write(write.records());
      sim.rules().written(host, write.records());
    }
  }

  private void fail(List<Write> batch) {
    sim.trace().say("%s  a write fails", host);
    failed = true;
    leaveSome(batch);
    queue.clear();
    host.machine().execute(host.machine().node()::storageFailed);
    host.machine().after(NOTICED_WITHIN, this::checkNoticed);
  }

  /** Whoever writes here must have stopped for good, and say so. */
  private void checkNoticed() {
    if (sim.queue().now() < host.pausedUntil() + NOTICED_WITHIN) {
      host.machine().after(NOTICED_WITHIN, this::checkNoticed);
    } else if (failed) {
      sim.rules().storageLost(host);
    }
  }

  /** Of writes that were cut short, some are whole, up to any one of them. */
  private void leaveSome(List<Write> batch) {
    batch.subList(0, sim.random().nextInt(batch.size() + 1)).forEach(this::makeDurable);
  }

  /** The process is gone. */
  void crash() {
    epoch++;
    leaveSome(underWay);
    underWay = List.of();
    queue.clear();
    failed = false;
    failsNext = false;
    duringNextWrite = null;
    state.crash(sim.random());
    snapshots.crash();
    gathered = gather();
  }

  private GatheringStore gather() {
    return new GatheringStore(
        new CachingStore(watched, CACHE_BYTES), sim.day().limits().commitBytes());
  }

  /** Whether the next write to complete fails instead. */
  void failNextWrite(boolean fails) {
    failsNext = fails;
  }

  boolean hasFailed() {
    return failed;
  }

  void setSpaceLow(boolean low) {
    spaceLow = low;
  }

  /** Lets this happen while the next write is under way, which takes longer for it. */
  void duringNextWrite(Runnable action) {
    duringNextWrite = action;
  }
}
