package synod.node;

import akka.actor.typed.ActorRef;
import java.time.Duration;
import java.util.Set;
import synod.paxos.Role;

/** What a node's chaos scheduler is told. */
public interface ChaosMessage {
  /**
   * Stop a role of this node now.
   *
   * @param downtime how long it stays away; null to draw it from the configured range
   */
  record Kill(Role role, Duration downtime, ActorRef<Answer> replyTo) implements ChaosMessage {}

  /**
   * Replace the running schedule.
   *
   * @param roles the roles to stop at random; none switches chaos off
   */
  record Configure(
      Set<Role> roles,
      Duration meanTimeBetweenFailures,
      Duration downtimeMin,
      Duration downtimeMax,
      ActorRef<Answer> replyTo)
      implements ChaosMessage {}

  /** Asks for the running schedule. */
  record Describe(ActorRef<NodeConfig.Chaos> replyTo) implements ChaosMessage {}

  /**
   * @param accepted false if nothing was done: the node doesn't run the role, or it is down already
   * @param detail one sentence for a person
   */
  record Answer(boolean accepted, String detail) {}
}
