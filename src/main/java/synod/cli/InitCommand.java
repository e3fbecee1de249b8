package synod.cli;

import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import synod.node.ConfigReader;
import synod.node.NodeConfig;
import synod.paxos.Formation.Standing;
import synod.paxos.Role;
import synod.storage.DataDirectory;
import synod.storage.Identity;

/**
 * {@code synod init}: makes an empty data directory that of a member, on the operator's word that
 * it never held anything. Without it, a cluster forms by itself as soon as all acceptors say that
 * they have never run.
 */
@Command(
    name = "init",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Declare a node that has never run a member of a cluster, before it is started.",
      "Only for forming a cluster while some of its acceptors can't be reached. Give every acceptor the same cluster id.",
      "Never for a node that has lost its data: it has forgotten what it promised, and the store could lose writes."
    })
final class InitCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Mixin private NodeOptions node;

  @Option(
      names = "--cluster-id",
      paramLabel = "ID",
      description =
          "The cluster's id, as the first init printed it. Without it a new one is drawn.")
  private UUID clusterId;

  @Override
  public void run() {
    NodeConfig config = ConfigReader.read(node.load(), node.name());
    if (!config.has(Role.ACCEPTOR)) {
      throw new CommandFailedException(
          node.name() + " runs no acceptor: it finds its cluster by itself");
    }
    UUID id = clusterId == null ? UUID.randomUUID() : clusterId;
    try (DataDirectory directory =
        DataDirectory.open(
            config.dataDirectory(), config.clusterName(), node.name(), config.fingerprint())) {
      Identity identity = directory.identity();
      if (identity.standing() != Standing.UNFORMED) {
        throw new CommandFailedException(
            config.dataDirectory()
                + " is in use already: it is "
                + identity.standing()
                + " of the cluster "
                + identity.clusterId().orElse("(none)"));
      }
      // A member whose log isn't there has lost it, and is refused at its start.
      directory.openAcceptor().close();
      identity.advance(Standing.MEMBER, id.toString());
    }
    spec.commandLine().getOut().println(id);
  }
}
