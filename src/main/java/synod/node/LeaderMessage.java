package synod.node;

import akka.actor.typed.ActorRef;
import java.time.Duration;
import synod.paxos.Ballot;

/** What the actor is told that moves leadership to where people want it. */
public sealed interface LeaderMessage {
  /**
   * Have a node lead. It must run a proposer.
   *
   * @param to the node's name, which may be this one's
   * @param patience for how long it is tried
   */
  record Move(String to, Duration patience, ActorRef<Moved> replyTo) implements LeaderMessage {}

  /** Time to look whether it has happened. */
  enum Timer implements LeaderMessage {
    LOOK
  }

  /** How it went. */
  enum Result {
    MOVED,
    LED_ALREADY,
    /** This node hears no leader that has a quorum: nobody could hand over. */
    NO_LEADER,
    /** The node didn't take over in time. It still may, if it hears what it was sent. */
    NOT_IN_TIME
  }

  /**
   * @param leader the highest ballot of a leader that this node has heard of
   */
  record Moved(Result result, Ballot leader) {}
}
