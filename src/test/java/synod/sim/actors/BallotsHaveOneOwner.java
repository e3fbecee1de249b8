package synod.sim.actors;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import synod.paxos.Ballot;
import synod.paxos.Message;
import synod.paxos.Quorums;
import synod.sim.SimulationFailure;

/**
 * A ballot belongs to one life of one proposer. That proposes at most one value at each slot with
 * it, and nothing before the disks of a phase-1 quorum have held its promise.
 */
final class BallotsHaveOneOwner implements Rule {
  private static final String RULE = "ballots have one owner";

  private final Quorums quorums;
  private final Ledger ledger;
  private final Map<Ballot, Use> uses = new HashMap<>();

  private static final class Use {
    final Host host;
    final long life;
    final Map<Long, byte[]> proposals = new HashMap<>();

    Use(Host host, long life) {
      this.host = host;
      this.life = life;
    }
  }

  BallotsHaveOneOwner(Quorums quorums, Ledger ledger) {
    this.quorums = quorums;
    this.ledger = ledger;
  }

  @Override
  public void sent(Host from, Message message) {
    if (message instanceof Message.Prepare prepare) {
      use(from, prepare.ballot());
    } else if (message instanceof Message.Accept accept) {
      proposed(from, accept);
    }
  }

  private void proposed(Host from, Message.Accept accept) {
    Use use = use(from, accept.ballot());
    if (use.proposals.isEmpty() && ledger.promisesOf(accept.ballot()) < quorums.phase1()) {
      throw new SimulationFailure(RULE, "%s proposes without promises: %s", from, accept);
    }
    byte[] first = use.proposals.putIfAbsent(accept.slot(), accept.value());
    if (first != null && !Arrays.equals(first, accept.value())) {
      throw new SimulationFailure(
          RULE, "%s proposed two values at slot %d and %s", from, accept.slot(), accept.ballot());
    }
  }

  private Use use(Host from, Ballot ballot) {
    Use use = uses.computeIfAbsent(ballot, any -> new Use(from, from.proposersLife()));
    if (use.host != from || use.life != from.proposersLife()) {
      throw new SimulationFailure(RULE, "%s used by %s and again by %s", ballot, use.host, from);
    }
    return use;
  }
}
