package synod.sim;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import synod.paxos.Ballot;
import synod.paxos.DurableRecord;
import synod.paxos.Entry;

/**
 * On each disk promises, rounds, trim points and the ballots of a slot only go up, and every entry
 * is written together with, or under, a promise of just its ballot and not below the trim point.
 */
final class DiskNeverGoesBack implements Watcher {
  private static final String RULE = "the disk never goes back";

  private final Map<SimNode, Seen> disks = new HashMap<>();

  private static final class Seen {
    Ballot promised = Ballot.NONE;
    long round;
    long trimmedBelow;
    final Map<Long, Ballot> accepted = new HashMap<>();
  }

  @Override
  public void written(SimNode node, List<DurableRecord> records) {
    Seen seen = disks.computeIfAbsent(node, any -> new Seen());
    for (DurableRecord record : records) {
      if (record instanceof DurableRecord.Promised promised) {
        require(promised.ballot().isAbove(seen.promised), node, seen.promised, record);
        seen.promised = promised.ballot();
      } else if (record instanceof DurableRecord.Round round) {
        require(round.round() > seen.round, node, seen.round, record);
        seen.round = round.round();
      } else if (record instanceof DurableRecord.Trimmed trimmed) {
        require(trimmed.below() > seen.trimmedBelow, node, seen.trimmedBelow, record);
        seen.trimmedBelow = trimmed.below();
      } else if (record instanceof DurableRecord.Accepted accepted) {
        Entry entry = accepted.entry();
        require(entry.slot() >= seen.trimmedBelow, node, seen.trimmedBelow, record);
        Ballot before = seen.accepted.put(entry.slot(), entry.ballot());
        require(before == null || before.isBelow(entry.ballot()), node, before, record);
        require(entry.ballot().equals(seen.promised), node, seen.promised, record);
      }
    }
  }

  private static void require(boolean holds, SimNode node, Object before, DurableRecord record) {
    if (!holds) {
      throw new SimulationFailure(RULE, "%s holds %s and writes %s", node, before, record);
    }
  }
}
