package synod.node;

import akka.actor.typed.Behavior;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import synod.node.NodeStatus.Membership;
import synod.node.NodeStatus.RoleState;
import synod.node.NodeStatus.RoleView;
import synod.node.NodeStatus.View;
import synod.paxos.Ballot;
import synod.paxos.Role;

/** Lets tests of the floors above play the node's actors: set its status, publish its events. */
public final class NodeControls {
  private NodeControls() {}

  public static void publish(NodeEvents events, NodeEvent event) {
    events.publish(event);
  }

  /** The relay of a node of this configuration. */
  public static Behavior<RelayMessage> relay(NodeConfig config) {
    return RelayActor.create(config);
  }

  public static void update(NodeStatus status, UnaryOperator<View> change) {
    status.update(change);
  }

  /** A member with a leader; every role of it is up. */
  public static View serving(View view, Ballot leader) {
    Map<Role, RoleView> roles = new EnumMap<>(Role.class);
    view.roles().keySet().forEach(role -> roles.put(role, role(RoleState.UP)));
    return new View(
        view.node(),
        Membership.MEMBER,
        "c1d2",
        roles,
        leader,
        leader.proposer().equals(view.node()),
        leader,
        12,
        11,
        10,
        9,
        1,
        Set.of("n1", "n2"),
        Set.of("n3"),
        false,
        false,
        !leader.equals(Ballot.NONE));
  }

  public static View with(View view, Role role, RoleView state) {
    Map<Role, RoleView> roles = new EnumMap<>(view.roles());
    roles.put(role, state);
    return new View(
        view.node(),
        view.membership(),
        view.clusterId(),
        roles,
        view.leader(),
        view.leading(),
        view.promised(),
        view.acceptedSlot(),
        view.chosenSlot(),
        view.appliedSlot(),
        view.revision(),
        view.elections(),
        view.members(),
        view.unreachable(),
        view.lowSpace(),
        view.stopping(),
        view.leaderHeard());
  }

  /** The leader has fallen silent, as for a node that was cut off. */
  public static View unheard(View view) {
    return view.withLearner(
        view.leader(), false, view.chosenSlot(), view.appliedSlot(), view.revision());
  }

  /** The node was told to stop. */
  public static View stopping(View view) {
    return view.withStopping();
  }

  public static RoleView role(RoleState state) {
    return new RoleView(state, 0, 0, 0, "");
  }
}
