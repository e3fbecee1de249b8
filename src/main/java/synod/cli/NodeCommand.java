package synod.cli;

import com.typesafe.config.Config;
import java.io.PrintWriter;
import java.time.Duration;
import org.jline.utils.Signals;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import synod.node.ConfigReader;
import synod.node.NodeConfig;

/**
 * {@code synod node}: runs a node in this process until it is told to stop. Prints one line when
 * the node serves; everything else is the log.
 */
@Command(
    name = "node",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Run one node until Ctrl-C or SIGTERM.",
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:stopped when it was told to",
      "1:couldn't start, or ended by itself",
      "2:wrong command line or configuration"
    })
final class NodeCommand implements Runnable {
  /** Longer than the steps of a stop in application.conf may take together, behind the drain. */
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(18);

  @Spec private CommandSpec spec;

  @Mixin private NodeOptions options;

  private volatile boolean told;

  @Override
  public void run() {
    String name = options.name();
    Config config = options.load();
    NodeConfig node = ConfigReader.read(config, name);
    // The log names the node in each line.
    System.setProperty("synod.node", name);
    RunningNode running = RunningNode.start(node, ConfigReader.akkaConfig(config, node));
    Duration patience = STOP_PATIENCE.plus(node.timing().drainTime());
    Signals.register("TERM", () -> stop(running, patience));
    Signals.register("INT", () -> stop(running, patience));
    if (running.awaitReady()) {
      PrintWriter out = spec.commandLine().getOut();
      out.println(
          "%s serves at %s://%s:%d"
              .formatted(
                  name,
                  node.security().tls().isPresent() ? "https" : "http",
                  node.self().host(),
                  node.self().httpPort()));
      out.flush();
    }
    running.awaitEnd();
    if (!told) {
      throw new CommandFailedException(name + " ended by itself; its log says why");
    }
  }

  private void stop(RunningNode running, Duration patience) {
    told = true;
    running.stop();
    Thread last = new Thread(() -> endAnyway(patience), "stop-deadline");
    last.setDaemon(true);
    last.start();
  }

  /** A node that hangs while it stops is as dead as one that was killed, and as safe. */
  private static void endAnyway(Duration patience) {
    Waiting.pause(patience);
    System.err.println("synod: the node did not stop within " + patience.toSeconds() + " s");
    Runtime.getRuntime().halt(1);
  }
}
