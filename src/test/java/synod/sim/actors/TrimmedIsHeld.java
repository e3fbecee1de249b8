package synod.sim.actors;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import synod.paxos.DurableRecord;
import synod.paxos.Quorums;
import synod.sim.SimulationFailure;

/**
 * What an acceptor trims is held, durably and as applied state, by the learners of so many acceptor
 * nodes that every phase-1 quorum has one of them.
 */
final class TrimmedIsHeld implements Rule {
  private final Quorums quorums;

  TrimmedIsHeld(Quorums quorums) {
    this.quorums = quorums;
  }

  @Override
  public void written(Host host, List<DurableRecord> records) {
    for (DurableRecord record : records) {
      if (record instanceof DurableRecord.Trimmed trimmed) {
        Set<String> holders = new HashSet<>();
        for (Host other : host.sim().hosts()) {
          if (other.disk().snapshots().held() >= trimmed.below() - 1) {
            holders.add(other.name());
          }
        }
        if (!quorums.blocksPhase1(holders)) {
          throw new SimulationFailure(
              "what is trimmed is held",
              "%s trims below %d, which only %s hold",
              host,
              trimmed.below(),
              holders);
        }
      }
    }
  }
}
