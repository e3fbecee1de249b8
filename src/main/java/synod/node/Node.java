package synod.node;

import akka.Done;
import akka.actor.CoordinatedShutdown;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.AskPattern;
import com.typesafe.config.Config;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import synod.kv.FormatVersion;
import synod.paxos.Role;
import synod.storage.StorageFailure;

/**
 * A running node. All of its actors live in one actor system of its own; several nodes may run in
 * one process.
 *
 * <p>May be used by any thread.
 */
public final class Node {
  /** For each step of a stop that waits for a role. */
  static final Duration STEP_TIMEOUT = Duration.ofSeconds(1);

  /** For what is left of the actor system when the node's roles have ended. */
  private static final Duration REST_TIMEOUT = Duration.ofSeconds(3);

  private static final Logger LOG = LoggerFactory.getLogger(Node.class);

  private final NodeServices services;
  private final CompletionStage<Done> terminated;

  private Node(NodeServices services, CompletionStage<Done> terminated) {
    this.services = services;
    this.terminated = terminated;
  }

  /**
   * Opens the data directory and starts the actors. Blocks while the disk is read. The node serves
   * when its cluster has formed and a leader is known: see {@link NodeStatus.View#ready()}.
   *
   * @param akka the actor system's whole configuration, as {@link ConfigReader} makes it
   * @param listener of all events, from the first on; see {@link NodeEvents}
   * @throws synod.storage.StorageRefusedException if the data directory can't be used
   * @throws RuntimeException if the Akka port can't be bound
   */
  public static Node start(NodeConfig config, Config akka, Consumer<NodeEvent> listener) {
    return start(config, akka, listener, FormatVersion.LATEST);
  }

  /**
   * @param formatVersion the highest that this node knows, to run it as a program of that version
   */
  static Node start(
      NodeConfig config, Config akka, Consumer<NodeEvent> listener, int formatVersion) {
    DiskStorage storage = new DiskStorage(config);
    try {
      NodeContext node =
          new NodeContext(
              config,
              storage,
              System::nanoTime,
              System::currentTimeMillis,
              new SecureRandom(),
              formatVersion);
      node.events().listen(EventLog::write);
      node.events().listen(listener);
      storage.onFlush(
          (writes, records, nanos) ->
              node.events().publish(new NodeEvent.LogFlushed(node.name(), records, nanos)));
      node.status().load().log(storage::writesQueued);
      CompletableFuture<ActorRef<ChaosMessage>> started = new CompletableFuture<>();
      ActorSystem<NodeGuardian.Command> system =
          ActorSystem.create(
              NodeGuardian.create(node, MembershipActor.create(node), started),
              config.clusterName(),
              akka);
      storage.onFailure(
          cause -> system.tell(new NodeGuardian.StorageFailed(storageFailure(cause))));
      ActorRef<ChaosMessage> chaos = started.join();
      leaveOrderly(system, node);
      ActorRef<RoleMessage> gateway = node.role(Role.GATEWAY);
      NodeServices services =
          new NodeServices(
              system,
              config,
              node.status(),
              node.events(),
              gateway == null ? null : gateway.narrow(),
              chaos,
              node.role(Role.LEARNER),
              system.systemActorOf(LeaderActor.create(node), LeaderActor.NAME, Props.empty()),
              storage.snapshots()::read,
              system.systemActorOf(RelayActor.create(config), RelayActor.NAME, Props.empty()));
      return new Node(services, ended(system, node).whenComplete((done, error) -> storage.close()));
    } catch (RuntimeException e) {
      storage.close();
      throw e;
    }
  }

  /**
   * The end of the actor system; or, when its roles have ended, and so all that matters, the time
   * that it is given for the rest: Akka waits without limit for its connections to end, and with
   * TLS they now and then don't.
   */
  private static CompletionStage<Done> ended(ActorSystem<?> system, NodeContext node) {
    CompletableFuture<Done> ended = new CompletableFuture<>();
    system.getWhenTerminated().whenComplete((done, error) -> ended.complete(Done.done()));
    node.rolesEnded()
        .thenRunAsync(
            () -> {
              if (ended.complete(Done.done())) {
                LOG.warn("the connections to other nodes did not end, and are left as they are");
              }
            },
            CompletableFuture.delayedExecutor(REST_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS));
    return ended;
  }

  private static StorageFailure storageFailure(Throwable cause) {
    return cause instanceof StorageFailure failure
        ? failure
        : new StorageFailure("a write failed: " + cause.getMessage(), cause);
  }

  /**
   * On a clean shutdown the node first says that it is going and gives leadership away while it
   * serves as before, for long enough that clients go elsewhere. Then its HTTP port is closed, what
   * came through it is finished, and at last what came from Java clients.
   */
  private static void leaveOrderly(ActorSystem<?> system, NodeContext node) {
    CoordinatedShutdown shutdown = CoordinatedShutdown.get(system);
    String goingAway = CoordinatedShutdown.PhaseBeforeServiceUnbind();
    shutdown.addTask(goingAway, "say so", () -> drain(node));
    addTask(
        shutdown,
        goingAway,
        "hand over leadership",
        system,
        node.role(Role.PROPOSER),
        RoleMessage.HandOver::new);
    addTask(
        shutdown,
        CoordinatedShutdown.PhaseServiceStop(),
        "finish requests",
        system,
        node.role(Role.GATEWAY),
        RoleMessage.Drain::new);
  }

  private static CompletionStage<Done> drain(NodeContext node) {
    node.status().update(NodeStatus.View::withStopping);
    return new CompletableFuture<Done>()
        .completeOnTimeout(
            Done.done(), node.config().timing().drainTime().toMillis(), TimeUnit.MILLISECONDS);
  }

  /** A step that a role takes, if the node runs it; what goes wrong with it stops nothing. */
  private static void addTask(
      CoordinatedShutdown shutdown,
      String phase,
      String name,
      ActorSystem<?> system,
      ActorRef<RoleMessage> role,
      Function<ActorRef<RoleMessage.Done>, RoleMessage> message) {
    if (role != null) {
      shutdown.addTask(
          phase,
          name,
          () ->
              AskPattern.<RoleMessage, RoleMessage.Done>ask(
                      role, message::apply, STEP_TIMEOUT, system.scheduler())
                  .handle((done, error) -> Done.done()));
    }
  }

  public NodeServices services() {
    return services;
  }

  /** Leaves the cluster and stops; completes when the data directory is closed. */
  public CompletionStage<Done> stop() {
    CoordinatedShutdown.get(services.system())
        .runAll(CoordinatedShutdown.actorSystemTerminateReason());
    return terminated;
  }

  /** Completes when the node has stopped, for whatever reason, and its data directory is closed. */
  public CompletionStage<Done> whenTerminated() {
    return terminated;
  }
}
