package synod.sim;

import java.util.HashSet;
import java.util.Set;
import synod.paxos.Ballot;
import synod.paxos.Effect;
import synod.paxos.Message;
import synod.paxos.Quorums;
import synod.paxos.Role;

/** Nothing is proposed at a ballot before the disks of a phase-1 quorum have held its promise. */
final class LeadersHaveTheirPromises implements Watcher {
  private final Quorums quorums;
  private final Ledger ledger;
  private final Set<Ballot> rightful = new HashSet<>();

  LeadersHaveTheirPromises(Quorums quorums, Ledger ledger) {
    this.quorums = quorums;
    this.ledger = ledger;
  }

  @Override
  public void sent(SimNode from, Role role, Effect.Send send) {
    if (send.message() instanceof Message.Accept accept && !rightful.contains(accept.ballot())) {
      int promises = ledger.promisesOf(accept.ballot());
      if (promises < quorums.phase1()) {
        throw new SimulationFailure(
            "leaders have their promises",
            "%s proposes at %s, which %d acceptors have promised",
            from,
            accept.ballot(),
            promises);
      }
      rightful.add(accept.ballot());
    }
  }
}
