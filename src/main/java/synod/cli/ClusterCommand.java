package synod.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import synod.storage.SnapshotFile;

/**
 * {@code synod cluster}: a cluster of real processes on this machine. What it does goes to the
 * error output, what was asked for to the output. Touches only processes that it started itself.
 */
@Command(
    name = "cluster",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Run a cluster of real processes on this machine.")
final class ClusterCommand implements Runnable {
  private static final int MOST_NODES = 15;
  private static final Duration START_PATIENCE = Duration.ofSeconds(60);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(20);

  @Spec private CommandSpec spec;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      scope = ScopeType.INHERIT,
      defaultValue = ".synod-cluster",
      description = "Everything the cluster has: configuration, data, logs (${DEFAULT-VALUE}).")
  private Path directory;

  private final NodeLauncher launcher;

  ClusterCommand(NodeLauncher launcher) {
    this.launcher = launcher;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing command");
  }

  @Command(
      name = "start",
      mixinStandardHelpOptions = true,
      description = {
        "Start the nodes that don't run, and return when the cluster serves writes.",
        "The first start in a directory makes the cluster; later ones find its data again."
      })
  void start(@Mixin NewClusterOptions options) {
    long begin = System.nanoTime();
    LocalCluster cluster = existingOrNew(options);
    cluster.exclusively(
        () -> {
          if (cluster.nodes().stream().allMatch(LocalNode::isAlive)) {
            say("all %d nodes run already", cluster.nodes().size());
          }
          cluster.start(START_PATIENCE, this::say);
        });
    say("serving after %.1f s", (System.nanoTime() - begin) / 1e9);
    for (LocalNode node : cluster.nodes()) {
      out().println(node.name() + "  " + node.url());
    }
  }

  @Command(
      name = "restore",
      mixinStandardHelpOptions = true,
      description = {
        "Make a backup the data of a cluster that has none yet, for start to begin with.",
        "Makes the cluster, as start does, if there is none in the directory."
      })
  void restore(
      @Parameters(paramLabel = "FILE", description = "What synod backup wrote.") Path file,
      @Mixin NewClusterOptions options) {
    SnapshotFile backup = SnapshotFile.open(file);
    LocalCluster cluster = existingOrNew(options);
    cluster.exclusively(() -> cluster.restore(backup, this::say));
    out().println(backup);
  }

  private LocalCluster existingOrNew(NewClusterOptions options) {
    return existing(options.nodes())
        .orElseGet(() -> LocalCluster.create(directory, options.ports(), "", launcher));
  }

  /** The cluster in the directory, which must have this size if one is given. */
  private Optional<LocalCluster> existing(Integer nodes) {
    if (nodes != null && (nodes < 1 || nodes > MOST_NODES)) {
      throw new ParameterException(
          spec.commandLine(), "--nodes must lie between 1 and " + MOST_NODES + ", not " + nodes);
    }
    if (!LocalCluster.exists(directory)) {
      return Optional.empty();
    }
    LocalCluster cluster = open();
    if (nodes != null && nodes != cluster.nodes().size()) {
      throw new CommandFailedException(
          "the cluster in %s has %d nodes, not %d; another one needs another --dir"
              .formatted(cluster.directory(), cluster.nodes().size(), nodes));
    }
    return Optional.of(cluster);
  }

  @Command(
      name = "stop",
      mixinStandardHelpOptions = true,
      description = "Stop all nodes and wait until they have ended. Their data stays.")
  void stop() {
    LocalCluster cluster = open();
    cluster.exclusively(() -> stop(cluster));
  }

  private void stop(LocalCluster cluster) {
    List<LocalNode> running = cluster.nodes().stream().filter(LocalNode::isAlive).toList();
    if (running.isEmpty()) {
      say("no node runs in %s", cluster.directory());
    } else {
      say("stopping %s", LocalCluster.names(running));
    }
    requireNone(cluster.stop(STOP_PATIENCE));
  }

  private static void requireNone(List<String> killed) {
    if (!killed.isEmpty()) {
      throw new CommandFailedException(
          "%s did not end within %d s and had to be killed"
              .formatted(String.join(", ", killed), STOP_PATIENCE.toSeconds()));
    }
  }

  @Command(
      name = "status",
      mixinStandardHelpOptions = true,
      description = "Show every node's process and what the node says of itself.")
  void status(@Option(names = "--json", description = "As one JSON object.") boolean json) {
    ClusterStatus status = ClusterStatus.of(open());
    out().println(json ? status.json() : status.table());
  }

  @Command(
      name = "kill",
      mixinStandardHelpOptions = true,
      description = "End nodes at once, as kill -9 does.")
  void kill(@Parameters(paramLabel = "NODE", arity = "1..*") List<String> names) {
    each(
        names,
        node -> {
          require(node, node.isAlive());
          node.kill();
          say("killed %s", node.name());
        });
  }

  @Command(
      name = "pause",
      mixinStandardHelpOptions = true,
      description = "Freeze nodes, as a long pause of their machine would (SIGSTOP).")
  void pause(@Parameters(paramLabel = "NODE", arity = "1..*") List<String> names) {
    each(
        names,
        node -> {
          require(node, node.state() == LocalNode.State.RUNNING);
          node.pause();
          say("paused %s", node.name());
        });
  }

  @Command(
      name = "resume",
      mixinStandardHelpOptions = true,
      description = "Let paused nodes go on (SIGCONT).")
  void resume(@Parameters(paramLabel = "NODE", arity = "1..*") List<String> names) {
    each(
        names,
        node -> {
          require(node, node.state() == LocalNode.State.PAUSED);
          node.resume();
          say("resumed %s", node.name());
        });
  }

  @Command(
      name = "restart",
      mixinStandardHelpOptions = true,
      description = "Stop nodes, one after the other, start them again and wait until they serve.")
  void restart(@Parameters(paramLabel = "NODE", arity = "1..*") List<String> names) {
    LocalCluster cluster = open();
    each(
        names,
        node -> {
          if (node.isAlive() && !node.stop(STOP_PATIENCE)) {
            say("%s did not end by itself and was killed", node.name());
          }
          node.start();
          cluster.awaitServing(List.of(node), START_PATIENCE, this::say);
          say("restarted %s", node.name());
        });
  }

  @Command(
      name = "rolling-restart",
      mixinStandardHelpOptions = true,
      description = {
        "Restart all nodes, one after the other, while the cluster serves.",
        "Makes changes of the files in --dir and of SYNOD_JAVA_OPTS effective. The leader is last."
      })
  void rollingRestart() {
    LocalCluster cluster = open();
    cluster.exclusively(
        () ->
            requireNone(
                new RollingRestart(
                        cluster, LocalNode::start, START_PATIENCE, STOP_PATIENCE, this::say)
                    .run()));
  }

  /** What is done to each node that was named. */
  private interface Action {
    void on(LocalNode node);
  }

  private void each(List<String> names, Action action) {
    LocalCluster cluster = open();
    List<LocalNode> nodes = names.stream().map(cluster::node).toList();
    cluster.exclusively(() -> nodes.forEach(action::on));
  }

  private static void require(LocalNode node, boolean condition) {
    if (!condition) {
      throw new CommandFailedException("%s is %s".formatted(node.name(), node.state().label()));
    }
  }

  private LocalCluster open() {
    return LocalCluster.open(directory, launcher);
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private void say(String format, Object... arguments) {
    say(String.format(Locale.ROOT, format, arguments));
  }

  private void say(String line) {
    PrintWriter err = spec.commandLine().getErr();
    err.println("synod: " + line);
    err.flush();
  }
}
