package synod.node;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;

/**
 * What a running node offers to the floors above.
 *
 * @param gateway null on a node without that role
 * @param learner answers a {@link RoleMessage.DigestQuery} and a {@link RoleMessage.TakeSnapshot};
 *     null on a node without that role
 * @param leadership has another node lead
 * @param snapshots what the learner's snapshots hold
 * @param relay to the other nodes, for what people watch and ask for
 */
public record NodeServices(
    ActorSystem<?> system,
    NodeConfig config,
    NodeStatus status,
    NodeEvents events,
    ActorRef<GatewayMessage> gateway,
    ActorRef<ChaosMessage> chaos,
    ActorRef<RoleMessage> learner,
    ActorRef<LeaderMessage> leadership,
    SnapshotReader snapshots,
    ActorRef<RelayMessage> relay) {}
