package synod.sim.actors;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import synod.paxos.Ballot;
import synod.paxos.DurableRecord;
import synod.paxos.Entry;
import synod.sim.SimulationFailure;

/**
 * On each disk promises, rounds and the ballots of a slot only go up, and every entry is written
 * together with, or under, a promise of just its ballot.
 */
final class DiskNeverGoesBack implements Rule {
  private final Map<Host, Seen> disks = new HashMap<>();

  private static final class Seen {
    Ballot promised = Ballot.NONE;
    long round;
    long trimmedBelow;
    final Map<Long, Ballot> accepted = new HashMap<>();
  }

  @Override
  public void written(Host host, List<DurableRecord> records) {
    Seen seen = disks.computeIfAbsent(host, any -> new Seen());
    for (DurableRecord record : records) {
      if (record instanceof DurableRecord.Promised promised) {
        require(promised.ballot().isAbove(seen.promised), host, seen.promised, record);
        seen.promised = promised.ballot();
      } else if (record instanceof DurableRecord.Round round) {
        require(round.round() > seen.round, host, seen.round, record);
        seen.round = round.round();
      } else if (record instanceof DurableRecord.Trimmed trimmed) {
        require(trimmed.below() > seen.trimmedBelow, host, seen.trimmedBelow, record);
        seen.trimmedBelow = trimmed.below();
      } else if (record instanceof DurableRecord.Accepted accepted) {
        Entry entry = accepted.entry();
        require(entry.slot() >= seen.trimmedBelow, host, seen.trimmedBelow, record);
        Ballot before = seen.accepted.put(entry.slot(), entry.ballot());
        require(before == null || before.isBelow(entry.ballot()), host, before, record);
        require(entry.ballot().equals(seen.promised), host, seen.promised, record);
      }
    }
  }

  private static void require(boolean holds, Host host, Object before, DurableRecord record) {
    if (!holds) {
      throw new SimulationFailure(
          "the disk never goes back", "%s holds %s and writes %s", host, before, record);
    }
  }
}
