package synod.node;

import akka.actor.Address;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.ClusterEvent;
import akka.cluster.Member;
import akka.cluster.MemberStatus;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Subscribe;
import java.util.Set;
import java.util.TreeSet;

/**
 * Shows what the Akka cluster's membership sees. A hint for people: nothing in the protocol waits
 * for it or trusts it.
 */
final class MembershipActor {
  private MembershipActor() {}

  static Behavior<ClusterEvent.ClusterDomainEvent> create(NodeContext node) {
    return Behaviors.setup(
        context -> {
          Cluster cluster = Cluster.get(context.getSystem());
          ActorRef<ClusterEvent.ClusterDomainEvent> self = context.getSelf();
          cluster
              .subscriptions()
              .tell(Subscribe.create(self.narrow(), ClusterEvent.MemberEvent.class));
          cluster
              .subscriptions()
              .tell(Subscribe.create(self.narrow(), ClusterEvent.ReachabilityEvent.class));
          return Behaviors.receive(ClusterEvent.ClusterDomainEvent.class)
              .onAnyMessage(
                  event -> {
                    show(node, cluster.state());
                    return Behaviors.same();
                  })
              .build();
        });
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
