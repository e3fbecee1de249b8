package synod.sim;

import java.util.List;
import synod.paxos.Acceptor;
import synod.paxos.Ballot;
import synod.paxos.Effect;
import synod.paxos.Invariant;
import synod.paxos.Message;
import synod.paxos.Role;

/** One life of an acceptor. */
final class AcceptorLife extends RoleLife {
  private Acceptor acceptor;

  /** Whether the acceptor has said that it may read its log now. */
  private boolean mayRead;

  AcceptorLife(SimNode node, int number) {
    super(node, Role.ACCEPTOR, number);
    recover();
  }

  /** Begins with what is on disk. */
  void recover() {
    acceptor =
        new Acceptor(
            node.name(),
            node.has(Role.LEARNER),
            sim.mutant().quorums(node, sim.swarm().quorums()),
            sim.swarm().settings(),
            new WatchedReads(
                node.disk(), () -> Invariant.check(mayRead, "the log was read unannounced")),
            node.now());
    acceptor.setLowSpace(node.isSpaceLow());
  }

  /** The highest ballot promised, durably or not yet. */
  Ballot promised() {
    return acceptor.promised();
  }

  void setLowSpace(boolean low) {
    acceptor.setLowSpace(low);
  }

  @Override
  List<Effect> receive(String from, Message message, long now) {
    mayRead = acceptor.readsLog(message);
    return acceptor.receive(from, message, now);
  }

  @Override
  List<Effect> tick(long now) {
    return List.of();
  }

  @Override
  long wakeUpAt() {
    return Long.MAX_VALUE;
  }

  @Override
  void persisted(long id) {
    acceptor.persisted(id);
  }
}
