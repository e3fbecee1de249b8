package synod.sim.actors;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import synod.paxos.Ballot;
import synod.paxos.DurableRecord;
import synod.paxos.Entry;
import synod.paxos.Quorums;
import synod.sim.SimulationFailure;

/**
 * What the acceptors' disks have ever held, and what is chosen by that, whatever anybody knows or
 * says of it. Rule: one value per slot.
 */
final class Ledger implements Rule {
  private final Quorums quorums;
  private final Rule whoeverCares;

  /** Bits of the hosts whose disks have held this promise, or this vote. */
  private final Map<Ballot, Long> promises = new HashMap<>();

  private final Map<Vote, Long> votes = new HashMap<>();
  private final Map<Long, byte[]> chosen = new HashMap<>();

  private record Vote(long slot, Ballot ballot) {}

  /**
   * @param whoeverCares is told of what is chosen, at each ballot again
   */
  Ledger(Quorums quorums, Rule whoeverCares) {
    this.quorums = quorums;
    this.whoeverCares = whoeverCares;
  }

  @Override
  public void written(Host host, List<DurableRecord> records) {
    for (DurableRecord record : records) {
      if (record instanceof DurableRecord.Promised promised) {
        promises.merge(promised.ballot(), bit(host), (old, bit) -> old | bit);
      } else if (record instanceof DurableRecord.Accepted accepted) {
        accepted(host, accepted.entry());
      }
    }
  }

  private void accepted(Host host, Entry entry) {
    Vote vote = new Vote(entry.slot(), entry.ballot());
    long before = votes.getOrDefault(vote, 0L);
    long after = before | bit(host);
    votes.put(vote, after);
    if (Long.bitCount(before) < quorums.phase2() && Long.bitCount(after) >= quorums.phase2()) {
      byte[] first = chosen.putIfAbsent(entry.slot(), entry.value());
      if (first != null && !Arrays.equals(first, entry.value())) {
        throw new SimulationFailure(
            "one value per slot", "another is chosen at slot %d, %s", vote.slot, vote.ballot);
      }
      whoeverCares.chosen(entry.slot(), entry.ballot(), entry.value());
    }
  }

  private static long bit(Host host) {
    return 1L << host.index();
  }

  /** Whether the host's disk has ever held an acceptance of this ballot at this slot. */
  boolean hasAccepted(Host host, long slot, Ballot ballot) {
    return (votes.getOrDefault(new Vote(slot, ballot), 0L) & bit(host)) != 0;
  }

  /** How many disks have held a promise of just this ballot. */
  int promisesOf(Ballot ballot) {
    return Long.bitCount(promises.getOrDefault(ballot, 0L));
  }
}
