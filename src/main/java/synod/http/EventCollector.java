package synod.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import synod.node.NodeEvent;
import synod.node.NodeEvents;
import synod.paxos.ProtocolEvent;

/**
 * Gathers what this node tells those who watch. What is rare is kept even while nobody does, and
 * told first to whoever begins. Of what happens with every slot, only that of every so many slots
 * is told one by one when there is much of it; all of it is counted. Listens on the threads of the
 * node's actors, and never holds them up for longer than it takes to append to a bounded queue.
 */
final class EventCollector implements AutoCloseable {
  /** So many slots between two drains are all told one by one: what a person may want to follow. */
  private static final int FEW_SLOTS = 12;

  /** Of more, so many are told one by one, about. */
  private static final int SLOTS_TOLD = 2;

  /** Invariant: pending never holds more; what comes beyond is counted as left out. */
  private static final int MAX_PENDING = 300;

  /** Invariant: nor more bytes than these, so that a report is well below Showing.MAX_BYTES. */
  private static final int MAX_PENDING_BYTES = 64 << 10;

  private static final int RARE_KEPT = 100;

  /** Far above any store's rate, and a power of two. */
  private static final long SPARSEST = 1 << 20;

  private final LatencyCounts chosen = new LatencyCounts();
  private final LatencyCounts requests = new LatencyCounts();
  private final LongAdder flushes = new LongAdder();
  private final Deque<Told> pending = new ArrayDeque<>();
  private int pendingBytes;
  private final Deque<Told> rare = new ArrayDeque<>();
  private final NodeEvents events;
  private final Runnable stopListening;
  private volatile boolean watched;
  private long number;

  // Since the last drain, and since the last rates

  private long[] slotsNow = new long[3];
  private final long[] slots = new long[3];
  private long leftOut;

  /** Slots that are a multiple of it are told one by one; a power of two, the same on all nodes. */
  private long every = 1;

  EventCollector(NodeEvents events) {
    this.events = events;
    stopListening = events.listen(this::take);
  }

  void watched(boolean anywhere, boolean here) {
    events.wantEntries(here);
    if (watched != anywhere) {
      synchronized (this) {
        watched = anywhere;
        pending.clear();
        pendingBytes = 0;
        slotsNow = new long[3];
        leftOut = 0;
        every = 1;
      }
    }
  }

  /** A request for keys was answered. */
  void answered(long nanos) {
    if (watched) {
      requests.add(nanos / 1000);
    }
  }

  /** What is new since the last time. */
  synchronized List<Told> drain() {
    List<Told> all = new ArrayList<>(pending);
    pending.clear();
    pendingBytes = 0;
    long most = Math.max(slotsNow[0], Math.max(slotsNow[1], slotsNow[2]));
    every = 1;
    while (most > FEW_SLOTS && most / every > SLOTS_TOLD && every < SPARSEST) {
      every *= 2;
    }
    for (int i = 0; i < slots.length; i++) {
      slots[i] += slotsNow[i];
    }
    slotsNow = new long[3];
    return all;
  }

  /** The rare events that are kept, oldest first. */
  synchronized List<Told> rare() {
    return new ArrayList<>(rare);
  }

  /**
   * What happened since the last time, in numbers.
   *
   * @param millis since then
   */
  synchronized Told rates(String node, long millis) {
    ObjectNode json = EventJson.head("rates", node, EventJson.nowMicros()).put("millis", millis);
    json.put("accepted", slots[0]).put("chosen", slots[1]).put("applied", slots[2]);
    json.put("toldEvery", every).put("leftOut", leftOut).put("flushes", flushes.sumThenReset());
    json.put("requests", requests.drainTo(json.putObject("requestMicros")));
    chosen.drainTo(json.putObject("chosenMicros"));
    Arrays.fill(slots, 0);
    leftOut = 0;
    return new Told(node, 0, "rates", 0, 0, Set.of(), Json.bytes(json));
  }

  @Override
  public void close() {
    stopListening.run();
  }

  private void take(NodeEvent event) {
    if (event instanceof NodeEvent.Protocol step) {
      takeStep(step);
    } else if (event instanceof NodeEvent.LogFlushed) {
      if (watched) {
        flushes.increment();
      }
    } else if (event instanceof NodeEvent.EntriesApplied applied) {
      takeEntries(applied);
    } else if (!(event instanceof NodeEvent.Tally)) {
      add(event);
    }
  }

  private void takeStep(NodeEvent.Protocol step) {
    ProtocolEvent event = step.event();
    if (event instanceof ProtocolEvent.EntryAccepted accepted) {
      if (watched) {
        addSlots(0, step, accepted.slot(), accepted.slot());
      }
    } else if (event instanceof ProtocolEvent.SlotChosen slot) {
      if (watched) {
        chosen.add(slot.micros());
        addSlots(1, step, slot.slot(), slot.slot());
      }
    } else if (event instanceof ProtocolEvent.SlotsApplied applied) {
      if (watched) {
        addSlots(2, step, applied.from(), applied.upTo());
      }
    } else if (!(event instanceof ProtocolEvent.MessagesRepeated)) {
      add(step);
    }
  }

  private void takeEntries(NodeEvent.EntriesApplied applied) {
    long slot = applied.from();
    for (byte[] entry : applied.entries()) {
      if (isTold(slot, slot)) {
        append(
            EventJson.commands(applied.node(), nextNumber(), EventJson.nowMicros(), slot, entry));
      }
      slot++;
    }
  }

  private synchronized void addSlots(int kind, NodeEvent event, long from, long upTo) {
    slotsNow[kind] += upTo - from + 1;
    if (isTold(from, upTo)) {
      append(EventJson.of(event, ++number, EventJson.nowMicros()));
    } else {
      leftOut++;
    }
  }

  /** Whether a multiple of {@link #every} is among these slots. */
  private synchronized boolean isTold(long from, long upTo) {
    return upTo / every > (from - 1) / every;
  }

  private synchronized long nextNumber() {
    return ++number;
  }

  private synchronized void add(NodeEvent event) {
    Told told = EventJson.of(event, ++number, EventJson.nowMicros());
    if (told == null) {
      return;
    }
    if (rare.size() == RARE_KEPT) {
      rare.removeFirst();
    }
    rare.addLast(told);
    append(told);
  }

  private synchronized void append(Told told) {
    if (!watched) {
      return;
    }
    int bytes = told.bytes();
    if (pending.size() < MAX_PENDING && pendingBytes + bytes <= MAX_PENDING_BYTES) {
      pending.addLast(told);
      pendingBytes += bytes;
    } else {
      leftOut++;
    }
  }
}
