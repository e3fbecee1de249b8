package synod.node;

import akka.Done;
import akka.actor.typed.ActorRef;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import synod.kv.FormatVersion;
import synod.paxos.Formation;
import synod.paxos.PaxosSettings;
import synod.paxos.Role;

/**
 * What the actors of one node share, and what outlives their restarts. Time and randomness come
 * from here, so that a whole node can be run on virtual time. May be used by any thread.
 */
final class NodeContext {
  private final NodeConfig config;
  private final NodeStorage storage;
  private final LongSupplier nanoTime;
  private final LongSupplier wallMillis;
  private final RandomGenerator random;
  private final PaxosSettings paxos;
  private final int formatVersion;
  private final NodeStatus status;
  private final NodeEvents events = new NodeEvents();

  /** This process's own number in every ballot of its proposer. */
  private final long incarnation;

  /** In an order, so that what all are told, they are told in the same order in every run. */
  private final Map<Role, ActorRef<RoleMessage>> roles = new ConcurrentSkipListMap<>();

  private final Map<Role, Long> downUntil = new ConcurrentHashMap<>();
  private final Map<Role, Long> lives = new EnumMap<>(Role.class);
  private final Map<Role, CompletionStage<?>> reads = new ConcurrentHashMap<>();
  private volatile Formation.Report standing;
  private volatile Peers peers;
  private final CompletableFuture<Done> rolesEnded = new CompletableFuture<>();

  /** Why this node takes no part; null if it does. */
  private volatile String diskLost;

  /** Why nothing is written any more; null while all is well. */
  private volatile RuntimeException storageFailure;

  /**
   * @param random thread-safe, or confined with all of the node's actors to one thread
   */
  NodeContext(
      NodeConfig config,
      NodeStorage storage,
      LongSupplier nanoTime,
      LongSupplier wallMillis,
      RandomGenerator random) {
    this(config, storage, nanoTime, wallMillis, random, FormatVersion.LATEST);
  }

  /**
   * @param formatVersion the highest that this node knows: below {@link FormatVersion#LATEST} to
   *     behave as a program of that version
   */
  NodeContext(
      NodeConfig config,
      NodeStorage storage,
      LongSupplier nanoTime,
      LongSupplier wallMillis,
      RandomGenerator random,
      int formatVersion) {
    this.config = config;
    this.formatVersion = formatVersion;
    this.storage = storage;
    this.nanoTime = nanoTime;
    this.wallMillis = wallMillis;
    this.random = random;
    this.paxos =
        new PaxosSettings(
            config.timing().heartbeatInterval(),
            config.timing().electionTimeoutMin(),
            config.timing().electionTimeoutMax(),
            config.timing().retransmitInterval(),
            config.limits().pipelineDepth(),
            config.limits().maxBatchBytes(),
            config.limits().partBytes());
    this.status = new NodeStatus(config.self().name(), config.self().roles());
    this.incarnation = randomPositive();
    this.standing = storage.standing();
  }

  NodeConfig config() {
    return config;
  }

  String name() {
    return config.self().name();
  }

  NodeStorage storage() {
    return storage;
  }

  PaxosSettings paxos() {
    return paxos;
  }

  /** The highest {@link FormatVersion} that this node knows. */
  int formatVersion() {
    return formatVersion;
  }

  NodeStatus status() {
    return status;
  }

  NodeEvents events() {
    return events;
  }

  long incarnation() {
    return incarnation;
  }

  /** Nanoseconds of a monotonic clock. */
  long now() {
    return nanoTime.getAsLong();
  }

  long wallMillis() {
    return wallMillis.getAsLong();
  }

  RandomGenerator random() {
    return random;
  }

  long randomPositive() {
    return random.nextLong(Long.MAX_VALUE - 1) + 1;
  }

  Peers peers() {
    return peers;
  }

  void peers(Peers way) {
    peers = way;
  }

  /** The actor of a role of this node, or null if it runs none. */
  ActorRef<RoleMessage> role(Role role) {
    return roles.get(role);
  }

  void role(Role role, ActorRef<RoleMessage> actor) {
    roles.put(role, actor);
  }

  /** Sends to a role of this node, if it runs it. */
  void tell(Role role, RoleMessage message) {
    ActorRef<RoleMessage> actor = roles.get(role);
    if (actor != null) {
      actor.tell(message);
    }
  }

  void tellAll(RoleMessage message) {
    roles.values().forEach(actor -> actor.tell(message));
  }

  /**
   * Completes when all roles have ended for good: from then on nobody writes to the storage, and
   * what somebody still reads is for nobody, so that it may fail.
   */
  CompletableFuture<Done> rolesEnded() {
    return rolesEnded;
  }

  // Stable storage

  /** It failed: whoever writes there must stop for good, also a role that is restarted just now. */
  void storageLost(RuntimeException cause) {
    storageFailure = cause;
    tell(Role.ACCEPTOR, new RoleMessage.StorageLost(cause));
    tell(Role.PROPOSER, new RoleMessage.StorageLost(cause));
  }

  RuntimeException storageFailure() {
    return storageFailure;
  }

  // What this node's memory is worth

  Formation.Report standing() {
    return standing;
  }

  String clusterId() {
    return standing.clusterId();
  }

  void standing(Formation.Report report) {
    standing = report;
    NodeStatus.Membership membership =
        switch (report.standing()) {
          case UNFORMED, FORMING, JOINED -> NodeStatus.Membership.FORMING;
          case MEMBER, LEARNER -> NodeStatus.Membership.MEMBER;
          case FORGOTTEN -> NodeStatus.Membership.FORGOTTEN;
        };
    status.update(view -> view.withMembership(membership, report.clusterId()));
    if (report.standing().isSettled()) {
      events.publish(new NodeEvent.Formed(name(), report.clusterId(), membership));
    }
  }

  /** This node takes no part, whatever becomes of its roles. */
  void diskLost(String reason) {
    if (diskLost == null) {
      diskLost = reason;
      status.update(
          view -> {
            NodeStatus.View refusing = view;
            for (Role role : config.self().roles()) {
              refusing = refusing.withRole(role, old -> old.failedForGood(reason));
            }
            return refusing;
          });
      config
          .self()
          .roles()
          .forEach(role -> events.publish(new NodeEvent.RoleFailedForGood(name(), role, reason)));
    }
  }

  // Life and death of roles

  /** The number of this life of a role, from 1. */
  synchronized long nextLife(Role role) {
    return lives.merge(role, 1L, Long::sum);
  }

  /** A role reads from the disk on another thread: its next life must wait for the end of that. */
  void reads(Role role, CompletionStage<?> read) {
    reads.put(role, read);
  }

  /** The role has seen the end of its last read. */
  void readEnded(Role role) {
    reads.remove(role);
  }

  /** The last read of which the role hasn't seen the end; completed if there is none. */
  CompletionStage<?> lastRead(Role role) {
    CompletionStage<?> read = reads.get(role);
    return read == null ? CompletableFuture.completedStage(null) : read;
  }

  void stopped(Role role, Duration downtime) {
    downUntil.put(role, now() + downtime.toNanos());
    long back = wallMillis() + downtime.toMillis();
    status.update(view -> view.withRole(role, old -> old.stopped(back)));
    events.publish(new NodeEvent.RoleStopped(name(), role, downtime));
  }

  /** How many nanoseconds of its downtime a restarted role has before it; 0 if none. */
  long downtimeLeft(Role role) {
    Long until = downUntil.remove(role);
    return until == null ? 0 : Math.max(0, until - now());
  }

  void failed(Role role, RuntimeException cause) {
    status.update(view -> view.withRole(role, NodeStatus.RoleView::failed));
    events.publish(new NodeEvent.RoleFailed(name(), role, String.valueOf(cause)));
  }

  void failedForGood(Role role, RuntimeException cause) {
    String reason = String.valueOf(cause.getMessage());
    status.update(view -> view.withRole(role, old -> old.failedForGood(reason)));
    events.publish(new NodeEvent.RoleFailedForGood(name(), role, reason));
  }

  void recovering(Role role) {
    boolean refuses = diskLost != null;
    status.update(
        view ->
            view.withRole(role, old -> refuses ? old : old.in(NodeStatus.RoleState.RECOVERING)));
  }

  void resumed(Role role, long life) {
    status.update(view -> view.withRole(role, old -> old.in(NodeStatus.RoleState.UP)));
    events.publish(new NodeEvent.RoleResumed(name(), role, life));
  }
}
