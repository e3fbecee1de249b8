package synod.sim;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import synod.paxos.AcceptorLog;
import synod.paxos.Ballot;
import synod.paxos.DurableRecord;
import synod.paxos.Entry;

/**
 * A node's acceptor log with its writer, which takes all writes that queued up while the last ones
 * were under way. They are durable when they complete, at a later time. A crash loses what is
 * queued; of what is under way it leaves any beginning, each write as a whole. After a failed write
 * nothing completes any more until the process starts again.
 */
final class SimDisk implements AcceptorLog {
  private final Simulation sim;
  private final SimNode node;
  private MemoryAcceptorLog log = new MemoryAcceptorLog();
  private final Deque<Write> queue = new ArrayDeque<>();
  private List<Write> underWay = List.of();

  /** Completions planned before the last crash are void. */
  private int epoch;

  private boolean failed;
  private Runnable duringNextWrite;
  private boolean failNext;

  private record Write(List<DurableRecord> records, Runnable onDurable) {}

  SimDisk(Simulation sim, SimNode node) {
    this.sim = sim;
    this.node = node;
  }

  /** Writes records in one atomic step, some time later, then runs the completion. */
  void write(List<DurableRecord> records, Runnable onDurable) {
    if (!failed) {
      queue.add(new Write(records, onDurable));
      begin();
    }
  }

  /** Runs this once every earlier write has ended. */
  void barrier(Runnable onEnd) {
    write(List.of(), onEnd);
  }

  private void begin() {
    if (underWay.isEmpty() && !queue.isEmpty()) {
      underWay = new ArrayList<>(queue);
      queue.clear();
      int planned = epoch;
      long latency = sim.diskLatency();
      if (duringNextWrite != null) {
        sim.queue().after(latency / 2, duringNextWrite);
        duringNextWrite = null;
      }
      sim.queue()
          .after(
              latency,
              () -> {
                if (planned == epoch) {
                  complete();
                }
              });
    }
  }

  private void complete() {
    List<Write> done = underWay;
    underWay = List.of();
    sim.trace().add(1, node.index() * 1000L + done.size());
    if (failNext) {
      failNext = false;
      fail(done);
      return;
    }
    done.forEach(this::makeDurable);
    done.forEach(write -> node.here(write.onDurable()));
    begin();
  }

  private void fail(List<Write> batch) {
    sim.trace().say("%s  a write fails", node);
    if (sim.mutant().ignoresFailedWrites()) {
      batch.forEach(write -> node.here(write.onDurable()));
      begin();
      return;
    }
    leaveSome(batch);
    if (sim.mutant().hidesFailedWrites()) {
      begin();
      return;
    }
    failed = true;
    queue.clear();
    node.here(node::storageLost);
  }

  private void makeDurable(Write write) {
    if (!write.records().isEmpty()) {
      log.write(write.records());
      sim.watch().written(node, write.records());
    }
  }

  /** Of writes that were cut short, some are whole, up to any one of them. */
  private void leaveSome(List<Write> batch) {
    int left = sim.random().nextInt(batch.size() + 1);
    batch.subList(0, left).forEach(this::makeDurable);
  }

  /** The process or the machine is gone. */
  void crash() {
    epoch++;
    leaveSome(underWay);
    underWay = List.of();
    queue.clear();
    failed = false;
    failNext = false;
  }

  /** Lets this happen when the next write is half done. */
  void duringNextWrite(Runnable action) {
    duringNextWrite = action;
  }

  /** Whether the next write to complete fails instead. */
  void failNextWrite(boolean fails) {
    failNext = fails;
  }

  /** Everything is gone. */
  void wipe() {
    log = new MemoryAcceptorLog();
  }

  boolean hasFailed() {
    return failed;
  }

  long round() {
    return log.round();
  }

  @Override
  public Ballot promised() {
    return log.promised();
  }

  @Override
  public long trimmedBelow() {
    return log.trimmedBelow();
  }

  @Override
  public long lastSlot() {
    return log.lastSlot();
  }

  @Override
  public Optional<Entry> entry(long slot) {
    return log.entry(slot);
  }

  @Override
  public List<Entry> entries(long from, int maxBytes) {
    return log.entries(from, maxBytes);
  }
}
