package synod.cli;

import java.util.List;
import picocli.CommandLine.Option;

/** What a local cluster that is made is to be like. */
final class NewClusterOptions {
  private static final int DEFAULT_NODES = 5;

  @Option(names = "--nodes", paramLabel = "N", description = "How many, at the first start (5).")
  private Integer nodes;

  @Option(names = "--free-ports", description = "Take free ports instead of the usual ones.")
  private boolean freePorts;

  @Option(
      names = "--akka-port",
      paramLabel = "PORT",
      defaultValue = "25521",
      description = "Akka port of the first node (${DEFAULT-VALUE}).")
  private int akkaPort;

  @Option(
      names = "--http-port",
      paramLabel = "PORT",
      defaultValue = "8081",
      description = "HTTP port of the first node (${DEFAULT-VALUE}).")
  private int httpPort;

  /** How many were asked for; null if that was left open. */
  Integer nodes() {
    return nodes;
  }

  /** One pair for each node. */
  List<Ports> ports() {
    int count = nodes == null ? DEFAULT_NODES : nodes;
    return freePorts ? Ports.free(count) : Ports.from(akkaPort, httpPort, count);
  }
}
