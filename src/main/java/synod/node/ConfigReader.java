package synod.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import synod.paxos.Role;

/**
 * Makes a {@link NodeConfig} of a configuration, and the configuration that the node's actor system
 * is started with. Finds everything that is wrong at once; what it lets pass can work.
 */
public final class ConfigReader {
  /** Where the fingerprint stands in an actor system's configuration. */
  static final String FINGERPRINT = "synod.cluster.fingerprint";

  private static final String DATA = "synod.data-directory";
  private static final String HEARTBEAT = "synod.timing.heartbeat-interval";
  private static final String ELECTION_MIN = "synod.timing.election-timeout-min";
  private static final String ELECTION_MAX = "synod.timing.election-timeout-max";
  private static final String DRAIN = "synod.timing.drain-time";
  private static final String REQUEST = "synod.timing.request-timeout";
  private static final String REQUEST_MAX = "synod.timing.request-timeout-max";
  private static final String PART = "synod.limits.part-bytes";
  private static final String FRAME = "akka.remote.artery.advanced.maximum-frame-size";
  private static final String DOWN_MIN = "synod.chaos.downtime-min";
  private static final String DOWN_MAX = "synod.chaos.downtime-max";

  /** What a message holds beside the part that it carries. */
  private static final long FRAME_OVERHEAD = 16 << 10;

  /** Below this a data directory has used it up before anything is stored. */
  private static final long MIN_QUOTA_BYTES = 128 << 20;

  /** Whoever waits for a node's end gives up at some time too. */
  private static final Duration DRAIN_TIME_MAX = Duration.ofMinutes(1);

  private static final Pattern ANYTHING = Pattern.compile(".+");
  private static final Pattern AFTER_DISK_LOSS = Pattern.compile("refuse|learn");

  private final Settings settings;

  private ConfigReader(Config config) {
    settings = new Settings(config);
  }

  /**
   * The configuration of one node.
   *
   * @param config resolved, as {@link ConfigFiles#load} returns it
   * @throws ConfigurationException with everything that is wrong
   */
  public static NodeConfig read(Config config, String nodeName) {
    return new ConfigReader(config).read(nodeName);
  }

  /**
   * All nodes of a configuration, for who is none of them.
   *
   * @throws ConfigurationException with everything that is wrong
   */
  public static List<NodeConfig.Node> nodes(Config config) {
    ConfigReader reader = new ConfigReader(config);
    ClusterReader cluster = new ClusterReader(reader.settings);
    reader.failIfWrong();
    return cluster.nodes();
  }

  /**
   * What it takes to talk to the nodes over HTTP, for who is none of them.
   *
   * @throws ConfigurationException with everything that is wrong
   */
  public static LocalAccess localAccess(Config config) {
    ConfigReader reader = new ConfigReader(config);
    ClusterReader cluster = new ClusterReader(reader.settings);
    reader.failIfWrong();
    LocalAccess access = new SecurityReader(reader.settings, cluster.nodes().get(0)).localAccess();
    reader.failIfWrong();
    return access;
  }

  /**
   * What the node's actor system is to be started with: Akka's address, seed nodes, roles and TLS
   * come from the node's own configuration.
   *
   * @param config what {@code node} was read from
   */
  public static Config akkaConfig(Config config, NodeConfig node) {
    List<String> seeds =
        node.seedNodes().stream()
            .map(node::node)
            .map(
                seed ->
                    "akka://%s@%s:%d".formatted(node.clusterName(), seed.host(), seed.akkaPort()))
            .toList();
    Map<String, Object> derived = new HashMap<>();
    derived.put("akka.remote.artery.canonical.hostname", node.self().host());
    derived.put("akka.remote.artery.canonical.port", node.self().akkaPort());
    derived.put("akka.cluster.seed-nodes", seeds);
    derived.put(
        "akka.cluster.roles", node.self().roles().stream().map(Role::label).sorted().toList());
    derived.put(
        "akka.coordinated-shutdown.phases.before-service-unbind.timeout",
        node.timing().drainTime().plus(Node.STEP_TIMEOUT));
    derived.put(FINGERPRINT, node.fingerprint());
    node.security().tls().ifPresent(tls -> derived.putAll(tls.akkaSettings()));
    return ConfigFactory.parseMap(derived, "derived from synod").withFallback(config);
  }

  private NodeConfig read(String nodeName) {
    ClusterReader cluster = new ClusterReader(settings);
    String data = settings.text(DATA, ANYTHING, "a path");
    String afterDiskLoss =
        settings.text("synod.storage.after-disk-loss", AFTER_DISK_LOSS, "refuse or learn");
    NodeConfig.Timing timing = timing();
    NodeConfig.Limits limits = limits();
    NodeConfig.Chaos chaos = chaos();
    NodeConfig.Node self = self(cluster, nodeName);
    NodeConfig.Security security = new SecurityReader(settings, self).read();
    NodeConfig.Upkeep upkeep =
        new NodeConfig.Upkeep(
            settings.number("synod.history.max-revisions", 1, Long.MAX_VALUE),
            settings.bytes("synod.history.max-bytes", 1 << 10, Long.MAX_VALUE),
            settings.duration("synod.compare-interval"));
    refuseUnknown();
    failIfWrong();
    return new NodeConfig(
        cluster.name(),
        self,
        cluster.nodes(),
        cluster.quorums(),
        cluster.seedNodes(),
        Path.of(data).toAbsolutePath().normalize().resolve(nodeName),
        afterDiskLoss.equals("learn"),
        timing,
        limits,
        chaos,
        security,
        upkeep);
  }

  private void failIfWrong() {
    if (!settings.problems().isEmpty()) {
      throw new ConfigurationException(settings.problems());
    }
  }

  private NodeConfig.Node self(ClusterReader cluster, String nodeName) {
    List<String> names = cluster.nodes().stream().map(NodeConfig.Node::name).toList();
    int index = names.indexOf(nodeName);
    if (index < 0) {
      settings.problem(
          "synod.cluster.nodes",
          "no node is named " + nodeName + ": the nodes are " + Settings.list(names));
      return null;
    }
    return cluster.nodes().get(index);
  }

  private NodeConfig.Timing timing() {
    NodeConfig.Timing timing =
        new NodeConfig.Timing(
            settings.duration(HEARTBEAT),
            settings.duration(ELECTION_MIN),
            settings.duration(ELECTION_MAX),
            settings.duration("synod.timing.retransmit-interval"),
            settings.duration(REQUEST),
            settings.duration(REQUEST_MAX),
            drainTime());
    below(HEARTBEAT, timing.heartbeatInterval(), ELECTION_MIN, timing.electionTimeoutMin());
    below(ELECTION_MIN, timing.electionTimeoutMin(), ELECTION_MAX, timing.electionTimeoutMax());
    atMost(REQUEST, timing.requestTimeout(), REQUEST_MAX, timing.requestTimeoutMax());
    return timing;
  }

  private Duration drainTime() {
    Duration time = settings.duration(DRAIN);
    if (settings.valid(DRAIN) && time.compareTo(DRAIN_TIME_MAX) > 0) {
      settings.problem(DRAIN, "must be at most " + DRAIN_TIME_MAX.toSeconds() + " s");
    }
    return time;
  }

  private NodeConfig.Limits limits() {
    NodeConfig.Limits limits =
        new NodeConfig.Limits(
            settings.integer("synod.limits.pipeline-depth", 1, 1000),
            (int) settings.bytes("synod.limits.max-batch-bytes", 1 << 10, 16 << 20),
            settings.integer("synod.limits.max-requests-in-flight", 1, 1_000_000),
            (int) settings.bytes(PART, 1 << 10, 16 << 20),
            settings.bytes("synod.limits.low-space-bytes", 0, Long.MAX_VALUE),
            settings.bytesOrOff("synod.storage.quota", MIN_QUOTA_BYTES, Long.MAX_VALUE),
            // A commit shall be small against the state's write buffer, which is rolled by hand.
            settings.bytes("synod.limits.commit-bytes", 0, 4 << 20),
            settings.bytes("synod.snapshots.after-bytes", 64 << 10, 1L << 40),
            settings.bytes("synod.snapshots.fetch-rate", 1 << 20, 1L << 40));
    long frame = settings.bytes(FRAME, 32 << 10, Integer.MAX_VALUE);
    if (settings.valid(PART, FRAME) && limits.partBytes() + FRAME_OVERHEAD > frame) {
      settings.problem(
          PART, limits.partBytes() + " must be at least 16 KiB below " + FRAME + ", " + frame);
    }
    return limits;
  }

  private NodeConfig.Chaos chaos() {
    NodeConfig.Chaos chaos =
        new NodeConfig.Chaos(
            roles(settings, "synod.chaos.roles"),
            settings.duration("synod.chaos.mean-time-between-failures"),
            settings.duration(DOWN_MIN),
            settings.duration(DOWN_MAX),
            settings.number("synod.chaos.seed", Long.MIN_VALUE, Long.MAX_VALUE));
    atMost(DOWN_MIN, chaos.downtimeMin(), DOWN_MAX, chaos.downtimeMax());
    return chaos;
  }

  private void refuseUnknown() {
    // Akka's own settings, and system properties of the log that share our name.
    settings.leaveAlone("synod.storage-dispatcher.");
    settings.leaveAlone("synod.log.");
    settings.leaveAlone("synod.node");
    settings.leaveAlone(FINGERPRINT);
    settings.refuseUnknown("synod.");
  }

  private void below(String path, Duration value, String otherPath, Duration other) {
    if (settings.valid(path, otherPath) && value.compareTo(other) >= 0) {
      settings.problem(path, millis(value) + " must be below " + otherPath + ", " + millis(other));
    }
  }

  private void atMost(String path, Duration value, String otherPath, Duration other) {
    if (settings.valid(path, otherPath) && value.compareTo(other) > 0) {
      settings.problem(
          path, millis(value) + " must not exceed " + otherPath + ", " + millis(other));
    }
  }

  private static String millis(Duration duration) {
    return duration.toMillis() + " ms";
  }

  /** A list of roles by their labels. */
  static Set<Role> roles(Settings settings, String path) {
    Map<String, Role> known =
        Stream.of(Role.values()).collect(Collectors.toMap(Role::label, role -> role));
    Set<Role> roles = EnumSet.noneOf(Role.class);
    for (String label : settings.words(path)) {
      if (known.containsKey(label)) {
        roles.add(known.get(label));
      } else {
        settings.problem(
            path, label + " is no role: the roles are acceptor, proposer, learner, gateway");
      }
    }
    return Set.copyOf(roles);
  }
}
