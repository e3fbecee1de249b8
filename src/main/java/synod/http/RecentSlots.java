package synod.http;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import synod.node.NodeEvent;
import synod.node.NodeEvents;
import synod.paxos.ProtocolEvent;

/**
 * The slots that this node's proposer saw chosen last, and by whose votes: what a person wants to
 * see of a quorum. Written by the proposer's events, read by any thread.
 */
final class RecentSlots implements AutoCloseable {
  private static final int KEPT = 16;

  private final Deque<ProtocolEvent.SlotChosen> slots = new ArrayDeque<>();
  private final Runnable stopListening;

  RecentSlots(NodeEvents events) {
    stopListening = events.listen(this::listen);
  }

  /**
   * @param acceptedBy the acceptors whose votes made the quorum
   * @param micros from the first accept that left to the vote that made the quorum
   * @param bytes of the value; 0 for a no-op
   */
  record SlotJson(long slot, String ballot, List<String> acceptedBy, int bytes, long micros) {
    static SlotJson of(ProtocolEvent.SlotChosen chosen) {
      return new SlotJson(
          chosen.slot(),
          chosen.ballot().toString(),
          chosen.acceptedBy().stream().sorted().toList(),
          chosen.bytes(),
          chosen.micros());
    }
  }

  /** The latest last. */
  synchronized List<SlotJson> latest() {
    return slots.stream().map(SlotJson::of).toList();
  }

  @Override
  public void close() {
    stopListening.run();
  }

  private void listen(NodeEvent event) {
    if (event instanceof NodeEvent.Protocol step
        && step.event() instanceof ProtocolEvent.SlotChosen chosen) {
      add(chosen);
    }
  }

  private synchronized void add(ProtocolEvent.SlotChosen chosen) {
    if (slots.size() == KEPT) {
      slots.removeFirst();
    }
    slots.addLast(chosen);
  }
}
