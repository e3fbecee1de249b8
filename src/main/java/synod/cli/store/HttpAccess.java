package synod.cli.store;

import com.typesafe.config.Config;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import picocli.CommandLine.Option;
import synod.node.ConfigFiles;
import synod.node.ConfigReader;
import synod.node.NodeConfig;
import synod.node.SecretFile;
import synod.node.Tls;
import synod.paxos.Role;

/** The options that say which nodes to talk to, and the way to those over HTTP. */
final class HttpAccess implements Access {
  @Option(
      names = "--node",
      order = 50,
      paramLabel = "NAME",
      description = "Talk to this node alone (otherwise to any, and to others if it can't serve).")
  private String only;

  @Option(
      names = "--cluster",
      order = 51,
      paramLabel = "FILE",
      description = "The nodes, instead of the built-in cluster.conf.")
  private Path clusterFile;

  @Option(
      names = "--http",
      order = 52,
      paramLabel = "HOST:PORT",
      split = ",",
      description = "The nodes' HTTP addresses instead of a file, separated by commas.")
  private List<String> given = List.of();

  @Option(
      names = "--token-file",
      order = 53,
      paramLabel = "FILE",
      defaultValue = "${env:SYNOD_TOKEN_FILE}",
      description =
          "A file that holds the token to show to nodes over HTTP, and nothing else (or set"
              + " SYNOD_TOKEN_FILE).")
  private Path tokenFile;

  @Option(
      names = "--ca",
      order = 54,
      paramLabel = "FILE",
      defaultValue = "${env:SYNOD_CA}",
      description =
          "Speak TLS, and trust nodes whose certificates are of this authority (or set SYNOD_CA).")
  private Path ca;

  private HttpNodes nodes;

  @Override
  public Store store() {
    return new HttpStore(nodes());
  }

  @Override
  public HttpNodes nodes() {
    if (nodes == null) {
      nodes =
          new HttpNodes(
              isHttpOnly()
                  ? chosen(given.stream().map(this::address).toList())
                  : configured().nodes().stream().map(this::address).toList(),
              token(),
              trust());
    }
    return nodes;
  }

  /** Empty if there is none to show. */
  private Optional<String> token() {
    if (tokenFile == null) {
      return Optional.empty();
    }
    try {
      String token = SecretFile.read(tokenFile).strip();
      if (!token.matches("[!-~]+")) {
        throw new UsageException(
            "--token-file: " + tokenFile + ": must hold one token and nothing else");
      }
      return Optional.of(token);
    } catch (IOException e) {
      throw new UsageException("--token-file: " + e.getMessage());
    }
  }

  /** Empty to speak in the clear. */
  private Optional<SSLContext> trust() {
    try {
      return ca == null ? Optional.empty() : Optional.of(Tls.trusting(ca));
    } catch (IOException e) {
      throw new UsageException("--ca: " + e.getMessage());
    }
  }

  /** The authority that nodes' certificates must be of; null to speak in the clear. */
  Path ca() {
    return ca;
  }

  /** Whether nothing is known of the nodes but their HTTP addresses. */
  boolean isHttpOnly() {
    return !given.isEmpty();
  }

  /** What a configuration says of the nodes to talk to. */
  record Configured(String clusterName, List<NodeConfig.Node> nodes) {}

  /**
   * @throws synod.node.ConfigurationException if the file can't be read or is wrong
   */
  Configured configured() {
    Config config = new ConfigFiles(null, clusterFile, Map.of()).loadCluster();
    List<NodeConfig.Node> all = ConfigReader.nodes(config);
    List<Address> chosen = chosen(all.stream().map(this::address).toList());
    List<String> names = chosen.stream().map(Address::name).toList();
    return new Configured(
        config.getString("synod.cluster.name"),
        all.stream().filter(node -> names.contains(node.name())).toList());
  }

  private List<Address> chosen(List<Address> all) {
    if (only == null) {
      return all;
    }
    List<Address> chosen = all.stream().filter(node -> node.name().equals(only)).toList();
    if (chosen.isEmpty()) {
      throw new UsageException(
          "no node is named %s: the nodes are %s"
              .formatted(only, String.join(", ", all.stream().map(Address::name).toList())));
    }
    return chosen;
  }

  private Address address(NodeConfig.Node node) {
    return new Address(
        node.name(), node.host(), node.httpPort(), ca != null, node.roles().contains(Role.GATEWAY));
  }

  private Address address(String hostAndPort) {
    int colon = hostAndPort.lastIndexOf(':');
    try {
      int port = Integer.parseInt(hostAndPort.substring(colon + 1));
      if (colon > 0 && port > 0 && port < 65536) {
        String host = hostAndPort.substring(0, colon).replaceAll("^\\[|]$", "");
        return new Address(hostAndPort, host, port, ca != null, true);
      }
    } catch (NumberFormatException e) {
      throw notAnAddress(hostAndPort);
    }
    throw notAnAddress(hostAndPort);
  }

  private static UsageException notAnAddress(String text) {
    return new UsageException("--http takes HOST:PORT, as in 127.0.0.1:8081, not " + text);
  }
}
