package synod.node;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import synod.paxos.ProtocolEvent;
import synod.paxos.Role;

/** What happened on a node. */
public sealed interface NodeEvent {
  /** The node's name. */
  String node();

  /** A step of the protocol. */
  record Protocol(String node, Role role, ProtocolEvent event) implements NodeEvent {}

  /** What is worth counting, and not worth telling one by one. */
  sealed interface Tally extends NodeEvent {}

  /** The gateway sent a batch of this many requests to the leader for the first time. */
  record BatchSent(String node, boolean writes, int requests) implements Tally {}

  /**
   * The gateway answered requests without having served them.
   *
   * @param refused how many certainly have no effect, by the reason
   * @param unknown how many writes may or may not have one
   */
  record RequestsUnserved(String node, Map<Outcome.Reason, Integer> refused, int unknown)
      implements Tally {}

  /** A message was not taken: its sender is none of this cluster's nodes, or configured apart. */
  record MessageRefused(String node, String from) implements Tally {}

  /** Chaos stopped a role. */
  record RoleStopped(String node, Role role, Duration downtime) implements NodeEvent {}

  /** A role failed without being asked to; its supervisor restarts it. */
  record RoleFailed(String node, Role role, String reason) implements NodeEvent {}

  /** A role broke an invariant or lost its storage and stays away. */
  record RoleFailedForGood(String node, Role role, String reason) implements NodeEvent {}

  /** A role is back, with its durable state; or there for the first time, its incarnation 1. */
  record RoleResumed(String node, Role role, long incarnation) implements NodeEvent {}

  /** The cluster this node belongs to has formed, or was found. */
  record Formed(String node, String clusterId, NodeStatus.Membership membership)
      implements NodeEvent {}

  /** The membership layer sees these nodes, and can't reach some of them. */
  record MembershipChanged(String node, Set<String> members, Set<String> unreachable)
      implements NodeEvent {}

  /**
   * The acceptor's log was synced to disk.
   *
   * @param records made durable by it, together
   * @param nanos the time that the write and its sync took
   */
  record LogFlushed(String node, int records, long nanos) implements Tally {}

  /** The log raised the cluster's format version, and may hold new kinds of commands from here. */
  record VersionRaised(String node, int version) implements NodeEvent {}

  /** At the same slot this replica and these nodes' replicas hold another state; none: no more. */
  record StateDiffers(String node, Set<String> from) implements NodeEvent {}

  /**
   * The learner applied these entries. Published only while somebody wants it: see {@link
   * NodeEvents#wantEntries}.
   *
   * @param from the first one's slot; the others follow
   * @param entries as made by {@link synod.kv.EntryCodec}; shared, never written to
   */
  record EntriesApplied(String node, long from, List<byte[]> entries) implements NodeEvent {}

  /** Of these nodes the disk quota is used up, so that puts are refused; none: no more. */
  record QuotaExceeded(String node, Set<String> at) implements NodeEvent {}

  /** The disk is nearly full (accepts are refused), or has room again. */
  record SpaceChanged(String node, boolean low) implements NodeEvent {}

  /** The learner couldn't take a snapshot of its own; what was there before still is. */
  record SnapshotFailed(String node, String reason) implements NodeEvent {}
}
