package synod.cli;

import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import synod.node.ConfigReader;
import synod.node.NodeConfig;
import synod.storage.Restore;
import synod.storage.SnapshotFile;

/**
 * {@code synod restore}: makes a backup the data of a node that has never run. Once every acceptor
 * of a cluster holds the same backup they form a new cluster that goes on from there.
 */
@Command(
    name = "restore",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Make a backup the data of a node that has never run, before it is started.",
      "Restore every node of the new cluster from the same file; it forms as soon as all of them run.",
      "If it is interrupted the node refuses to start; restore it once more then."
    })
final class RestoreCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "FILE", description = "What synod backup wrote.")
  private Path file;

  @Mixin private NodeOptions node;

  @Override
  public void run() {
    NodeConfig config = ConfigReader.read(node.load(), node.name());
    SnapshotFile backup = SnapshotFile.open(file);
    RunningNode.makeParent(config.dataDirectory());
    restore(config, backup);
    spec.commandLine().getOut().println(backup);
  }

  /** Blocks until it is on disk. */
  static void restore(NodeConfig config, SnapshotFile backup) {
    Restore.into(
        config.dataDirectory(),
        config.clusterName(),
        config.self().name(),
        config.fingerprint(),
        backup);
  }
}
