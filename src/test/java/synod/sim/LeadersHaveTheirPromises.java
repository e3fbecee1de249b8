package synod.sim;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import synod.paxos.Ballot;
import synod.paxos.Effect;
import synod.paxos.Message;
import synod.paxos.Quorums;
import synod.paxos.Role;

/**
 * Nothing is proposed at a ballot before the disks of a phase-1 quorum have held its promise, and
 * that quorum's promises of just this ballot have come.
 */
final class LeadersHaveTheirPromises implements Watcher {
  private final Quorums quorums;
  private final Ledger ledger;
  private final Set<Ballot> rightful = new HashSet<>();

  /** The acceptors whose promises of a ballot have come to its proposer. */
  private final Map<Ballot, Set<String>> promised = new HashMap<>();

  LeadersHaveTheirPromises(Quorums quorums, Ledger ledger) {
    this.quorums = quorums;
    this.ledger = ledger;
  }

  @Override
  public void received(SimNode node, Role role, String from, Message message) {
    if (message instanceof Message.Promise promise) {
      promised.computeIfAbsent(promise.ballot(), any -> new HashSet<>()).add(from);
    }
  }

  @Override
  public void sent(SimNode from, Role role, Effect.Send send) {
    if (send.message() instanceof Message.Accept accept && !rightful.contains(accept.ballot())) {
      int held = ledger.promisesOf(accept.ballot());
      Set<String> told = promised.getOrDefault(accept.ballot(), Set.of());
      if (held < quorums.phase1() || !quorums.isPhase1(told)) {
        throw new SimulationFailure(
            "leaders have their promises",
            "%s proposes at %s, which %d acceptors have promised, and %s have said so",
            from,
            accept.ballot(),
            held,
            told);
      }
      rightful.add(accept.ballot());
    }
  }
}
