package synod.node;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import synod.paxos.Quorums;
import synod.paxos.Role;

/**
 * Reads and checks {@code synod.cluster}: who takes part. Reports to its {@link Settings} and goes
 * on, so that its results may be relied upon only if no problem was found.
 */
final class ClusterReader {
  private static final String NODES = "synod.cluster.nodes";
  private static final String ACCEPTORS = "synod.cluster.acceptors";
  private static final String SEEDS = "synod.cluster.seed-nodes";
  private static final String PHASE1 = "synod.cluster.quorum.phase1";
  private static final String PHASE2 = "synod.cluster.quorum.phase2";

  /** What Akka allows as the name of an actor system. */
  private static final Pattern CLUSTER_NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_-]{0,63}");

  private static final Pattern NODE_NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,63}");
  private static final Pattern HOST = Pattern.compile("[^\\s/@]+");
  private static final Pattern MAJORITY_OR_NUMBER = Pattern.compile("majority|[0-9]{1,4}");

  private final Settings settings;
  private final Set<String> names = new HashSet<>();
  private final Set<String> addresses = new HashSet<>();
  private final String name;
  private final List<NodeConfig.Node> nodes;
  private final List<String> seedNodes;
  private final Quorums quorums;

  ClusterReader(Settings settings) {
    this.settings = settings;
    name =
        settings.text(
            "synod.cluster.name", CLUSTER_NAME, "1 to 64 letters, digits, \"-\" or \"_\"");
    nodes = settings.objects(NODES).stream().map(this::node).toList();
    List<String> acceptors = settings.words(ACCEPTORS);
    seedNodes = settings.words(SEEDS);
    checkNodes();
    checkAcceptors(acceptors);
    checkSeedNodes();
    quorums = quorums(acceptors);
  }

  String name() {
    return name;
  }

  List<NodeConfig.Node> nodes() {
    return nodes;
  }

  List<String> seedNodes() {
    return seedNodes;
  }

  /** Null if they aren't valid. */
  Quorums quorums() {
    return quorums;
  }

  private NodeConfig.Node node(Settings node) {
    NodeConfig.Node read =
        new NodeConfig.Node(
            node.text("name", NODE_NAME, "1 to 64 letters, digits, \"-\", \"_\" or \".\""),
            node.text("host", HOST, "a host's name or address"),
            node.integer("akka-port", 1, 65535),
            node.integer("http-port", 1, 65535),
            ConfigReader.roles(node, "roles"));
    node.refuseUnknown("");
    if (node.valid("name") && !names.add(read.name())) {
      node.problem("name", "another node is named " + read.name());
    }
    claim(node, "akka-port", read.host(), read.akkaPort());
    claim(node, "http-port", read.host(), read.httpPort());
    checkRoles(node, read.roles());
    return read;
  }

  private void claim(Settings node, String path, String host, int port) {
    if (node.valid("host", path) && !addresses.add(host + ":" + port)) {
      node.problem(path, host + ":" + port + " is taken by another setting above");
    }
  }

  private static void checkRoles(Settings node, Set<Role> roles) {
    if (!node.valid("roles")) {
      return;
    }
    if (roles.isEmpty()) {
      node.problem("roles", "is empty: a node has at least one role");
    }
    for (Role role : List.of(Role.PROPOSER, Role.GATEWAY)) {
      if (roles.contains(role) && !roles.contains(Role.LEARNER)) {
        node.problem("roles", "a " + role.label() + " needs a learner beside it");
      }
    }
  }

  private void checkNodes() {
    if (nodes.isEmpty() && settings.valid(NODES)) {
      settings.problem(NODES, "is empty: a cluster has at least one node");
    }
    for (Role needed : List.of(Role.PROPOSER, Role.GATEWAY)) {
      if (!nodes.isEmpty() && nodes.stream().noneMatch(node -> node.roles().contains(needed))) {
        settings.problem(NODES, "no node has the role " + needed.label());
      }
    }
  }

  private void checkAcceptors(List<String> acceptors) {
    if (!settings.valid(ACCEPTORS)) {
      return;
    }
    if (acceptors.isEmpty()) {
      settings.problem(
          ACCEPTORS, "is empty: at least one acceptor is needed, three to bear a failure");
    }
    Map<String, NodeConfig.Node> byName = byName();
    for (String acceptor : acceptors) {
      NodeConfig.Node node = byName.get(acceptor);
      if (node == null) {
        settings.problem(ACCEPTORS, acceptor + " is no node: the nodes are " + known());
      } else if (!node.roles().contains(Role.ACCEPTOR)) {
        settings.problem(ACCEPTORS, "node " + acceptor + " lacks the role acceptor");
      }
    }
    for (NodeConfig.Node node : nodes) {
      if (node.roles().contains(Role.ACCEPTOR) && !acceptors.contains(node.name())) {
        settings.problem(ACCEPTORS, "lacks " + node.name() + ", which has the role acceptor");
      }
    }
  }

  private void checkSeedNodes() {
    if (!settings.valid(SEEDS)) {
      return;
    }
    if (seedNodes.isEmpty()) {
      settings.problem(SEEDS, "is empty: no node could join");
    }
    for (String seed : seedNodes) {
      if (!byName().containsKey(seed)) {
        settings.problem(SEEDS, seed + " is no node: the nodes are " + known());
      }
    }
  }

  private Quorums quorums(List<String> acceptors) {
    int phase1 = quorum(PHASE1, acceptors.size());
    int phase2 = quorum(PHASE2, acceptors.size());
    if (acceptors.isEmpty() || !settings.valid(ACCEPTORS, PHASE1, PHASE2)) {
      return null;
    }
    try {
      return new Quorums(acceptors, phase1, phase2);
    } catch (IllegalArgumentException e) {
      settings.problem("synod.cluster.quorum", e.getMessage());
      return null;
    }
  }

  private int quorum(String path, int acceptors) {
    String text = settings.text(path, MAJORITY_OR_NUMBER, "\"majority\" or a number");
    if (!settings.valid(path)) {
      return 0;
    }
    return text.equals("majority") ? acceptors / 2 + 1 : Integer.parseInt(text);
  }

  private Map<String, NodeConfig.Node> byName() {
    return nodes.stream()
        .collect(Collectors.toMap(NodeConfig.Node::name, node -> node, (first, second) -> first));
  }

  private String known() {
    return Settings.list(nodes.stream().map(NodeConfig.Node::name).toList());
  }
}
