package synod.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import synod.node.NodeConfig;
import synod.node.Tls;
import synod.paxos.Role;

/**
 * How a client reaches a cluster; made by {@link #builder}, which knows good defaults. A setting
 * that can't work is refused with an {@link IllegalArgumentException} that names it.
 *
 * @param clusterName the cluster's name, which is also that of its nodes' actor systems
 * @param nodes the nodes to talk to; the client picks one, goes over to the leader if it is among
 *     them, and stays while it answers
 * @param host the address under which the nodes reach the actor system that {@link
 *     SynodClient#connect} starts; empty for that of the interface which leads to the first node
 * @param tls the certificate to show to nodes that ask for one, and the authority that theirs must
 *     be of; empty to speak in the clear. For the actor system that {@link SynodClient#connect}
 *     starts; another one has its own
 * @param requestTimeout the time that an operation has unless it brings its own
 * @param attemptTimeout how long a node may be silent on a request before the request goes to
 *     another; doubles each time that the node is merely slow
 * @param sessionTtl after this long without a sign of life the store forgets the client's session
 * @param outstandingMax operations in the client's hands at once; more are refused as {@link
 *     synod.node.Outcome.Reason#OVERLOADED}
 * @param underWayMax operations at nodes at once, further ones wait in the client; as many as a
 *     node takes if its {@code synod.limits.max-requests-in-flight} isn't set. What it doesn't take
 *     it refuses, and the client goes on to the next node
 * @param batchesUnderWayMax messages sent that no node has begun to answer; what comes in meanwhile
 *     goes together in the next
 * @param failoverListener told each time that the client went over to another node, on the client
 *     actor's thread: it returns at once
 */
public record ClientSettings(
    String clusterName,
    List<Node> nodes,
    String host,
    Optional<Tls> tls,
    Duration requestTimeout,
    Duration attemptTimeout,
    Duration sessionTtl,
    int outstandingMax,
    int underWayMax,
    int batchesUnderWayMax,
    Consumer<Failover> failoverListener) {

  /** A node's name and the address of its actor system. */
  public record Node(String name, String host, int port) {
    public Node {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(host, "host");
      require(port > 0 && port < 65536, "the port of node " + name + " is " + port);
    }
  }

  /**
   * The client left a node for another, which has answered.
   *
   * @param reason why, for a person
   */
  public record Failover(String from, String to, String reason) {}

  public ClientSettings {
    Objects.requireNonNull(clusterName, "clusterName");
    Objects.requireNonNull(host, "host");
    Objects.requireNonNull(tls, "tls");
    Objects.requireNonNull(failoverListener, "failoverListener");
    nodes = List.copyOf(nodes);
    require(!nodes.isEmpty(), "nodes is empty: a client needs at least one");
    Set<String> names = new HashSet<>();
    nodes.forEach(node -> require(names.add(node.name()), "two nodes are named " + node.name()));
    requireMillis(requestTimeout, "requestTimeout");
    requireMillis(attemptTimeout, "attemptTimeout");
    requireMillis(sessionTtl, "sessionTtl");
    require(outstandingMax > 0, "outstandingMax is " + outstandingMax);
    require(underWayMax > 0, "underWayMax is " + underWayMax);
    require(batchesUnderWayMax > 0, "batchesUnderWayMax is " + batchesUnderWayMax);
  }

  public static Builder builder(String clusterName) {
    return new Builder(clusterName);
  }

  private static void requireMillis(Duration duration, String name) {
    require(duration.toMillis() > 0, name + " is " + duration + ", less than a millisecond");
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }

  /** Gathers the settings; each not set keeps its default. */
  public static final class Builder {
    private final String clusterName;
    private final List<Node> nodes = new ArrayList<>();
    private String host = "";
    private Optional<Tls> tls = Optional.empty();
    private Duration requestTimeout = Duration.ofSeconds(5);
    private Duration attemptTimeout = Duration.ofMillis(600);
    private Duration sessionTtl = Duration.ofMinutes(1);
    private int outstandingMax = 4096;
    private int underWayMax = 1000;
    private int batchesUnderWayMax = 2;
    private Consumer<Failover> failoverListener = failover -> {};

    private Builder(String clusterName) {
      this.clusterName = clusterName;
    }

    public Builder node(String name, String host, int port) {
      nodes.add(new Node(name, host, port));
      return this;
    }

    /** Those of the nodes that serve clients. */
    public Builder nodes(Iterable<NodeConfig.Node> configured) {
      for (NodeConfig.Node node : configured) {
        if (node.roles().contains(Role.GATEWAY)) {
          node(node.name(), node.host(), node.akkaPort());
        }
      }
      return this;
    }

    public Builder host(String value) {
      host = value;
      return this;
    }

    public Builder tls(Tls value) {
      tls = Optional.of(value);
      return this;
    }

    public Builder requestTimeout(Duration value) {
      requestTimeout = value;
      return this;
    }

    public Builder attemptTimeout(Duration value) {
      attemptTimeout = value;
      return this;
    }

    public Builder sessionTtl(Duration value) {
      sessionTtl = value;
      return this;
    }

    public Builder outstandingMax(int value) {
      outstandingMax = value;
      return this;
    }

    public Builder underWayMax(int value) {
      underWayMax = value;
      return this;
    }

    public Builder batchesUnderWayMax(int value) {
      batchesUnderWayMax = value;
      return this;
    }

    public Builder failoverListener(Consumer<Failover> value) {
      failoverListener = value;
      return this;
    }

    public ClientSettings build() {
      return new ClientSettings(
          clusterName,
          nodes,
          host,
          tls,
          requestTimeout,
          attemptTimeout,
          sessionTtl,
          outstandingMax,
          underWayMax,
          batchesUnderWayMax,
          failoverListener);
    }
  }
}
