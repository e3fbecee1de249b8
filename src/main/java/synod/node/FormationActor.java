package synod.node;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorRefResolver;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import synod.paxos.Formation;

/**
 * Finds out what this node's memory is worth: asks the acceptors until the cluster has formed, and
 * answers the others for as long as the node runs. Writes the node's identity, which blocks.
 */
final class FormationActor extends AbstractBehavior<FormationActor.Command> {
  private static final Duration ASK_INTERVAL = Duration.ofMillis(100);

  /**
   * After this long without a result the log says what is missing, and again after each such time.
   */
  private static final long ROUNDS_UNTIL_NOTICE = 50;

  interface Command {}

  /**
   * @param nonce comes back with the answer, so that answers to an earlier process don't count
   */
  record Ask(String fingerprint, String from, long nonce) implements Command, CborSerializable {}

  /**
   * @param restoredFrom null from a program that can't restore
   */
  record Answer(
      String fingerprint,
      String from,
      long nonce,
      Formation.Standing standing,
      String clusterId,
      String restoredFrom)
      implements Command, CborSerializable {
    private Formation.Report report() {
      return new Formation.Report(standing, clusterId, restoredFrom == null ? "" : restoredFrom);
    }
  }

  private enum Timer implements Command {
    ASK_AGAIN
  }

  private final NodeContext node;
  private final TimerScheduler<Command> timers;
  private final Formation formation;
  private final long nonce;
  private final List<ActorRef<CborSerializable>> acceptors = new ArrayList<>();
  private long rounds;

  private FormationActor(
      ActorContext<Command> context, TimerScheduler<Command> timers, NodeContext node) {
    super(context);
    this.node = node;
    this.timers = timers;
    this.formation =
        new Formation(node.name(), node.config().quorums().acceptors(), node.standing());
    this.nonce = node.randomPositive();
    for (String acceptor : node.config().quorums().acceptors()) {
      if (!acceptor.equals(node.name())) {
        acceptors.add(peer(acceptor));
      }
    }
    node.standing(formation.self());
    proceed();
    if (!formation.self().standing().isSettled()) {
      ask();
      timers.startTimerWithFixedDelay(Timer.ASK_AGAIN, ASK_INTERVAL);
    }
  }

  static Behavior<Command> create(NodeContext node) {
    return Behaviors.setup(
        context -> Behaviors.withTimers(timers -> new FormationActor(context, timers, node)));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Ask.class, this::onAsk)
        .onMessage(Answer.class, this::onAnswer)
        .onMessageEquals(Timer.ASK_AGAIN, this::onAskAgain)
        .build();
  }

  private Behavior<Command> onAsk(Ask question) {
    if (question.fingerprint().equals(node.config().fingerprint()) && isKnown(question.from())) {
      Formation.Report self = formation.self();
      peer(question.from())
          .tell(
              new Answer(
                  question.fingerprint(),
                  node.name(),
                  question.nonce(),
                  self.standing(),
                  self.clusterId(),
                  self.restoredFrom()));
    } else {
      getContext()
          .getLog()
          .warn(
              "{} asks for the cluster, but is configured otherwise (fingerprint {})",
              question.from(),
              question.fingerprint());
    }
    return this;
  }

  private Behavior<Command> onAnswer(Answer answer) {
    if (answer.nonce() == nonce
        && answer.fingerprint().equals(node.config().fingerprint())
        && !formation.self().standing().isSettled()) {
      formation.heard(answer.from(), answer.report());
      proceed();
    }
    return this;
  }

  private Behavior<Command> onAskAgain() {
    if (formation.self().standing().isSettled()) {
      timers.cancel(Timer.ASK_AGAIN);
      return this;
    }
    if (++rounds % ROUNDS_UNTIL_NOTICE == 0) {
      getContext().getLog().info("the cluster has not formed: {}", formation.waitingFor());
    }
    ask();
    return this;
  }

  private void ask() {
    Ask question = new Ask(node.config().fingerprint(), node.name(), nonce);
    acceptors.forEach(acceptor -> acceptor.tell(question));
  }

  private void proceed() {
    for (var step = next(); step.isPresent(); step = next()) {
      if (step.get().standing() == Formation.Standing.FORGOTTEN
          && !node.config().learnsAfterDiskLoss()) {
        refuse(step.get().clusterId());
        return;
      }
      node.storage().advance(step.get());
      formation.advanced(step.get());
      node.standing(step.get());
      if (step.get().standing().isSettled()) {
        node.tellAll(new RoleMessage.Settled());
      }
    }
  }

  /** Nothing is written: with its old data directory the node is as it was. */
  private void refuse(String clusterId) {
    timers.cancel(Timer.ASK_AGAIN);
    node.diskLost(
        "the data directory "
            + node.config().dataDirectory()
            + " is empty, but the cluster has formed (id "
            + clusterId
            + "): this acceptor has lost its memory. Put its directory back, or let it go on as a"
            + " learner, which never votes again, with synod.storage.after-disk-loss = learn");
  }

  private Optional<Formation.Report> next() {
    return formation.next(
        () -> new UUID(node.random().nextLong(), node.random().nextLong()).toString());
  }

  private boolean isKnown(String name) {
    return node.config().nodes().stream().anyMatch(peer -> peer.name().equals(name));
  }

  private ActorRef<CborSerializable> peer(String name) {
    return ActorRefResolver.get(getContext().getSystem())
        .resolveActorRef(
            Peers.path(node.config(), node.config().node(name), NodeGuardian.FORMATION));
  }
}
