package synod.node;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import synod.node.LeaderMessage.Result;
import synod.paxos.Ballot;
import synod.paxos.Message;
import synod.paxos.Role;

/**
 * Moves leadership to a node that people choose, from any node: asks that node's proposer to take
 * over, as a leader does that is leaving, until it is heard to lead. The leader goes on until it is
 * outbid, so that a node which doesn't answer leaves no gap.
 */
final class LeaderActor extends AbstractBehavior<LeaderMessage> {
  static final String NAME = "leader";

  private static final Duration LOOK_INTERVAL = Duration.ofMillis(10);

  private final NodeContext node;
  private final TimerScheduler<LeaderMessage> timers;
  private final List<UnderWay> underWay = new ArrayList<>();

  private final class UnderWay {
    private final LeaderMessage.Move move;
    private final long deadline;
    private long askAt;

    UnderWay(LeaderMessage.Move move) {
      this.move = move;
      askAt = node.now();
      deadline = askAt + move.patience().toNanos();
    }

    /** Goes on with it, or ends it. */
    boolean isOver() {
      NodeStatus.View view = node.status().view();
      long now = node.now();
      if (view.leader().proposer().equals(move.to())) {
        return end(Result.MOVED, view.leader());
      }
      if (now - deadline >= 0) {
        return end(Result.NOT_IN_TIME, view.leader());
      }
      if (now - askAt >= 0) {
        askAt = now + node.paxos().retransmitInterval().toNanos();
        node.peers().send(move.to(), Role.PROPOSER, new Message.Handover(view.leader()));
      }
      return false;
    }

    private boolean end(Result result, Ballot leader) {
      getContext()
          .getLog()
          .info("{} is to lead: {}, the leader is {}", move.to(), result, leader.proposer());
      move.replyTo().tell(new LeaderMessage.Moved(result, leader));
      return true;
    }
  }

  private LeaderActor(
      ActorContext<LeaderMessage> context, TimerScheduler<LeaderMessage> timers, NodeContext node) {
    super(context);
    this.timers = timers;
    this.node = node;
  }

  static Behavior<LeaderMessage> create(NodeContext node) {
    return Behaviors.setup(
        context -> Behaviors.withTimers(timers -> new LeaderActor(context, timers, node)));
  }

  @Override
  public Receive<LeaderMessage> createReceive() {
    return newReceiveBuilder()
        .onMessage(LeaderMessage.Move.class, this::onMove)
        .onMessageEquals(LeaderMessage.Timer.LOOK, this::onLook)
        .build();
  }

  private Behavior<LeaderMessage> onMove(LeaderMessage.Move move) {
    NodeStatus.View view = node.status().view();
    if (!view.leaderHeard()) {
      move.replyTo().tell(new LeaderMessage.Moved(Result.NO_LEADER, view.leader()));
    } else if (view.leader().proposer().equals(move.to())) {
      move.replyTo().tell(new LeaderMessage.Moved(Result.LED_ALREADY, view.leader()));
    } else {
      underWay.add(new UnderWay(move));
      return onLook();
    }
    return this;
  }

  private Behavior<LeaderMessage> onLook() {
    underWay.removeIf(UnderWay::isOver);
    if (underWay.isEmpty()) {
      timers.cancelAll();
    } else if (!timers.isTimerActive(LeaderMessage.Timer.LOOK)) {
      timers.startTimerWithFixedDelay(LeaderMessage.Timer.LOOK, LOOK_INTERVAL);
    }
    return this;
  }
}
