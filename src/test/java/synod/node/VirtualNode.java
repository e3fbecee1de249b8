package synod.node;

import akka.actor.ExtendedActorSystem;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Adapter;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.Config;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import synod.paxos.Message;
import synod.paxos.Role;
import synod.storage.StorageFailure;

/**
 * A whole node as production starts it, but on a disk, clocks, randomness and an actor system that
 * a simulation owns, and outside of any Akka cluster.
 */
public final class VirtualNode {
  private static final Duration ANY = Duration.ofSeconds(1);

  private final NodeContext node;
  private final ActorSystem<NodeGuardian.Command> system;
  private final CompletableFuture<ActorRef<ChaosMessage>> chaos = new CompletableFuture<>();

  /**
   * Starts the node's actors; they do nothing before the actor system's dispatchers run.
   *
   * @param listener hears every event of the node, in the turn of the actor that tells it
   */
  public VirtualNode(
      NodeConfig config,
      NodeStorage storage,
      LongSupplier nanoTime,
      LongSupplier wallMillis,
      RandomGenerator random,
      Consumer<NodeEvent> listener,
      Config akka) {
    node = new NodeContext(config, storage, nanoTime, wallMillis, random);
    node.events().listen(listener);
    system =
        ActorSystem.create(
            NodeGuardian.create(node, Behaviors.empty(), chaos), config.clusterName(), akka);
  }

  public NodeStatus.View view() {
    return node.status().view();
  }

  /** Something arrives for an actor under the guardian, as from the network. */
  public void deliver(String actor, Object message) {
    ExtendedActorSystem classic = (ExtendedActorSystem) Adapter.toClassic(system);
    classic
        .provider()
        .resolveActorRef("akka://" + system.name() + "/user/" + actor)
        .tell(message, akka.actor.ActorRef.noSender());
  }

  /** The chaos scheduler is told to stop a role once. */
  public void stop(Role role, Duration downtime) {
    chaos.thenAccept(
        scheduler -> scheduler.tell(new ChaosMessage.Kill(role, downtime, system.ignoreRef())));
  }

  /** The chaos scheduler is told to leave the roles alone. */
  public void calmDown() {
    chaos.thenAccept(
        scheduler ->
            scheduler.tell(
                new ChaosMessage.Configure(Set.of(), ANY, ANY, ANY, system.ignoreRef())));
  }

  /** A leader gives leadership away. */
  public void handOver() {
    node.tell(Role.PROPOSER, new RoleMessage.HandOver(system.ignoreRef()));
  }

  /** The disk refused a write. */
  public void storageFailed() {
    system.tell(
        new NodeGuardian.StorageFailed(new StorageFailure("the disk refused a write", null)));
  }

  /** What a role says to another, if that is what is on its way to another node. */
  public static Optional<Message> fromElsewhere(Object sent) {
    return sent instanceof Envelope envelope ? Optional.of(envelope.message()) : Optional.empty();
  }
}
