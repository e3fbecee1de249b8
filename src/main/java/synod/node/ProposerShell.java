package synod.node;

import akka.actor.typed.ActorRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import synod.kv.EntryCodec;
import synod.paxos.Effect;
import synod.paxos.Message;
import synod.paxos.Proposer;
import synod.paxos.Role;

/** One life of this node's proposer. */
final class ProposerShell implements RoleShell {
  private final NodeContext node;
  private final Proposer proposer;
  private boolean led;

  /** Who wants to know when leadership was given away, or nobody took it. */
  private final List<ActorRef<RoleMessage.Done>> leaving = new ArrayList<>();

  ProposerShell(NodeContext node) {
    this.node = node;
    NodeConfig config = node.config();
    this.proposer =
        new Proposer(
            node.name(),
            node.incarnation(),
            node.storage().round(),
            new Proposer.Group(
                config.quorums(),
                Set.copyOf(config.nodesWith(Role.PROPOSER)),
                Set.copyOf(config.nodesWith(Role.LEARNER))),
            node.paxos(),
            batches -> EntryCodec.encode(node.wallMillis(), batches),
            bound -> node.random().nextLong(bound),
            node.now());
  }

  @Override
  public List<Effect> receive(String from, Message message, long now) {
    return proposer.receive(from, message, now);
  }

  @Override
  public List<Effect> receiveHere(RoleMessage message, long now) {
    if (message instanceof RoleMessage.HandOver handOver) {
      leaving.add(handOver.replyTo());
      return proposer.handOver(now);
    }
    return RoleShell.super.receiveHere(message, now);
  }

  @Override
  public boolean wantsFlush() {
    return proposer.wantsFlush();
  }

  @Override
  public List<Effect> flush(long now) {
    return proposer.flush(now);
  }

  @Override
  public List<Effect> tick(long now) {
    List<Effect> effects = proposer.tick(now);
    // Also now and then while it leads and nothing else happens.
    node.status().load().contacts(proposer.contacts(now));
    return effects;
  }

  @Override
  public long wakeUpAt() {
    return proposer.wakeUpAt();
  }

  @Override
  public void persisted(long id) {
    proposer.persisted(id);
  }

  @Override
  public void settle() {
    if (!proposer.isHandingOver()) {
      answerLeaving();
    }
    node.status().load().proposer(proposer.submissionsQueued(), proposer.slotsInFlight());
    boolean leads = proposer.phase() == Proposer.Phase.LEADING;
    if (leads != led || proposer.leader().isAbove(node.status().view().leader())) {
      long elected = leads && !led ? 1 : 0;
      led = leads;
      if (!leads) {
        node.status().load().contacts(Map.of());
      }
      node.status()
          .update(view -> view.withProposer(proposer.leader(), leads, view.elections() + elected));
    }
  }

  private void answerLeaving() {
    leaving.forEach(asker -> asker.tell(new RoleMessage.Done()));
    leaving.clear();
  }

  @Override
  public void close() {
    answerLeaving();
    node.status().load().proposer(0, 0);
    node.status().load().contacts(Map.of());
    node.status().update(view -> view.withProposer(view.leader(), false, view.elections()));
  }
}
