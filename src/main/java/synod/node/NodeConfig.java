package synod.node;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import synod.paxos.Quorums;
import synod.paxos.Role;

/**
 * A node's whole configuration, validated: what can't work is refused by the reader with a message
 * that names the setting.
 *
 * @param clusterName the actor system's and the cluster's name
 * @param self this node
 * @param nodes all nodes, this one among them
 * @param seedNodes names of the nodes through which a node joins the Akka cluster
 * @param learnsAfterDiskLoss whether an acceptor without its memory goes on as a learner, or not at
 *     all
 */
public record NodeConfig(
    String clusterName,
    Node self,
    List<Node> nodes,
    Quorums quorums,
    List<String> seedNodes,
    Path dataDirectory,
    boolean learnsAfterDiskLoss,
    Timing timing,
    Limits limits,
    Chaos chaos,
    Security security,
    Upkeep upkeep) {

  /** The version of what nodes write to each other and to their disks. */
  private static final int FORMAT = 1;

  /**
   * @param roles what the node runs; a proposer or a gateway needs a learner beside it
   */
  public record Node(String name, String host, int akkaPort, int httpPort, Set<Role> roles) {}

  /**
   * The protocol's times.
   *
   * @param heartbeatInterval the leader's; well below the minimum election timeout
   * @param electionTimeoutMin a leader unheard for this long is missed
   * @param electionTimeoutMax each wait is drawn between the minimum and this
   * @param retransmitInterval the first repeat of an unanswered message; doubles up to ten times
   *     that
   * @param drainTime how long a node that stops goes on serving, but isn't ready any more
   */
  public record Timing(
      Duration heartbeatInterval,
      Duration electionTimeoutMin,
      Duration electionTimeoutMax,
      Duration retransmitInterval,
      Duration requestTimeout,
      Duration requestTimeoutMax,
      Duration drainTime) {}

  /**
   * Bounds on what is held in memory and sent.
   *
   * @param pipelineDepth slots in flight at once
   * @param maxBatchBytes the size at which a batch for a slot is full
   * @param maxRequestsInFlight requests that a gateway holds at once
   * @param lowSpaceBytes with less free space than this on the data directory's disk, the acceptor
   *     refuses accepts
   * @param quotaBytes with more than this in a data directory, the gateways of all nodes refuse
   *     what adds to the store; 0 for no quota
   * @param commitBytes how much of what the log changes is gathered before it is written
   * @param snapshotAfterBytes how much of the log is applied between two snapshots
   * @param snapshotFetchRate how much of a peer's snapshot is fetched in a second
   */
  public record Limits(
      int pipelineDepth,
      int maxBatchBytes,
      int maxRequestsInFlight,
      int partBytes,
      long lowSpaceBytes,
      long quotaBytes,
      long commitBytes,
      long snapshotAfterBytes,
      long snapshotFetchRate) {}

  /**
   * The chaos scheduler's settings at start.
   *
   * @param roles the roles that are stopped; none at all means off
   * @param meanTimeBetweenFailures per role
   * @param seed of this node's schedule, the same for all nodes: each mixes in its name
   */
  public record Chaos(
      Set<Role> roles,
      Duration meanTimeBetweenFailures,
      Duration downtimeMin,
      Duration downtimeMax,
      long seed) {}

  /**
   * Who may do what.
   *
   * @param tls of the ports for nodes and for clients; without, they speak in the clear
   * @param tokens what the HTTP interface takes; without, whoever reaches it may do everything
   * @param chaosOverHttp whether the chaos scheduler can be told anything over HTTP
   */
  public record Security(Optional<Tls> tls, Optional<AccessTokens> tokens, boolean chaosOverHttp) {
    /** Everything at its default, which is for nodes on the loopback interface alone. */
    public static final Security NONE = new Security(Optional.empty(), Optional.empty(), false);
  }

  /**
   * What the cluster does for itself.
   *
   * @param historyRevisions more changes than this are not kept
   * @param historyBytes nor more bytes of them than this
   * @param compareInterval how often each replica reports its state to the others
   */
  public record Upkeep(long historyRevisions, long historyBytes, Duration compareInterval) {
    /** As configured by default. */
    public static final Upkeep DEFAULT = new Upkeep(100_000, 64L << 20, Duration.ofSeconds(10));
  }

  /**
   * What the nodes of one cluster must agree on, in 16 hexadecimal digits: the cluster's name, the
   * acceptors (in any order), the sizes of the quorums and the format of messages and storage. Not
   * hosts, ports or nodes that don't vote, which may be changed node by node.
   */
  public String fingerprint() {
    String agreed =
        String.join(
            "\n",
            clusterName,
            String.join(",", quorums.acceptors()),
            Integer.toString(quorums.phase1()),
            Integer.toString(quorums.phase2()),
            Integer.toString(FORMAT));
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(agreed.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The node of this name. @throws IllegalArgumentException if there is none */
  public Node node(String name) {
    return nodes.stream()
        .filter(node -> node.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no node is named " + name));
  }

  public boolean has(Role role) {
    return self.roles().contains(role);
  }

  /** Names of the nodes that run a role. */
  public List<String> nodesWith(Role role) {
    return nodes.stream()
        .filter(node -> node.roles().contains(role))
        .map(Node::name)
        .sorted()
        .toList();
  }
}
