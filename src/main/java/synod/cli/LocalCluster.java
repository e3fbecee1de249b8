package synod.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.Config;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import synod.node.ConfigFiles;
import synod.node.ConfigReader;
import synod.node.ConfigurationException;
import synod.node.LocalAccess;
import synod.paxos.Role;
import synod.storage.SnapshotFile;

/**
 * A cluster of real processes on this machine, with everything it has in one directory ({@link
 * LocalFiles}). The processes outlive whoever started them; another run finds them again through
 * the directory. Only they are ever touched.
 */
public final class LocalCluster {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final int TAIL_LINES = 20;
  private static final String LOOPBACK = "127.0.0.1";

  /** A cluster on one machine is there to be watched, and to have its roles stopped. */
  private static final String CHAOS =
      """
      # Lets chaos be told over HTTP what to stop, which is off by default.
      synod.chaos.http = on
      """;

  private final LocalFiles files;
  private final List<LocalNode> nodes;
  private final NodeProbe probe;

  private LocalCluster(LocalFiles files, LocalAccess access, List<LocalNode> nodes) {
    this.files = files;
    this.probe = new NodeProbe(access);
    this.nodes = List.copyOf(nodes);
  }

  /** Whether there is a cluster in this directory, running or not. */
  public static boolean exists(Path directory) {
    return Files.exists(new LocalFiles(directory).cluster());
  }

  /**
   * Lays down the configuration of a cluster in which every node has every role; starts nothing.
   *
   * @param ports one pair for each node, which are named n1, n2 and so on
   * @param settings in the form of {@code application.conf}, what differs from the defaults
   * @throws CommandFailedException if there is a cluster already, or the directory can't be written
   */
  public static LocalCluster create(
      Path directory, List<Ports> ports, String settings, NodeLauncher launcher) {
    return create(
        directory, Collections.nCopies(ports.size(), LOOPBACK), ports, settings, launcher);
  }

  /**
   * The same with an address of its own for each node, all of which this machine must reach.
   *
   * @param hosts as many as ports
   */
  public static LocalCluster create(
      Path directory,
      List<String> hosts,
      List<Ports> ports,
      String settings,
      NodeLauncher launcher) {
    LocalFiles files = new LocalFiles(directory);
    if (exists(directory)) {
      throw new CommandFailedException("there is a cluster in " + files.directory() + " already");
    }
    try {
      Files.createDirectories(files.data());
      Files.createDirectories(files.run());
      Files.writeString(files.settings(), CHAOS + settings);
      Files.writeString(files.cluster(), clusterConf(hosts, ports));
    } catch (IOException e) {
      throw new CommandFailedException(
          "a cluster can't be made in " + files.directory() + ": " + e, e);
    }
    return open(directory, launcher);
  }

  /**
   * The cluster in a directory.
   *
   * @throws CommandFailedException if there is none
   * @throws ConfigurationException if its configuration can't work
   */
  public static LocalCluster open(Path directory, NodeLauncher launcher) {
    LocalFiles files = new LocalFiles(directory);
    if (!exists(directory)) {
      throw new CommandFailedException("there is no cluster in " + files.directory());
    }
    Config config = new ConfigFiles(files.settings(), files.cluster(), Map.of()).load();
    LocalAccess access = ConfigReader.localAccess(config);
    boolean tls = access.ca().isPresent();
    return new LocalCluster(
        files,
        access,
        ConfigReader.nodes(config).stream()
            .map(node -> new LocalNode(node, tls, files, launcher))
            .toList());
  }

  /**
   * Makes a backup the state of every node; none may have data, and none may run.
   *
   * @throws synod.storage.SnapshotException if the backup can't be used
   * @throws synod.storage.StorageRefusedException if a node has data
   */
  void restore(SnapshotFile backup, Consumer<String> say) {
    Config config =
        new ConfigFiles(
                files.settings(),
                files.cluster(),
                Map.of("synod.data-directory", files.data().toString()))
            .load();
    for (LocalNode node : nodes) {
      RestoreCommand.restore(ConfigReader.read(config, node.name()), backup);
      say.accept("restored " + node.name());
    }
  }

  public Path directory() {
    return files.directory();
  }

  /** In the order of the configuration. */
  public List<LocalNode> nodes() {
    return nodes;
  }

  /**
   * @throws CommandFailedException if no node has this name; says which there are
   */
  public LocalNode node(String name) {
    return nodes.stream()
        .filter(node -> node.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new CommandFailedException(
                    "no node is named " + name + ": the nodes are " + names(nodes)));
  }

  /** What the node says of itself over HTTP; see {@link NodeProbe#status}. */
  public Optional<JsonNode> status(LocalNode node) {
    return probe.status(node);
  }

  /**
   * Starts all nodes that don't run and waits until every gateway of the cluster serves writes.
   *
   * @param progress told, in lines for a person, what is waited for
   * @throws CommandFailedException if that takes longer, or a process ends; then those that were
   *     started now are stopped again
   */
  public void start(Duration patience, Consumer<String> progress) {
    List<LocalNode> started = nodes.stream().filter(LocalNode::start).toList();
    if (!started.isEmpty()) {
      progress.accept("starting " + names(started) + " in " + directory());
    }
    try {
      awaitServing(nodes, patience, progress);
    } catch (RuntimeException e) {
      started.forEach(LocalNode::terminate);
      started.forEach(node -> node.stop(Duration.ofSeconds(5)));
      throw e;
    }
  }

  /**
   * Waits until each of these nodes serves reads and writes; one without a gateway, until it
   * answers.
   *
   * @throws CommandFailedException if that takes longer, or a process ends; with the end of its log
   */
  public void awaitServing(List<LocalNode> awaited, Duration patience, Consumer<String> progress) {
    await(awaited, patience, progress, this::whyNotServing);
  }

  /**
   * The same, and until each has all of its roles back, so that the cluster can do without another
   * node.
   *
   * @throws CommandFailedException as above
   */
  public void awaitWell(List<LocalNode> awaited, Duration patience, Consumer<String> progress) {
    await(
        awaited,
        patience,
        progress,
        node -> whyNotServing(node).or(() -> probe.whyRecovering(node)));
  }

  /** The node that says it leads, at the highest ballot; nobody if none does. */
  public Optional<LocalNode> leader() {
    Map<LocalNode, Long> leading = new HashMap<>();
    for (LocalNode node : nodes) {
      status(node)
          .filter(status -> status.path("leading").asBoolean())
          .ifPresent(status -> leading.put(node, status.at("/leader/round").asLong()));
    }
    return leading.entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey);
  }

  private static void await(
      List<LocalNode> awaited,
      Duration patience,
      Consumer<String> progress,
      Function<LocalNode, Optional<String>> whyNot) {
    long deadline = System.nanoTime() + patience.toNanos();
    // One after the other: while they start, every question takes time away from the answer.
    Deque<LocalNode> pending = new ArrayDeque<>(awaited);
    String said = "";
    while (!pending.isEmpty()) {
      awaited.forEach(LocalCluster::requireAlive);
      LocalNode node = pending.getFirst();
      Optional<String> reason = whyNot.apply(node);
      if (reason.isEmpty()) {
        pending.removeFirst();
        continue;
      }
      String waiting = "waiting for " + node.name() + " (" + reason.get() + ")";
      if (System.nanoTime() - deadline > 0) {
        throw new CommandFailedException(
            "gave up after " + patience.toSeconds() + " s " + waiting + logTail(node));
      }
      if (!waiting.equals(said)) {
        progress.accept(waiting);
        said = waiting;
      }
      Waiting.pause(POLL);
    }
  }

  private static void requireAlive(LocalNode node) {
    if (!node.isAlive()) {
      throw new CommandFailedException(node.name() + " ended by itself" + logTail(node));
    }
  }

  private Optional<String> whyNotServing(LocalNode node) {
    return node.config().roles().contains(Role.GATEWAY)
        ? probe.whyNotServing(node)
        : probe.whyNotLive(node);
  }

  private static String logTail(LocalNode node) {
    return "; the end of "
        + node.log()
        + ":"
        + node.logTail(TAIL_LINES).stream()
            .map(line -> System.lineSeparator() + "  " + line)
            .collect(Collectors.joining());
  }

  /**
   * Asks all nodes to end, together, and waits; those that don't end in time are killed.
   *
   * @return the names of those that had to be killed
   */
  public List<String> stop(Duration patience) {
    List<LocalNode> running = nodes.stream().filter(LocalNode::isAlive).toList();
    running.forEach(LocalNode::terminate);
    long deadline = System.nanoTime() + patience.toNanos();
    List<String> killed = new ArrayList<>();
    for (LocalNode node : nodes) {
      boolean wasRunning = running.contains(node);
      boolean ended = node.stop(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
      if (wasRunning && !ended) {
        killed.add(node.name());
      }
    }
    return killed;
  }

  /**
   * Does something while no other command starts or stops nodes in this directory.
   *
   * @throws CommandFailedException if another is at work
   */
  public void exclusively(Runnable work) {
    try {
      Files.createDirectories(files.run());
      try (FileChannel channel =
          FileChannel.open(files.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        if (tryLock(channel) == null) {
          throw new CommandFailedException("another command is at work in " + directory());
        }
        // Closing the channel gives the lock back.
        work.run();
      }
    } catch (IOException e) {
      throw new CommandFailedException(directory() + " can't be locked: " + e, e);
    }
  }

  private static FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  static String names(List<LocalNode> nodes) {
    return nodes.stream().map(LocalNode::name).collect(Collectors.joining(", "));
  }

  private static String clusterConf(List<String> hosts, List<Ports> ports) {
    String names =
        IntStream.rangeClosed(1, ports.size())
            .mapToObj(i -> "n" + i)
            .collect(Collectors.joining(", "));
    String nodes =
        IntStream.range(0, ports.size())
            .mapToObj(i -> node("n" + (i + 1), hosts.get(i), ports.get(i)))
            .collect(Collectors.joining());
    return """
    # A cluster on this machine, made by "synod cluster start". What the settings mean stands in Synod's own cluster.conf.
    synod.cluster {
      name = synod
      nodes = [
    %s  ]
      acceptors = [%s]
      seed-nodes = [%s]
      quorum { phase1 = majority, phase2 = majority }
    }
    """
        .formatted(nodes, names, ports.size() > 1 ? "n1, n2" : "n1");
  }

  private static String node(String name, String host, Ports ports) {
    return "    { name = %s, host = %s, akka-port = %d, http-port = %d, roles = [acceptor, proposer, learner, gateway] }%n"
        .formatted(name, host, ports.akka(), ports.http());
  }
}
