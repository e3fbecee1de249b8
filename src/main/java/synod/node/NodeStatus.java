package synod.node;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import synod.kv.FormatVersion;
import synod.paxos.Ballot;
import synod.paxos.Role;
import synod.storage.DiskUse;

/**
 * What a node knows about itself, for status, health and metrics. Written by the node's actors,
 * read by anybody; each read is one consistent {@link View}.
 */
public final class NodeStatus {
  /** How a role is. */
  public enum RoleState {
    /** Starting, or reading its state back from disk. */
    RECOVERING,
    UP,
    /** Stopped by chaos or by an unexpected failure; comes back by itself. */
    DOWN,
    /** Stopped for good by an invariant breach or failed storage. */
    FAILED
  }

  /** Whether this node's memory may vote. */
  public enum Membership {
    /** Not known yet: the cluster has not formed, or no peer has answered. */
    FORMING,
    /** Part of the cluster with all its rights. */
    MEMBER,
    /** An acceptor that lost its memory: it may learn, but neither votes nor campaigns. */
    FORGOTTEN
  }

  /**
   * @param state how the role is
   * @param downUntilMillis wall time at which a stopped role is due back; 0 if it isn't stopped
   * @param stops how often chaos stopped the role
   * @param failures how often it failed without being asked to
   * @param detail why it failed; empty otherwise
   */
  public record RoleView(
      RoleState state, long downUntilMillis, long stops, long failures, String detail) {
    RoleView in(RoleState now) {
      return new RoleView(now, 0, stops, failures, "");
    }

    RoleView stopped(long backAtMillis) {
      return new RoleView(RoleState.DOWN, backAtMillis, stops + 1, failures, "");
    }

    RoleView failed() {
      return new RoleView(RoleState.DOWN, 0, stops, failures + 1, "");
    }

    RoleView failedForGood(String reason) {
      return new RoleView(RoleState.FAILED, 0, stops, failures + 1, reason);
    }
  }

  /**
   * One moment of the node.
   *
   * @param clusterId null while the cluster has not formed
   * @param leader the highest ballot of a leader that this node heard of, {@link Ballot#NONE} if
   *     none
   * @param leading whether this node's proposer leads at that ballot
   * @param promised the local acceptor's promise
   * @param acceptedSlot the highest slot that the local acceptor accepted
   * @param chosenSlot the highest slot known to be chosen
   * @param appliedSlot the last slot applied by the local learner
   * @param revision the store's revision at that slot
   * @param elections how often this node became leader
   * @param members names of cluster nodes that the membership layer counts as up
   * @param unreachable names of those it can't reach: a hint, nothing waits for it
   * @param lowSpace whether accepts are refused because the disk is nearly full
   * @param stopping whether the node was told to stop: it still serves, but wants no new clients
   * @param leaderHeard whether the local learner heard of a leader with a quorum just now
   */
  public record View(
      String node,
      Membership membership,
      String clusterId,
      Map<Role, RoleView> roles,
      Ballot leader,
      boolean leading,
      Ballot promised,
      long acceptedSlot,
      long chosenSlot,
      long appliedSlot,
      long revision,
      long elections,
      Set<String> members,
      Set<String> unreachable,
      boolean lowSpace,
      boolean stopping,
      boolean leaderHeard) {

    /**
     * Whether linearizable requests can be served by this node now, as far as it knows without
     * trying: a leader that it hears needn't hear it.
     */
    public boolean ready() {
      return membership != Membership.FORMING
          && leaderHeard
          && !stopping
          && isUp(Role.GATEWAY)
          && isUp(Role.LEARNER);
    }

    /** Whether no role has stopped for good. */
    public boolean live() {
      return roles.values().stream().noneMatch(role -> role.state() == RoleState.FAILED);
    }

    public boolean isUp(Role role) {
      RoleView view = roles.get(role);
      return view != null && view.state() == RoleState.UP;
    }

    /**
     * Whether two moments differ in no more than how far the log is, which changes all the time
     * under load.
     */
    public boolean isLikeButForProgress(View other) {
      return withAcceptor(promised, other.acceptedSlot)
          .withLearner(leader, leaderHeard, other.chosenSlot, other.appliedSlot, other.revision)
          .equals(other);
    }

    // Copies with some of it changed, for this node's actors

    View withMembership(Membership now, String id) {
      return new View(
          node,
          now,
          id,
          roles,
          leader,
          leading,
          promised,
          acceptedSlot,
          chosenSlot,
          appliedSlot,
          revision,
          elections,
          members,
          unreachable,
          lowSpace,
          stopping,
          leaderHeard);
    }

    View withRole(Role role, UnaryOperator<RoleView> change) {
      Map<Role, RoleView> changed = new EnumMap<>(roles);
      changed.computeIfPresent(role, (same, view) -> change.apply(view));
      return new View(
          node,
          membership,
          clusterId,
          Map.copyOf(changed),
          leader,
          leading,
          promised,
          acceptedSlot,
          chosenSlot,
          appliedSlot,
          revision,
          elections,
          members,
          unreachable,
          lowSpace,
          stopping,
          leaderHeard);
    }

    View withProposer(Ballot heard, boolean leads, long elected) {
      return new View(
          node,
          membership,
          clusterId,
          roles,
          highest(heard),
          leads,
          promised,
          acceptedSlot,
          chosenSlot,
          appliedSlot,
          revision,
          elected,
          members,
          unreachable,
          lowSpace,
          stopping,
          leaderHeard);
    }

    View withAcceptor(Ballot promise, long lastSlot) {
      return new View(
          node,
          membership,
          clusterId,
          roles,
          leader,
          leading,
          promise,
          lastSlot,
          chosenSlot,
          appliedSlot,
          revision,
          elections,
          members,
          unreachable,
          lowSpace,
          stopping,
          leaderHeard);
    }

    View withLearner(
        Ballot heard, boolean heardNow, long chosen, long applied, long storeRevision) {
      return new View(
          node,
          membership,
          clusterId,
          roles,
          highest(heard),
          leading,
          promised,
          acceptedSlot,
          chosen,
          applied,
          storeRevision,
          elections,
          members,
          unreachable,
          lowSpace,
          stopping,
          heardNow);
    }

    View withMembers(Set<String> up, Set<String> outOfReach) {
      return new View(
          node,
          membership,
          clusterId,
          roles,
          leader,
          leading,
          promised,
          acceptedSlot,
          chosenSlot,
          appliedSlot,
          revision,
          elections,
          up,
          outOfReach,
          lowSpace,
          stopping,
          leaderHeard);
    }

    View withLowSpace(boolean low) {
      return new View(
          node,
          membership,
          clusterId,
          roles,
          leader,
          leading,
          promised,
          acceptedSlot,
          chosenSlot,
          appliedSlot,
          revision,
          elections,
          members,
          unreachable,
          low,
          stopping,
          leaderHeard);
    }

    View withStopping() {
      return new View(
          node,
          membership,
          clusterId,
          roles,
          leader,
          leading,
          promised,
          acceptedSlot,
          chosenSlot,
          appliedSlot,
          revision,
          elections,
          members,
          unreachable,
          lowSpace,
          true,
          leaderHeard);
    }

    private Ballot highest(Ballot heard) {
      return heard.isAbove(leader) ? heard : leader;
    }
  }

  private View view;

  /** Who waits for a revision; all of them above the view's. */
  private final TreeMap<Long, Set<CompletableFuture<Boolean>>> awaited = new TreeMap<>();

  private ReplicaView replica =
      new ReplicaView(FormatVersion.LATEST, FormatVersion.INITIAL, 0, 0, false, Set.of(), Map.of());

  private volatile DiskUse diskUse = DiskUse.UNKNOWN;
  private volatile SortedSet<String> overQuota = Collections.emptySortedSet();
  private final NodeLoad load = new NodeLoad();

  public NodeStatus(String node, Set<Role> roles) {
    Map<Role, RoleView> views = new EnumMap<>(Role.class);
    roles.forEach(role -> views.put(role, new RoleView(RoleState.RECOVERING, 0, 0, 0, "")));
    view =
        new View(
            node,
            Membership.FORMING,
            null,
            Map.copyOf(views),
            Ballot.NONE,
            false,
            Ballot.NONE,
            0,
            0,
            0,
            0,
            0,
            Set.of(),
            Set.of(),
            false,
            false,
            false);
  }

  public synchronized View view() {
    return view;
  }

  public synchronized ReplicaView replica() {
    return replica;
  }

  /** What the data directory took a second ago at most; nothing on a node that has just started. */
  public DiskUse diskUse() {
    return diskUse;
  }

  void diskUse(DiskUse measured) {
    diskUse = measured;
  }

  /** Nodes, this one or others, whose disk quota is used up: nothing is added to the store then. */
  public SortedSet<String> overQuota() {
    return overQuota;
  }

  void overQuota(SortedSet<String> nodes) {
    overQuota = Collections.unmodifiableSortedSet(nodes);
  }

  public NodeLoad load() {
    return load;
  }

  synchronized void updateReplica(UnaryOperator<ReplicaView> change) {
    replica = change.apply(replica);
  }

  /**
   * Completes with true when this node's replica has come to a revision. Whoever doesn't wait any
   * longer completes it.
   */
  public CompletableFuture<Boolean> reached(long revision) {
    CompletableFuture<Boolean> reached = new CompletableFuture<>();
    synchronized (this) {
      if (view.revision() < revision) {
        awaited.computeIfAbsent(revision, unused -> new HashSet<>()).add(reached);
        reached.whenComplete((result, failure) -> forget(revision, reached));
        return reached;
      }
    }
    reached.complete(true);
    return reached;
  }

  private synchronized void forget(long revision, CompletableFuture<Boolean> waiting) {
    awaited.computeIfPresent(
        revision,
        (same, others) -> {
          others.remove(waiting);
          return others.isEmpty() ? null : others;
        });
  }

  void update(UnaryOperator<View> change) {
    List<CompletableFuture<Boolean>> reached = new ArrayList<>();
    synchronized (this) {
      view = change.apply(view);
      while (!awaited.isEmpty() && awaited.firstKey() <= view.revision()) {
        reached.addAll(awaited.pollFirstEntry().getValue());
      }
    }
    // Not under the lock, for it runs what waits.
    reached.forEach(waiting -> waiting.complete(true));
  }
}
