package synod.node;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import synod.paxos.Role;

/**
 * The chaos scheduler: stops this node's roles at random times, or when told to, by making them
 * fail.
 *
 * <p>The same seed and settings stop the same roles after the same times: each role has a random
 * sequence of its own, and the times between its stops are drawn from an exponential distribution.
 */
final class ChaosActor extends AbstractBehavior<ChaosMessage> {
  private record Due(Role role) implements ChaosMessage {}

  private final NodeContext node;
  private final TimerScheduler<ChaosMessage> timers;
  private final Map<Role, SplittableRandom> randoms = new EnumMap<>(Role.class);
  private NodeConfig.Chaos schedule;

  private ChaosActor(
      ActorContext<ChaosMessage> context, TimerScheduler<ChaosMessage> timers, NodeContext node) {
    super(context);
    this.node = node;
    this.timers = timers;
    this.schedule = node.config().chaos();
    long nodeSeed = schedule.seed() ^ ((long) node.name().hashCode() << 32);
    for (Role role : node.config().self().roles()) {
      randoms.put(role, new SplittableRandom(nodeSeed + role.ordinal()));
    }
    schedule.roles().forEach(this::scheduleNext);
  }

  static Behavior<ChaosMessage> create(NodeContext node) {
    return Behaviors.setup(
        context -> Behaviors.withTimers(timers -> new ChaosActor(context, timers, node)));
  }

  @Override
  public Receive<ChaosMessage> createReceive() {
    return newReceiveBuilder()
        .onMessage(ChaosMessage.Kill.class, this::onKill)
        .onMessage(ChaosMessage.Configure.class, this::onConfigure)
        .onMessage(ChaosMessage.Describe.class, this::onDescribe)
        .onMessage(Due.class, this::onDue)
        .build();
  }

  private Behavior<ChaosMessage> onKill(ChaosMessage.Kill kill) {
    Role role = kill.role();
    ChaosMessage.Answer answer;
    if (node.role(role) == null) {
      answer = new ChaosMessage.Answer(false, node.name() + " runs no " + role.label());
    } else if (!node.status().view().isUp(role)) {
      answer =
          new ChaosMessage.Answer(
              false, "the " + role.label() + " of " + node.name() + " is not up");
    } else {
      Duration downtime = kill.downtime() != null ? kill.downtime() : drawDowntime(role);
      node.tell(role, new RoleMessage.Stop(downtime));
      answer =
          new ChaosMessage.Answer(
              true,
              "the "
                  + role.label()
                  + " of "
                  + node.name()
                  + " is stopped for "
                  + downtime.toMillis()
                  + " ms");
    }
    kill.replyTo().tell(answer);
    return this;
  }

  private Behavior<ChaosMessage> onConfigure(ChaosMessage.Configure change) {
    schedule =
        new NodeConfig.Chaos(
            change.roles(),
            change.meanTimeBetweenFailures(),
            change.downtimeMin(),
            change.downtimeMax(),
            schedule.seed());
    timers.cancelAll();
    schedule.roles().forEach(this::scheduleNext);
    change
        .replyTo()
        .tell(
            new ChaosMessage.Answer(
                true,
                schedule.roles().isEmpty()
                    ? "chaos is off on " + node.name()
                    : "chaos stops "
                        + String.join(
                            ", ", schedule.roles().stream().map(Role::label).sorted().toList())
                        + " of "
                        + node.name()
                        + " every "
                        + schedule.meanTimeBetweenFailures().toMillis()
                        + " ms on average"));
    return this;
  }

  private Behavior<ChaosMessage> onDescribe(ChaosMessage.Describe question) {
    question.replyTo().tell(schedule);
    return this;
  }

  private Behavior<ChaosMessage> onDue(Due due) {
    Duration downtime = drawDowntime(due.role());
    if (node.status().view().isUp(due.role())) {
      node.tell(due.role(), new RoleMessage.Stop(downtime));
    }
    scheduleNext(due.role());
    return this;
  }

  private void scheduleNext(Role role) {
    SplittableRandom random = randoms.get(role);
    if (random != null) {
      double mean = schedule.meanTimeBetweenFailures().toMillis();
      long wait = Math.max(1, Math.round(-mean * Math.log(1 - random.nextDouble())));
      timers.startSingleTimer(role, new Due(role), Duration.ofMillis(wait));
    }
  }

  private Duration drawDowntime(Role role) {
    long min = schedule.downtimeMin().toMillis();
    long max = schedule.downtimeMax().toMillis();
    return Duration.ofMillis(min + randoms.get(role).nextLong(max - min + 1));
  }
}
