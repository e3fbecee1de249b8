package synod.cli.torture;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import synod.cli.CommandFailedException;
import synod.cli.LocalCluster;
import synod.cli.LocalNode;
import synod.cli.NodeLauncher;
import synod.cli.Ports;
import synod.cli.workload.Cast;
import synod.cli.workload.NodeHttp;

/**
 * Five nodes, each with a machine to itself as far as this user may make one, and what can be done
 * to them. Closing it ends every process that it started and removes all that it made outside of
 * its directory; it may be closed by any thread at any time, and starts nothing any more then.
 */
final class Lab implements AutoCloseable {
  static final int NODES = 5;

  /** What nodes refuse new values below. */
  static final long LOW_SPACE_BYTES = 48L << 20;

  /** Within this time a node ends that was asked to. */
  static final Duration STOP_PATIENCE = Duration.ofSeconds(20);

  private static final long DISK_BYTES = 128L << 20;
  private static final long DISK_BYTES_PER_SECOND = 512 << 10;
  private static final Ports PORTS = new Ports(25_520, 8_080);
  private static final Duration LOOK_MARGIN = Duration.ofSeconds(2);

  /** Nodes that live for minutes and are killed often: as for the demo. */
  private static final List<String> JVM_FLAGS = List.of("-XX:TieredStopAtLevel=1");

  private final Path directory;
  private final Map<Kind, String> missing = new EnumMap<>(Kind.class);
  private final NodeHttp http = new NodeHttp(LOOK_MARGIN);
  private Network network;
  private Disks disks;
  private Clocks clocks;
  private LocalCluster cluster;
  private boolean closed;

  /**
   * @param directory of this run, which is there
   */
  Lab(Path directory) {
    this.directory = directory;
  }

  /**
   * Makes all that is needed for these kinds of faults, as far as it can be; starts nothing.
   *
   * @param duration for which nodes will be written to
   */
  synchronized void make(Set<Kind> wanted, Duration duration, long seed) {
    requireOpen();
    String name = "synod-" + ProcessHandle.current().pid();
    List<String> names = IntStream.rangeClosed(1, NODES).mapToObj(i -> "n" + i).toList();
    network =
        tryFor(
            "network namespaces",
            wanted,
            EnumSet.of(Kind.PARTITION, Kind.LATENCY, Kind.LOSS, Kind.BANDWIDTH),
            () -> Network.create(name, names));
    clocks =
        tryFor(
            "clocks that can be set",
            wanted,
            EnumSet.of(Kind.CLOCK),
            () -> Clocks.create(directory.resolve("clocks"), names));
    cluster = create(names, seed, wanted.contains(Kind.ROLES));
    Map<String, Path> data =
        cluster.nodes().stream()
            .collect(Collectors.toMap(LocalNode::name, LocalNode::dataDirectory));
    long bytes = DISK_BYTES + duration.toSeconds() * DISK_BYTES_PER_SECOND;
    disks =
        tryFor(
            "disks of memory",
            wanted,
            EnumSet.of(Kind.DISK_FULL),
            () -> Disks.mount(name, data, bytes));
  }

  private <T> T tryFor(String what, Set<Kind> wanted, Set<Kind> uses, Supplier<T> making) {
    Set<Kind> needed = EnumSet.copyOf(uses);
    needed.retainAll(wanted);
    if (needed.isEmpty()) {
      return null;
    }
    try {
      return making.get();
    } catch (CommandFailedException e) {
      needed.forEach(kind -> missing.put(kind, "no " + what + " here: " + e.getMessage()));
      return null;
    }
  }

  private LocalCluster create(List<String> names, long seed, boolean chaos) {
    Map<String, List<String>> wrappers = new HashMap<>();
    for (String node : names) {
      List<String> words = new ArrayList<>();
      if (network != null) {
        words.addAll(network.enter(node));
      }
      if (clocks != null) {
        words.addAll(clocks.wearing(node));
      }
      wrappers.put(node, words);
    }
    Function<String, String> host = network == null ? node -> "127.0.0.1" : network::address;
    List<Ports> ports =
        network == null ? Ports.free(NODES) : names.stream().map(node -> PORTS).toList();
    return LocalCluster.create(
        directory.resolve("cluster"),
        names.stream().map(host).toList(),
        ports,
        settings(seed, chaos),
        new NodeLauncher(NodeLauncher.REAL.mainClass(), JVM_FLAGS, wrappers));
  }

  private static String settings(long seed, boolean chaos) {
    return """
    # The machines are this lab's own, and nobody else is in their network.
    synod.security.allow-insecure = on
    synod.limits.low-space-bytes = %d
    # One every few seconds.
    synod.snapshots.after-bytes = 128 KiB
    # What was acknowledged is looked for in there afterwards.
    synod.history.max-revisions = 1000000000
    synod.history.max-bytes = 1 TiB
    synod.chaos {
      roles = [%s]
      mean-time-between-failures = 60 s
      downtime-min = 300 ms
      downtime-max = 1500 ms
      seed = %d
    }
    """
        .formatted(LOW_SPACE_BYTES, chaos ? "acceptor, proposer, learner, gateway" : "", seed);
  }

  /** Kinds of faults that were wanted and can't be had, and why. */
  Map<Kind, String> missing() {
    return Map.copyOf(missing);
  }

  LocalCluster cluster() {
    return cluster;
  }

  List<LocalNode> nodes() {
    return cluster.nodes();
  }

  NodeHttp http() {
    return http;
  }

  Optional<Network> network() {
    return Optional.ofNullable(network);
  }

  Optional<Disks> disks() {
    return Optional.ofNullable(disks);
  }

  Optional<Clocks> clocks() {
    return Optional.ofNullable(clocks);
  }

  /** The node that says it leads, at the highest ballot; nobody if none does. */
  Optional<LocalNode> leader() {
    return Cast.look(nodes(), http).leader().map(cluster::node);
  }

  /**
   * Starts a node that doesn't run; doesn't wait until it serves.
   *
   * @throws CommandFailedException if the lab is closed
   */
  synchronized void start(LocalNode node) {
    requireOpen();
    node.start();
  }

  /** Ends all nodes, and copies what is on their disks to where it outlives the lab. */
  synchronized void rescue(Path target) throws IOException {
    if (disks != null) {
      nodes().forEach(LocalNode::kill);
      disks.rescue(target);
    }
  }

  /** Starts all nodes and waits until they serve. */
  void startAll(Duration patience, Consumer<String> progress) {
    nodes().forEach(this::start);
    cluster.awaitServing(nodes(), patience, progress);
  }

  private void requireOpen() {
    if (closed) {
      throw new CommandFailedException("the lab is closed");
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    List<String> problems = new ArrayList<>();
    if (cluster != null) {
      cluster.nodes().forEach(node -> attempt(node::kill, problems));
    }
    if (disks != null) {
      attempt(disks::close, problems);
    }
    if (network != null) {
      attempt(network::close, problems);
    }
    if (!problems.isEmpty()) {
      throw new CommandFailedException(String.join("; ", problems));
    }
  }

  /** The rest is to be removed whatever can't be. */
  private static void attempt(Runnable step, List<String> problems) {
    try {
      step.run();
    } catch (CommandFailedException e) {
      problems.add(e.getMessage());
    }
  }
}
