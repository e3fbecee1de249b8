package synod.sim;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import synod.kv.EntryCodec;
import synod.paxos.Ballot;
import synod.paxos.Effect;
import synod.paxos.Message;
import synod.paxos.Proposer;
import synod.paxos.Role;

/** One life of a proposer. */
final class ProposerLife extends RoleLife {
  private final Proposer proposer;

  ProposerLife(SimNode node, int number) {
    super(node, Role.PROPOSER, number);
    Swarm swarm = sim.swarm();
    Set<String> learners = new HashSet<>(swarm.acceptors());
    learners.addAll(swarm.learners());
    proposer =
        new Proposer(
            node.name(),
            node.incarnation(),
            sim.mutant().roundFound(node, node.disk().round()),
            new Proposer.Group(
                sim.mutant().quorums(node, swarm.quorums()),
                Set.copyOf(swarm.acceptors()),
                learners),
            swarm.settings(),
            batches -> EntryCodec.encode(node.wallMillis(), batches),
            bound -> sim.random().nextLong(bound),
            node.now());
  }

  boolean leads() {
    return proposer.phase() == Proposer.Phase.LEADING;
  }

  Ballot ballot() {
    return proposer.ballot();
  }

  void handOver() {
    execute(proposer.handOver(node.now()));
    settle();
  }

  @Override
  List<Effect> receive(String from, Message message, long now) {
    return proposer.receive(from, message, now);
  }

  @Override
  boolean wantsFlush() {
    return proposer.wantsFlush();
  }

  @Override
  List<Effect> flush(long now) {
    return proposer.flush(now);
  }

  @Override
  List<Effect> tick(long now) {
    return proposer.tick(now);
  }

  @Override
  long wakeUpAt() {
    return proposer.wakeUpAt();
  }

  @Override
  void persisted(long id) {
    proposer.persisted(id);
  }
}
