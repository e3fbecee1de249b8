package synod.http;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import synod.node.NodeConfig;
import synod.node.NodeStatus;
import synod.node.NodeStatus.RoleView;
import synod.node.ReplicaView;
import synod.paxos.Ballot;
import synod.paxos.Role;
import synod.storage.DiskUse;

/**
 * A node's status in JSON: one moment of the node, and the configuration that it runs with.
 *
 * @param notReady why linearizable requests can't be served now; null if they can
 * @param leader the last leader heard of; null if none
 * @param promised the local acceptor's promise; null if none
 * @param differing nodes whose replica was last found to hold another state than this one
 * @param overQuota nodes whose disk quota is used up, so that puts are refused
 * @param elections how often this node became leader
 * @param recentSlots the last that this node's proposer saw chosen, the latest last
 */
record StatusJson(
    String node,
    Cluster cluster,
    boolean live,
    boolean ready,
    String notReady,
    BallotJson leader,
    boolean leading,
    BallotJson promised,
    Slots slots,
    long revision,
    History history,
    Version version,
    SortedSet<String> differing,
    long elections,
    boolean lowSpace,
    SortedSet<String> overQuota,
    Disk disk,
    List<RecentSlots.SlotJson> recentSlots,
    Map<String, RoleJson> roles,
    SortedSet<String> members,
    SortedSet<String> unreachable,
    Config config) {

  /**
   * @param id null while the cluster has not formed
   */
  record Cluster(String name, String id, String membership) {}

  /**
   * @param incarnation as text: it has more digits than a number in JSON can be trusted with
   */
  record BallotJson(long round, String proposer, String incarnation) {
    static BallotJson of(Ballot ballot) {
      return ballot.equals(Ballot.NONE)
          ? null
          : new BallotJson(
              ballot.round(), ballot.proposer(), Long.toUnsignedString(ballot.incarnation(), 16));
    }
  }

  /**
   * @param compacted changes up to this revision can't be watched any more
   * @param bytes what the others take, with those that wait to be deleted
   */
  record History(long compacted, long bytes) {}

  /**
   * The format version.
   *
   * @param program the highest that this node's program knows
   * @param cluster the one that the log was raised to
   * @param announced what nodes said to know; asked by the leader's node while the cluster's is
   *     below its own, empty otherwise
   */
  record Version(int program, int cluster, SortedMap<String, Integer> announced) {}

  /**
   * The data directory; zeros before it was measured.
   *
   * @param used bytes by the name of the part
   * @param free bytes that may still be written to its disk
   * @param quota bytes that there may be in all; null for any number
   */
  record Disk(SortedMap<String, Long> used, long free, Long quota) {
    static Disk of(DiskUse use, long quota) {
      return new Disk(use.usedBytes(), use.freeBytes(), quota == 0 ? null : (Long) quota);
    }
  }

  record Slots(long accepted, long chosen, long applied) {
    static Slots of(NodeStatus.View view) {
      return new Slots(view.acceptedSlot(), view.chosenSlot(), view.appliedSlot());
    }
  }

  /**
   * @param backAt when a stopped role is due back, ISO 8601; null if it isn't stopped
   * @param backInMillis the same from now; null likewise
   */
  record RoleJson(
      String state, String backAt, Long backInMillis, long stops, long failures, String detail) {
    static RoleJson of(RoleView role, long nowMillis) {
      boolean away = role.downUntilMillis() > 0;
      return new RoleJson(
          lower(role.state()),
          away ? Instant.ofEpochMilli(role.downUntilMillis()).toString() : null,
          away ? Math.max(0, role.downUntilMillis() - nowMillis) : null,
          role.stops(),
          role.failures(),
          role.detail());
    }
  }

  record Config(
      List<NodeJson> nodes, SortedSet<String> acceptors, QuorumsJson quorums, List<String> seeds) {}

  record NodeJson(String name, String host, int akkaPort, int httpPort, List<String> roles) {
    static NodeJson of(NodeConfig.Node node) {
      return new NodeJson(
          node.name(),
          node.host(),
          node.akkaPort(),
          node.httpPort(),
          node.roles().stream().sorted().map(Role::label).toList());
    }
  }

  record QuorumsJson(int phase1, int phase2) {}

  static StatusJson of(
      NodeStatus status,
      NodeConfig config,
      List<RecentSlots.SlotJson> recentSlots,
      long nowMillis) {
    NodeStatus.View view = status.view();
    ReplicaView replica = status.replica();
    Map<String, RoleJson> roles = new LinkedHashMap<>();
    for (Role role : Role.values()) {
      if (view.roles().containsKey(role)) {
        roles.put(role.label(), RoleJson.of(view.roles().get(role), nowMillis));
      }
    }
    return new StatusJson(
        view.node(),
        new Cluster(config.clusterName(), view.clusterId(), lower(view.membership())),
        view.live(),
        view.ready(),
        notReady(view),
        BallotJson.of(view.leader()),
        view.leading(),
        BallotJson.of(view.promised()),
        Slots.of(view),
        view.revision(),
        new History(replica.compacted(), replica.historyBytes()),
        new Version(
            replica.programVersion(), replica.clusterVersion(), new TreeMap<>(replica.announced())),
        new TreeSet<>(replica.differing()),
        view.elections(),
        view.lowSpace(),
        status.overQuota(),
        Disk.of(status.diskUse(), config.limits().quotaBytes()),
        recentSlots,
        roles,
        new TreeSet<>(view.members()),
        new TreeSet<>(view.unreachable()),
        configuration(config));
  }

  /** Why the node can't serve linearizable requests, or null if it can. */
  static String notReady(NodeStatus.View view) {
    if (view.ready()) {
      return null;
    }
    if (view.membership() == NodeStatus.Membership.FORMING && view.live()) {
      return "the cluster has not formed yet, or has not been found";
    }
    for (Role role : List.of(Role.GATEWAY, Role.LEARNER)) {
      if (!view.roles().containsKey(role)) {
        return "this node runs no " + role.label();
      }
      if (!view.isUp(role)) {
        NodeStatus.RoleView down = view.roles().get(role);
        String why = down.detail().isEmpty() ? "" : ": " + down.detail();
        return "the " + role.label() + " is " + lower(down.state()) + why;
      }
    }
    if (view.stopping()) {
      return "the node is stopping";
    }
    return view.leader().equals(Ballot.NONE)
        ? "no leader is known"
        : "no leader with a quorum is heard";
  }

  /** Which role has stopped for good, and why; null if none. */
  static String notLive(NodeStatus.View view) {
    return view.roles().entrySet().stream()
        .filter(role -> role.getValue().state() == NodeStatus.RoleState.FAILED)
        .map(role -> "the " + role.getKey().label() + " failed: " + role.getValue().detail())
        .findFirst()
        .orElse(null);
  }

  private static Config configuration(NodeConfig config) {
    return new Config(
        config.nodes().stream().map(NodeJson::of).toList(),
        config.quorums().acceptors(),
        new QuorumsJson(config.quorums().phase1(), config.quorums().phase2()),
        config.seedNodes());
  }

  private static String lower(Enum<?> name) {
    return name.name().toLowerCase(Locale.ROOT);
  }
}
