package synod.sim;

import java.util.ArrayList;
import java.util.List;
import synod.paxos.Ballot;
import synod.paxos.Effect;
import synod.paxos.Message;
import synod.paxos.ProtocolEvent;
import synod.paxos.Role;

/** The classic mistakes in choosing a leader, one class each. */
final class ElectionMutants {
  private ElectionMutants() {}

  /** A proposer that misses the leader campaigns without asking whether others miss it too. */
  static final class CampaignsUnasked implements Mutant {
    @Override
    public List<Effect> effects(SimNode node, Role role, List<Effect> effects) {
      for (Effect effect : effects) {
        if (effect instanceof Effect.Send send
            && send.message() instanceof Message.PreCampaign question) {
          Message yes = new Message.PreCampaignReply(question.nonce(), true, Ballot.NONE);
          node.here(() -> node.proposer().ifPresent(life -> life.deliver(send.node(), yes)));
        }
      }
      return effects;
    }
  }

  /** An acceptor that is asked says that it misses the leader, whether it does or not. */
  static final class AlwaysMissesTheLeader implements Mutant {
    @Override
    public List<Effect> effects(SimNode node, Role role, List<Effect> effects) {
      List<Effect> changed = new ArrayList<>();
      for (Effect effect : effects) {
        if (effect instanceof Effect.Send send
            && send.message() instanceof Message.PreCampaignReply reply) {
          Message yes = new Message.PreCampaignReply(reply.nonce(), true, reply.promised());
          changed.add(new Effect.Send(send.node(), send.role(), yes));
        } else {
          changed.add(effect);
        }
      }
      return changed;
    }
  }

  /** A leader that hears nobody goes on telling that it leads. */
  static final class LeadsDeaf implements Mutant {
    @Override
    public List<Effect> effects(SimNode node, Role role, List<Effect> effects) {
      for (Effect effect : effects) {
        if (effect instanceof Effect.Send send
            && send.role() == Role.ACCEPTOR
            && send.message() instanceof Message.Heartbeat beat) {
          // Counts as an answer of that acceptor, but for no round of reads.
          Message ack = new Message.HeartbeatAck(beat.ballot(), -1, beat.ballot());
          node.here(() -> node.proposer().ifPresent(life -> life.deliver(send.node(), ack)));
        }
      }
      return effects;
    }
  }

  /** A proposer that was outbid campaigns again at once, with a higher ballot. */
  static final class DuelsForEver implements Mutant {
    @Override
    public List<Effect> effects(SimNode node, Role role, List<Effect> effects) {
      for (Effect effect : effects) {
        if (effect instanceof Effect.Publish publish
            && publish.event() instanceof ProtocolEvent.SteppedDown) {
          Ballot leader = node.proposer().orElseThrow().ballot();
          Effect.Send again =
              new Effect.Send(node.name(), Role.PROPOSER, new Message.Handover(leader));
          node.here(() -> node.sim().network().send(node, Role.PROPOSER, again));
        }
      }
      return effects;
    }
  }
}
