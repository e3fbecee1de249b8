package synod.node;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.PostStop;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.Terminated;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import synod.paxos.Role;
import synod.storage.DiskUse;

/**
 * The root of a node's actors: starts the roles that the configuration names, formation,
 * membership, upkeep and chaos, and watches how full the disk is. A role that stopped for good
 * stays away; a proposer whose learner did goes with it.
 */
final class NodeGuardian extends AbstractBehavior<NodeGuardian.Command> {
  static final String FORMATION = "formation";

  /** For whatever blocks on the disk. */
  static final DispatcherSelector STORAGE =
      DispatcherSelector.fromConfig("synod.storage-dispatcher");

  private static final Duration SPACE_INTERVAL = Duration.ofSeconds(1);

  interface Command {}

  /** Stable storage failed. */
  record StorageFailed(RuntimeException cause) implements Command {}

  private record SpaceChecked(DiskUse use) implements Command {}

  private enum Timer implements Command {
    CHECK_SPACE
  }

  private final NodeContext node;
  private final Map<ActorRef<?>, Role> roleOf = new HashMap<>();

  private NodeGuardian(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      NodeContext node,
      Behavior<MembershipActor.Command> membership,
      CompletableFuture<ActorRef<ChaosMessage>> started) {
    super(context);
    this.node = node;
    node.peers(new Peers(context.getSystem(), node));
    spawn(Role.LEARNER, LearnerShell::new, STORAGE);
    spawn(Role.ACCEPTOR, AcceptorShell::new, DispatcherSelector.defaultDispatcher());
    spawn(Role.PROPOSER, ProposerShell::new, DispatcherSelector.defaultDispatcher());
    spawn(Role.GATEWAY, GatewayShell::new, DispatcherSelector.defaultDispatcher());
    context.spawn(
        Behaviors.supervise(FormationActor.create(node))
            .onFailure(RuntimeException.class, SupervisorStrategy.restart()),
        FORMATION,
        STORAGE);
    context.spawn(membership, "membership");
    context.spawn(
        Behaviors.supervise(UpkeepActor.create(node))
            .onFailure(RuntimeException.class, SupervisorStrategy.restart()),
        UpkeepActor.NAME);
    started.complete(context.spawn(ChaosActor.create(node), "chaos"));
    timers.startTimerWithFixedDelay(Timer.CHECK_SPACE, SPACE_INTERVAL);
  }

  /**
   * @param membership watches the Akka cluster, if the actor system is part of one
   * @param started completes with the chaos scheduler when the actors are there
   */
  static Behavior<Command> create(
      NodeContext node,
      Behavior<MembershipActor.Command> membership,
      CompletableFuture<ActorRef<ChaosMessage>> started) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new NodeGuardian(context, timers, node, membership, started)));
  }

  private void spawn(Role role, RoleActor.ShellFactory factory, DispatcherSelector dispatcher) {
    if (node.config().has(role)) {
      ActorRef<RoleMessage> actor =
          getContext().spawn(RoleActor.create(node, role, factory), role.label(), dispatcher);
      getContext().watch(actor);
      roleOf.put(actor, role);
      node.role(role, actor);
    }
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(StorageFailed.class, this::onStorageFailed)
        .onMessageEquals(Timer.CHECK_SPACE, this::onCheckSpace)
        .onMessage(SpaceChecked.class, this::onSpaceChecked)
        .onSignal(Terminated.class, this::onTerminated)
        .onSignal(PostStop.class, stopped -> onPostStop())
        .build();
  }

  private Behavior<Command> onStorageFailed(StorageFailed failure) {
    node.storageLost(failure.cause());
    return this;
  }

  private Behavior<Command> onTerminated(Terminated ended) {
    if (roleOf.get(ended.getRef()) == Role.LEARNER && node.role(Role.PROPOSER) != null) {
      // A leader must be able to tell the others what is chosen.
      getContext().stop(node.role(Role.PROPOSER));
    }
    return this;
  }

  /** Comes behind the end of all that it has started. */
  private Behavior<Command> onPostStop() {
    node.rolesEnded().complete(Done.done());
    return this;
  }

  private Behavior<Command> onCheckSpace() {
    var self = getContext().getSelf();
    getContext()
        .getSystem()
        .dispatchers()
        .lookup(STORAGE)
        .execute(() -> self.tell(new SpaceChecked(node.storage().diskUse())));
    return this;
  }

  private Behavior<Command> onSpaceChecked(SpaceChecked checked) {
    boolean low = checked.use().low();
    node.status().diskUse(checked.use());
    if (low != node.status().view().lowSpace()) {
      node.status().update(view -> view.withLowSpace(low));
      node.events().publish(new NodeEvent.SpaceChanged(node.name(), low));
      node.tell(Role.ACCEPTOR, new RoleMessage.SpaceChanged(low));
    }
    return this;
  }
}
