package synod.cli.bench;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;
import synod.cli.CommandFailedException;
import synod.node.NodeConfig;

/**
 * The options that say which stores are measured. Each method throws an {@link
 * IllegalArgumentException} that names the option which is wrong.
 */
final class TargetOptions {
  static final String SYNOD = "synod";
  static final String HTTP = "http";
  static final String ETCD = "etcd";

  /** What the names of other builds end with. */
  private static final String JAR = ".jar";

  private static final List<String> KNOWN = List.of(SYNOD, HTTP, ETCD);
  private static final List<String> PLACES = List.of("any", "leader", "follower");

  @Option(
      names = "--targets",
      split = ",",
      paramLabel = "TARGET",
      defaultValue = SYNOD,
      description =
          "What is measured: synod, http, etcd, or another build by its synod.jar (${DEFAULT-VALUE}).")
  private List<String> targets;

  @Option(
      names = "--compare",
      paramLabel = "TARGET",
      description = "Measure this one too, and print the others' ratios to it.")
  private String base;

  @Option(
      names = "--node",
      paramLabel = "WHICH",
      defaultValue = "any",
      description =
          "The node of Synod that is asked: leader, follower (one of them), or any: the client's choice, and over HTTP all in turn (${DEFAULT-VALUE}).")
  private String node;

  @Option(
      names = "--nodes",
      split = ",",
      paramLabel = "N",
      defaultValue = "3",
      description = "Of each cluster; several to see how cost grows with them (${DEFAULT-VALUE}).")
  private List<Integer> nodes;

  @Option(
      names = "--cluster",
      paramLabel = "FILE",
      description =
          "Measure the running cluster of Synod that this cluster.conf describes, one without TLS and tokens.")
  private Path clusterFile;

  @Option(names = "--etcd", paramLabel = "FILE", description = "The etcd to start (on the PATH).")
  private Path etcd;

  private SynodServers synodServers;

  /** In the order in which they take their turns. */
  Set<String> names() {
    Set<String> names = new LinkedHashSet<>(targets);
    if (base != null) {
      names.add(base);
    }
    for (String name : names) {
      if (name.endsWith(JAR)) {
        if (!Files.isReadable(Path.of(name))) {
          throw new IllegalArgumentException("the target " + name + " is no file");
        }
      } else if (!KNOWN.contains(name)) {
        throw new IllegalArgumentException(
            "unknown target \""
                + name
                + "\": there are "
                + String.join(", ", KNOWN)
                + ", and files named *.jar");
      }
    }
    return names;
  }

  /** What the others are compared with; null if nothing. */
  String base() {
    return base;
  }

  /** The sizes of clusters. */
  List<Integer> nodes() {
    return nodes;
  }

  void check() {
    names();
    if (!PLACES.contains(node)) {
      throw new IllegalArgumentException("--node: any, leader or follower, not \"" + node + "\"");
    }
    for (int count : nodes) {
      if (count < 1 || count > 9) {
        throw new IllegalArgumentException("--nodes: from 1 to 9, not " + count);
      }
    }
    if (node.equals("follower") && nodes.contains(1) && clusterFile == null) {
      throw new IllegalArgumentException("--node: a cluster of one has no follower");
    }
  }

  /**
   * Lays down all that is needed for one size, in a directory of its own; starts nothing.
   *
   * @param place sees to it that whatever will be started is ended
   * @param mostOutstanding operations that will ever be under way
   */
  List<Target> targets(Place place, Path directory, Size size, int mostOutstanding, boolean stale) {
    synodServers = null;
    List<Target> made = new ArrayList<>();
    for (String name : names()) {
      if (name.equals(ETCD)) {
        requireGrpc();
        EtcdServers servers =
            place.hold(EtcdServers.create(directory.resolve(ETCD), size.nodes(), etcd));
        made.add(new Target(name, servers, () -> driver(servers, stale)));
      } else {
        SynodServers servers =
            name.endsWith(JAR)
                ? place.hold(
                    SynodServers.createOf(
                        Path.of(name).toAbsolutePath(),
                        directory.resolve("build" + made.size()),
                        size.nodes()))
                : synod(place, directory, size);
        made.add(
            new Target(
                name,
                servers,
                name.equals(HTTP)
                    ? () -> new HttpDriver(addresses(asked(servers)), stale)
                    : () ->
                        new SynodDriver(
                            servers.clusterName(), asked(servers), mostOutstanding, stale)));
      }
    }
    return made;
  }

  /**
   * The program runs without gRPC as long as nobody asks for etcd.
   *
   * @throws CommandFailedException if it isn't there
   */
  static void requireGrpc() {
    if (TargetOptions.class.getResource("/io/grpc/Channel.class") == null) {
      throw new CommandFailedException(
          "etcd can't be asked from here: a package has no gRPC, a build from the sources has it");
    }
  }

  private static Driver driver(EtcdServers servers, boolean stale) {
    int leader =
        servers.leader().orElseThrow(() -> new CommandFailedException("etcd has no leader"));
    return new EtcdDriver(servers.address(leader), stale);
  }

  /** One cluster for all targets that are Synod. */
  private SynodServers synod(Place place, Path directory, Size size) {
    if (synodServers == null) {
      synodServers =
          clusterFile != null
              ? SynodServers.running(clusterFile)
              : SynodServers.create(directory.resolve(SYNOD), size.nodes());
      place.hold(synodServers);
    }
    return synodServers;
  }

  private List<NodeConfig.Node> asked(SynodServers servers) {
    if (node.equals("any")) {
      return servers.nodes();
    }
    NodeConfig.Node leader =
        servers.leader().orElseThrow(() -> new CommandFailedException("nobody leads"));
    if (node.equals("leader")) {
      return List.of(leader);
    }
    return List.of(
        servers.nodes().stream()
            .filter(each -> !each.name().equals(leader.name()))
            .findFirst()
            .orElseThrow(() -> new CommandFailedException("there is no follower")));
  }

  private static List<InetSocketAddress> addresses(List<NodeConfig.Node> nodes) {
    return nodes.stream().map(each -> new InetSocketAddress(each.host(), each.httpPort())).toList();
  }

  /** All of it, for a person. */
  String words() {
    return (clusterFile == null ? listed() + " nodes" : "the nodes of " + clusterFile)
        + (node.equals("any") ? "" : ", asking a " + node);
  }

  private String listed() {
    return nodes.stream().map(String::valueOf).collect(Collectors.joining(" / "));
  }

  /** All of it, for programs. */
  Map<String, Object> toMap() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("targets", List.copyOf(names()));
    json.put("compare", base);
    json.put("node", node);
    json.put("nodes", clusterFile == null ? nodes : null);
    json.put("cluster", clusterFile == null ? null : clusterFile.toString());
    return json;
  }
}
