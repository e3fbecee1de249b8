package synod.sim;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import synod.paxos.Ballot;
import synod.paxos.Effect;
import synod.paxos.Message;
import synod.paxos.PaxosSettings;
import synod.paxos.Quorums;
import synod.paxos.Role;

/**
 * Nobody deposes a leader that is heard: before a campaign a phase-1 quorum said that it misses the
 * leader, or the leader itself asked for it; and an acceptor says so only after it heard of no
 * leader for the shortest election timeout.
 */
final class CampaignsAreGranted implements Watcher {
  private static final String RULE = "campaigns are granted";

  private final Quorums quorums;
  private final long patience;
  private final Map<SimNode, Question> questions = new HashMap<>();
  private final Map<SimNode, Heard> heard = new HashMap<>();

  /**
   * Campaigns that each node may begin; one that it began may show late, after the next question.
   */
  private final Map<SimNode, Integer> granted = new HashMap<>();

  private final Set<Ballot> campaigns = new HashSet<>();

  private record Question(long nonce, Set<String> missing) {}

  private record Heard(AcceptorLife life, long at) {}

  CampaignsAreGranted(Quorums quorums, PaxosSettings settings) {
    this.quorums = quorums;
    this.patience = settings.electionTimeoutMin().toNanos();
  }

  @Override
  public void received(SimNode node, Role role, String from, Message message) {
    if (message instanceof Message.PreCampaignReply reply) {
      Question question = questions.get(node);
      if (question != null && reply.nonce() == question.nonce() && reply.missesLeader()) {
        boolean before = quorums.isPhase1(question.missing());
        question.missing().add(from);
        if (!before && quorums.isPhase1(question.missing())) {
          granted.merge(node, 1, Integer::sum);
        }
      }
    } else if (message instanceof Message.Handover) {
      granted.merge(node, 1, Integer::sum);
    } else if (message instanceof Message.Heartbeat beat && role == Role.ACCEPTOR) {
      AcceptorLife life = node.acceptor().orElseThrow();
      if (!beat.ballot().isBelow(life.promised())) {
        heard.put(node, new Heard(life, node.now()));
      }
    }
  }

  @Override
  public void sent(SimNode from, Role role, Effect.Send send) {
    if (send.message() instanceof Message.PreCampaign question) {
      Question last = questions.get(from);
      if (last == null || last.nonce() != question.nonce()) {
        questions.put(from, new Question(question.nonce(), new HashSet<>()));
      }
    } else if (send.message() instanceof Message.PreCampaignReply reply) {
      Heard last = heard.get(from);
      boolean hears =
          last != null
              && last.life() == from.life(Role.ACCEPTOR)
              && from.now() - last.at() < patience;
      if (hears && reply.missesLeader()) {
        throw new SimulationFailure(RULE, "%s says that it misses a leader that it hears", from);
      }
    } else if (send.message() instanceof Message.Prepare prepare
        && campaigns.add(prepare.ballot())
        && granted.merge(from, -1, Integer::sum) < 0) {
      throw new SimulationFailure(
          RULE, "%s prepares %s, and no quorum missed the leader", from, prepare.ballot());
    }
  }
}
