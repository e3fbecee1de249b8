package synod.node;

import java.util.List;
import synod.paxos.Acceptor;
import synod.paxos.Effect;
import synod.paxos.Message;
import synod.paxos.Role;

/** One life of this node's acceptor. */
final class AcceptorShell implements RoleShell {
  private final NodeContext node;
  private final Acceptor acceptor;

  AcceptorShell(NodeContext node) {
    this.node = node;
    this.acceptor =
        new Acceptor(
            node.name(),
            node.config().has(Role.LEARNER),
            node.config().quorums(),
            node.paxos(),
            node.storage().acceptorLog(),
            node.now());
    acceptor.setLowSpace(node.status().view().lowSpace());
  }

  @Override
  public List<Effect> receive(String from, Message message, long now) {
    return acceptor.receive(from, message, now);
  }

  @Override
  public boolean readsDisk(Message message) {
    return acceptor.readsLog(message);
  }

  @Override
  public List<Effect> receiveHere(RoleMessage message, long now) {
    if (message instanceof RoleMessage.SpaceChanged space) {
      acceptor.setLowSpace(space.low());
      return List.of();
    }
    return RoleShell.super.receiveHere(message, now);
  }

  @Override
  public void persisted(long id) {
    acceptor.persisted(id);
  }

  @Override
  public void settle() {
    node.status().load().acceptor(acceptor.lastSlot() - acceptor.trimmedBelow() + 1);
    NodeStatus.View seen = node.status().view();
    if (acceptor.lastSlot() != seen.acceptedSlot()
        || !acceptor.promised().equals(seen.promised())) {
      node.status().update(view -> view.withAcceptor(acceptor.promised(), acceptor.lastSlot()));
    }
  }
}
