package synod.cli.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.Config;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import synod.cli.CommandFailedException;
import synod.cli.LocalCluster;
import synod.cli.LocalNode;
import synod.cli.NodeLauncher;
import synod.cli.Ports;
import synod.cli.torture.Network;
import synod.node.ConfigFiles;
import synod.node.ConfigReader;
import synod.node.NodeConfig;
import synod.paxos.Role;

/** A cluster of Synod: one that is started here, or one that runs somewhere already. */
final class SynodServers implements Servers {
  private static final Duration START_PATIENCE = Duration.ofSeconds(120);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(30);

  /** Longer than any election. */
  private static final Duration ELECTION_PATIENCE = Duration.ofSeconds(5);

  private static final Ports PORTS = new Ports(25_520, 8_080);
  private static final Duration POLL = Duration.ofMillis(50);
  private static final String FLUSHES = "synod_log_flushes_seconds_count";
  private static final String ELECTIONS = "synod_elections_total";

  private final LocalCluster cluster;
  private final Network network;
  private final String clusterName;
  private final List<NodeConfig.Node> nodes;
  private final Path build;
  private final Web web = new Web();
  private volatile boolean closed;

  private SynodServers(
      LocalCluster cluster,
      Network network,
      String clusterName,
      List<NodeConfig.Node> nodes,
      Path build) {
    this.build = build;
    this.cluster = cluster;
    this.network = network;
    this.clusterName = clusterName;
    this.nodes = nodes;
  }

  /**
   * Lays down a cluster on free ports, with the JVM flags and settings of every other cluster;
   * starts nothing.
   *
   * @param directory which isn't there yet
   */
  static SynodServers create(Path directory, int nodes) {
    return create(directory, nodes, "", NodeLauncher.REAL);
  }

  /**
   * The same with other settings.
   *
   * @param settings in the form of {@code application.conf}, what differs from the defaults
   */
  static SynodServers create(Path directory, int nodes, String settings) {
    return create(directory, nodes, settings, NodeLauncher.REAL);
  }

  /**
   * The same, of another build.
   *
   * @param jar its synod.jar
   * @throws CommandFailedException if it isn't one
   */
  static SynodServers createOf(Path jar, Path directory, int nodes) {
    return create(directory, nodes, "", NodeLauncher.ofBuild(jar));
  }

  private static SynodServers create(
      Path directory, int nodes, String settings, NodeLauncher launcher) {
    return of(
        LocalCluster.create(directory, Ports.free(nodes), settings, launcher),
        null,
        launcher.build());
  }

  /**
   * The same with a machine of its own for each node, as far as the network is concerned; see
   * {@link Network}.
   *
   * @throws CommandFailedException if this user may not make them, or this machine can't
   */
  static SynodServers createApart(Path directory, int nodes) {
    List<String> names = IntStream.rangeClosed(1, nodes).mapToObj(i -> "n" + i).toList();
    Network network = Network.create("synod-" + ProcessHandle.current().pid(), names);
    NodeLauncher launcher =
        new NodeLauncher(
            NodeLauncher.REAL.mainClass(),
            NodeLauncher.REAL.jvmFlags(),
            names.stream().collect(Collectors.toMap(name -> name, network::enter)));
    try {
      return of(
          LocalCluster.create(
              directory,
              names.stream().map(network::address).toList(),
              Collections.nCopies(nodes, PORTS),
              // Nobody else is in their network.
              "synod.security.allow-insecure = on",
              launcher),
          network,
          null);
    } catch (CommandFailedException e) {
      network.close();
      throw e;
    }
  }

  private static SynodServers of(LocalCluster cluster, Network network, Path build) {
    return new SynodServers(
        cluster, network, "synod", cluster.nodes().stream().map(LocalNode::config).toList(), build);
  }

  /**
   * The cluster that a configuration describes, which others have started.
   *
   * @throws synod.node.ConfigurationException if the file can't be used
   */
  static SynodServers running(Path clusterFile) {
    Config config = new ConfigFiles(null, clusterFile, Map.of()).load();
    return new SynodServers(
        null,
        null,
        config.getString("synod.cluster.name"),
        ConfigReader.nodes(config).stream()
            .filter(node -> node.roles().contains(Role.GATEWAY))
            .toList(),
        null);
  }

  @Override
  public void start(Consumer<String> progress) {
    if (cluster != null) {
      for (LocalNode node : cluster.nodes()) {
        start(node);
      }
      cluster.awaitServing(cluster.nodes(), START_PATIENCE, progress);
    } else {
      awaitLeader();
    }
  }

  /**
   * Which node says that it leads. While one leader takes the place of another, for a moment nobody
   * does.
   *
   * @throws CommandFailedException if none says so for a long time
   */
  NodeConfig.Node awaitLeader() {
    long deadline = System.nanoTime() + ELECTION_PATIENCE.toNanos();
    while (true) {
      Optional<NodeConfig.Node> leader = leader();
      if (leader.isPresent()) {
        return leader.get();
      }
      if (System.nanoTime() - deadline > 0) {
        throw new CommandFailedException("no node says that it leads; does the cluster run?");
      }
      pause();
    }
  }

  /** Nothing is started that nobody would stop. */
  private synchronized void start(LocalNode node) {
    if (closed) {
      throw new CommandFailedException("stopped");
    }
    node.start();
  }

  /** {@code kill -9}; waits for the end of the process. */
  void kill(NodeConfig.Node node) {
    cluster.node(node.name()).kill();
  }

  /** Asks a node to end, and waits until it has. */
  void stop(NodeConfig.Node node) {
    if (!cluster.node(node.name()).stop(STOP_PATIENCE)) {
      throw new CommandFailedException(
          node.name() + " didn't end within " + STOP_PATIENCE.toSeconds() + " s");
    }
  }

  /** Starts the process of a node that has ended; doesn't wait until it serves. */
  void start(NodeConfig.Node node) {
    start(cluster.node(node.name()));
  }

  /** Where a node's data is. */
  Path dataDirectory(NodeConfig.Node node) {
    return cluster.node(node.name()).dataDirectory();
  }

  /** Takes a node's cable out; only where each has a machine of its own. */
  void unplug(NodeConfig.Node node) {
    network.unplug(node.name());
  }

  void replug(NodeConfig.Node node) {
    network.replug(node.name());
  }

  /** Waits until no role is down and every node knows who leads. */
  void awaitRolesUp() {
    long deadline = System.nanoTime() + START_PATIENCE.toNanos();
    while (!nodes.stream().allMatch(this::isWhole)) {
      if (System.nanoTime() - deadline > 0) {
        throw new CommandFailedException("not all roles are up again");
      }
      pause();
    }
  }

  private static void pause() {
    try {
      TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailedException("interrupted", e);
    }
  }

  private boolean isWhole(NodeConfig.Node node) {
    try {
      JsonNode status = web.json(url(node) + "/v1/status");
      return status.path("ready").asBoolean()
          && status.path("roles").findValuesAsText("state").stream().allMatch("up"::equals);
    } catch (IOException e) {
      return false;
    }
  }

  String clusterName() {
    return clusterName;
  }

  List<NodeConfig.Node> nodes() {
    return nodes;
  }

  /** Where a node serves clients over HTTP. */
  static String url(NodeConfig.Node node) {
    return "http://" + node.host() + ":" + node.httpPort();
  }

  /** Which node says that it leads. */
  Optional<NodeConfig.Node> leader() {
    NodeConfig.Node leader = null;
    long highest = -1;
    for (NodeConfig.Node node : nodes) {
      try {
        JsonNode status = web.json(url(node) + "/v1/status");
        long round = status.path("leader").path("round").asLong();
        if (status.path("leading").asBoolean() && round > highest) {
          leader = node;
          highest = round;
        }
      } catch (IOException e) {
        continue; // one that is away doesn't lead
      }
    }
    return Optional.ofNullable(leader);
  }

  @Override
  public String version() {
    if (build != null) {
      return "synod in " + build;
    }
    String version = SynodServers.class.getPackage().getImplementationVersion();
    return "synod " + (version == null ? "(not packaged)" : version);
  }

  @Override
  public List<Long> pids() {
    return cluster == null
        ? List.of()
        : cluster.nodes().stream().flatMap(node -> node.pid().stream().boxed()).toList();
  }

  /** The process of a node; empty if it isn't this program's. */
  OptionalLong pid(NodeConfig.Node node) {
    return cluster == null ? OptionalLong.empty() : cluster.node(node.name()).pid();
  }

  /** What a node tells Prometheus. */
  String scrape(NodeConfig.Node node) throws IOException {
    return web.get(url(node) + "/metrics");
  }

  @Override
  public Counters counters() {
    long flushes = 0;
    long elections = 0;
    for (NodeConfig.Node node : nodes) {
      try {
        String scraped = scrape(node);
        flushes += Web.metric(scraped, FLUSHES);
        elections += Web.metric(scraped, ELECTIONS);
      } catch (IOException e) {
        return Counters.UNKNOWN;
      }
    }
    return new Counters(OptionalLong.of(flushes), OptionalLong.of(elections));
  }

  @Override
  public Optional<String> problem() {
    if (cluster == null) {
      return Optional.empty();
    }
    List<String> gone =
        cluster.nodes().stream().filter(node -> !node.isAlive()).map(LocalNode::name).toList();
    return gone.isEmpty()
        ? Optional.empty()
        : Optional.of("the process of " + String.join(", ", gone) + " has ended");
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (cluster != null) {
      // What was measured is measured: no need to leave in order.
      cluster.nodes().forEach(LocalNode::kill);
    }
    if (network != null) {
      network.close();
    }
  }
}
