package synod.sim;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import synod.paxos.Ballot;
import synod.paxos.DurableRecord;
import synod.paxos.Entry;

/**
 * On each disk promises, rounds and the ballots of a slot only go up, and every entry is written
 * together with, or under, a promise of just its ballot.
 */
final class DiskNeverGoesBack implements Watcher {
  private static final String RULE = "the disk never goes back";

  private final Map<SimNode, Seen> disks = new HashMap<>();

  private static final class Seen {
    Ballot promised = Ballot.NONE;
    long round;
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
      } else if (record instanceof DurableRecord.Accepted accepted) {
        Entry entry = accepted.entry();
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
