package synod.cli;

import com.typesafe.config.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import synod.node.ConfigFiles;
import synod.node.ConfigReader;
import synod.node.LocalAccess;
import synod.node.NodeConfig;

/**
 * {@code synod rehearse}: starts a cluster of two nodes in this process, has it serve a write and
 * stops it, so that the JVM can note the classes that this takes (see {@code scripts/lib.sh}).
 * Leaves nothing behind.
 */
@Command(
    name = "rehearse",
    hidden = true,
    description = "Start, use and stop a cluster of two nodes, for the class data archive.")
final class RehearseCommand implements Runnable {
  /** So that there is something to send over the network. */
  private static final int NODES = 2;

  private static final Duration POLL = Duration.ofMillis(50);

  @Override
  public void run() {
    Path directory = temporaryDirectory();
    try {
      rehearse(LocalCluster.create(directory, Ports.free(NODES), "", NodeLauncher.REAL));
    } finally {
      delete(directory);
    }
  }

  private static void rehearse(LocalCluster cluster) {
    List<RunningNode> running = cluster.nodes().stream().map(node -> start(cluster, node)).toList();
    try {
      NodeProbe probe = new NodeProbe(LocalAccess.OPEN);
      for (LocalNode node : cluster.nodes()) {
        while (probe.whyNotServing(node).isPresent()) {
          Waiting.pause(POLL);
        }
        probe.status(node);
      }
    } finally {
      running.forEach(RunningNode::stop);
      running.forEach(RunningNode::awaitEnd);
    }
  }

  private static RunningNode start(LocalCluster cluster, LocalNode local) {
    LocalFiles files = new LocalFiles(cluster.directory());
    Map<String, String> settings = Map.of("synod.data-directory", files.data().toString());
    Config config = new ConfigFiles(files.settings(), files.cluster(), settings).load();
    NodeConfig node = ConfigReader.read(config, local.name());
    return RunningNode.start(node, ConfigReader.akkaConfig(config, node));
  }

  private static Path temporaryDirectory() {
    try {
      return Files.createTempDirectory("synod-rehearse-");
    } catch (IOException e) {
      throw new CommandFailedException("no temporary directory can be made: " + e, e);
    }
  }

  private static void delete(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new CommandFailedException(directory + " can't be deleted: " + e, e);
    }
  }
}
