package synod.http;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import synod.node.NodeEvent;
import synod.paxos.ProtocolEvent;

/**
 * The slots that this node's proposer saw chosen last, and by whose votes: what a person wants to
 * see of a quorum. Written by the proposer's events, read by any thread.
 */
final class RecentSlots {
  private static final int KEPT = 16;

  private final Deque<SlotJson> slots = new ArrayDeque<>();

  /**
   * @param acceptedBy the acceptors whose votes made the quorum
   * @param micros from the first accept that left to the vote that made the quorum
   * @param bytes of the value; 0 for a no-op
   */
  record SlotJson(long slot, String ballot, List<String> acceptedBy, int bytes, long micros) {}

  void listen(NodeEvent event) {
    if (event instanceof NodeEvent.Protocol step
        && step.event() instanceof ProtocolEvent.SlotChosen chosen) {
      add(
          new SlotJson(
              chosen.slot(),
              chosen.ballot().toString(),
              chosen.acceptedBy().stream().sorted().toList(),
              chosen.bytes(),
              chosen.micros()));
    }
  }

  private synchronized void add(SlotJson slot) {
    if (slots.size() == KEPT) {
      slots.removeFirst();
    }
    slots.addLast(slot);
  }

  /** The latest last. */
  synchronized List<SlotJson> latest() {
    return new ArrayList<>(slots);
  }
}
