package synod.node;

import akka.actor.Address;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.ClusterEvent;
import akka.cluster.Member;
import akka.cluster.MemberStatus;
import akka.cluster.typed.Cluster;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

/**
 * Shows what the Akka cluster's membership sees. A hint for people: nothing in the protocol waits
 * for it or trusts it.
 */
final class MembershipActor {
  /** How old what is shown may be. */
  private static final Duration LOOK_INTERVAL = Duration.ofMillis(500);

  enum Command {
    LOOK
  }

  private MembershipActor() {}

  static Behavior<Command> create(NodeContext node) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  Cluster cluster = Cluster.get(context.getSystem());
                  timers.startTimerWithFixedDelay(Command.LOOK, LOOK_INTERVAL);
                  return Behaviors.receiveMessage(
                      look -> {
                        show(node, cluster.state());
                        return Behaviors.same();
                      });
                }));
  }

  private static void show(NodeContext node, ClusterEvent.CurrentClusterState state) {
    Set<String> members = new TreeSet<>();
    for (Member member : state.getMembers()) {
      if (member.status().equals(MemberStatus.up())) {
        members.add(name(node, member));
      }
    }
    Set<String> unreachable = new TreeSet<>();
    state.getUnreachable().forEach(member -> unreachable.add(name(node, member)));
    NodeStatus.View seen = node.status().view();
    if (!members.equals(seen.members()) || !unreachable.equals(seen.unreachable())) {
      node.status().update(view -> view.withMembers(Set.copyOf(members), Set.copyOf(unreachable)));
      node.events().publish(new NodeEvent.MembershipChanged(node.name(), members, unreachable));
    }
  }

  private static String name(NodeContext node, Member member) {
    Address address = member.address();
    return node.config().nodes().stream()
        .filter(
            peer ->
                peer.host().equals(address.getHost().orElse(""))
                    && peer.akkaPort() == address.getPort().orElse(0))
        .map(NodeConfig.Node::name)
        .findFirst()
        .orElse(address.toString());
  }
}
