package synod.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import synod.paxos.Ballot;
import synod.paxos.DurableRecord;
import synod.paxos.Entry;
import synod.paxos.Quorums;

/**
 * What the acceptors' disks have ever held, and what is chosen by that: a value is chosen once a
 * phase-2 quorum of disks has held it at one ballot, whatever anybody knows or says of it.
 */
final class Ledger implements Watcher {
  private final Quorums quorums;
  private final Watcher whoeverCares;

  /** Bits of the acceptors whose disks have held this promise. */
  private final Map<Ballot, Long> promises = new HashMap<>();

  /** By slot. */
  private final List<SlotVotes> slots = new ArrayList<>();

  private static final class SlotVotes {
    final List<Vote> votes = new ArrayList<>(2);
    byte[] chosen;
  }

  private static final class Vote {
    final Ballot ballot;
    final byte[] value;
    long acceptors;

    Vote(Ballot ballot, byte[] value) {
      this.ballot = ballot;
      this.value = value;
    }
  }

  /**
   * @param whoeverCares is told of what is chosen
   */
  Ledger(Quorums quorums, Watcher whoeverCares) {
    this.quorums = quorums;
    this.whoeverCares = whoeverCares;
  }

  @Override
  public void written(SimNode node, List<DurableRecord> records) {
    for (DurableRecord record : records) {
      if (record instanceof DurableRecord.Accepted accepted) {
        accepted(node, accepted.entry());
      } else if (record instanceof DurableRecord.Promised promised) {
        promises.merge(promised.ballot(), 1L << node.index(), (old, bit) -> old | bit);
      }
    }
  }

  private void accepted(SimNode node, Entry entry) {
    SlotVotes slot = slot(entry.slot());
    Vote vote = vote(slot, entry.ballot());
    if (vote == null) {
      vote = new Vote(entry.ballot(), entry.value());
      slot.votes.add(vote);
    }
    int before = Long.bitCount(vote.acceptors);
    vote.acceptors |= 1L << node.index();
    int after = Long.bitCount(vote.acceptors);
    if (before < quorums.phase2() && after >= quorums.phase2()) {
      if (slot.chosen == null) {
        slot.chosen = vote.value;
      }
      whoeverCares.chosen(entry.slot(), entry.ballot(), vote.value);
    }
  }

  /** Whether the node's disk has ever held an acceptance of this ballot at this slot. */
  boolean hasAccepted(SimNode node, long slot, Ballot ballot) {
    Vote vote = slot < slots.size() ? vote(slots.get((int) slot), ballot) : null;
    return vote != null && (vote.acceptors & 1L << node.index()) != 0;
  }

  /** How many disks have held a promise of just this ballot. */
  int promisesOf(Ballot ballot) {
    return Long.bitCount(promises.getOrDefault(ballot, 0L));
  }

  /** The value chosen at a slot, null if none is. */
  byte[] chosen(long slot) {
    return slot < slots.size() ? slots.get((int) slot).chosen : null;
  }

  private SlotVotes slot(long number) {
    while (slots.size() <= number) {
      slots.add(new SlotVotes());
    }
    return slots.get((int) number);
  }

  private static Vote vote(SlotVotes slot, Ballot ballot) {
    for (Vote vote : slot.votes) {
      if (vote.ballot.equals(ballot)) {
        return vote;
      }
    }
    return null;
  }
}
