package synod.sim;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import synod.paxos.Ballot;
import synod.paxos.Effect;
import synod.paxos.Message;
import synod.paxos.Role;

/**
 * A ballot belongs to one life of one proposer, which proposes at most one value at each slot with
 * it.
 */
final class BallotsAreUsedOnce implements Watcher {
  private static final String RULE = "ballots are used once";

  private final Map<Ballot, Use> uses = new HashMap<>();

  private static final class Use {
    final SimNode node;
    final long life;
    final Map<Long, byte[]> proposals = new HashMap<>();

    Use(SimNode node, long life) {
      this.node = node;
      this.life = life;
    }
  }

  @Override
  public void sent(SimNode from, Role role, Effect.Send send) {
    if (send.message() instanceof Message.Prepare prepare) {
      use(from, prepare.ballot());
    } else if (send.message() instanceof Message.Accept accept) {
      byte[] first =
          use(from, accept.ballot()).proposals.putIfAbsent(accept.slot(), accept.value());
      if (first != null && first != accept.value() && !Arrays.equals(first, accept.value())) {
        throw new SimulationFailure(
            RULE, "%s proposed two values at slot %d and %s", from, accept.slot(), accept.ballot());
      }
    }
  }

  private Use use(SimNode from, Ballot ballot) {
    Use use = uses.computeIfAbsent(ballot, any -> new Use(from, from.proposersLife()));
    if (use.node != from || use.life != from.proposersLife()) {
      throw new SimulationFailure(RULE, "%s used by %s and again by %s", ballot, use.node, from);
    }
    return use;
  }
}
