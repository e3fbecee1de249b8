package synod.cli.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import synod.check.History;
import synod.check.LinearizabilityChecker;
import synod.check.Verdict;
import synod.cli.CommandFailedException;
import synod.cli.LocalCluster;
import synod.cli.LocalNode;
import synod.cli.NodeLauncher;
import synod.cli.Ports;
import synod.cli.workload.Acknowledged;
import synod.cli.workload.Cast;
import synod.cli.workload.DiskAudit;
import synod.cli.workload.NodeHttp;
import synod.cli.workload.Recorder;
import synod.cli.workload.StoreClient;
import synod.cli.workload.Tally;

/**
 * The main job, to be watched: a cluster of real processes serves concurrent clients while its
 * roles are stopped and come back; then it is checked that nothing was lost.
 */
@Command(
    name = "demo",
    description = {
      "Starts a cluster of processes, lets concurrent clients loose on it while chaos stops roles, and checks the result.",
      "Exit code 0 only if every acknowledged write is there, the history is linearizable, the replicas agree and chaos bit."
    })
public final class DemoCommand implements Callable<Integer> {
  /**
   * Nodes that live for a minute: an optimizing compiler would take most of the processor and not
   * pay.
   */
  private static final NodeLauncher LAUNCHER =
      new NodeLauncher(NodeLauncher.REAL.mainClass(), List.of("-XX:TieredStopAtLevel=1"));

  private static final Duration START_PATIENCE = Duration.ofSeconds(60);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(20);
  private static final Duration REST_PATIENCE = Duration.ofSeconds(30);
  private static final Duration MARGIN = Duration.ofSeconds(2);

  /** Chaos stops roles, not nodes: a node that was silent once may answer at once. */
  private static final StoreClient.Patience CLIENT_PATIENCE =
      new StoreClient.Patience(Duration.ofMillis(1_500), Duration.ofSeconds(8), Duration.ZERO);

  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final double WANTED_SUCCESS = 0.95;
  private static final long WANTED_GAP_MILLIS = 4_000;

  @Spec private CommandSpec spec;

  @Option(names = "--nodes", defaultValue = "5", description = "how many nodes (${DEFAULT-VALUE})")
  private int nodes;

  @Option(
      names = "--duration",
      defaultValue = "20s",
      description = "how long clients work, as in 90s or 2m (${DEFAULT-VALUE})")
  private String duration;

  @Option(
      names = "--chaos",
      defaultValue = "acceptors",
      description = "what is stopped: acceptors, all roles, or off (${DEFAULT-VALUE})")
  private String chaosMode;

  @Option(names = "--seed", description = "of clients and chaos (a random one)")
  private Long seed;

  @Option(
      names = "--clients",
      defaultValue = "32",
      description = "concurrent clients (${DEFAULT-VALUE})")
  private int clients;

  @Option(
      names = "--rate",
      defaultValue = "600",
      description = "operations a second that all clients together aim at (${DEFAULT-VALUE})")
  private int rate;

  @Option(names = "--json", paramLabel = "FILE", description = "write the result there as well")
  private Path jsonFile;

  @Option(
      names = "--keep",
      description = "keep the cluster's directory: data, logs and configuration")
  private boolean keep;

  private PrintStream out;

  @Override
  public Integer call() throws Exception {
    out = System.out;
    long durationNanos = durationNanos();
    DemoChaos.Mode mode = mode();
    if (nodes < 1 || clients < 1 || rate < 1) {
      throw new ParameterException(
          spec.commandLine(), "--nodes, --clients and --rate must be at least 1");
    }
    long chosenSeed = seed == null ? new Random().nextLong() >>> 1 : seed;
    Path directory = Files.createTempDirectory("synod-demo-");
    out.printf(
        "%d nodes, %d clients, %s, chaos: %s, seed %d%n",
        nodes, clients, duration, chaosMode.toLowerCase(Locale.ROOT), chosenSeed);
    LocalCluster cluster =
        LocalCluster.create(
            directory.resolve("cluster"),
            Ports.free(nodes),
            "synod.chaos.seed = " + chosenSeed,
            LAUNCHER);
    Thread cleanUp = new Thread(() -> cleanUp(cluster, directory));
    Runtime.getRuntime().addShutdownHook(cleanUp);
    try {
      cluster.start(START_PATIENCE, line -> out.println("  " + line));
      DemoReport report = play(cluster, mode, chosenSeed, durationNanos);
      report.print(out);
      if (jsonFile != null) {
        Files.write(
            jsonFile,
            new ObjectMapper()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .writeValueAsBytes(report.toMap()));
      }
      return report.problems().isEmpty() ? 0 : 1;
    } finally {
      Runtime.getRuntime().removeShutdownHook(cleanUp);
      cleanUp(cluster, directory);
    }
  }

  private DemoReport play(
      LocalCluster cluster, DemoChaos.Mode mode, long chosenSeed, long durationNanos)
      throws IOException, InterruptedException, ExecutionException {
    NodeHttp http = new NodeHttp(MARGIN);
    History history = new History();
    Acknowledged acknowledged = new Acknowledged();
    Crowd crowd = new Crowd(cluster.nodes(), http, history, acknowledged);
    DemoClient populating = crowd.client("setup", new Tally(), chosenSeed, 0, 0);
    DataSet.ITEMS.forEach(populating::populate);
    out.printf(
        "filled the store with %d capitals; first: %s = %s%n",
        DataSet.ITEMS.size(), DataSet.ITEMS.get(0).key(), DataSet.ITEMS.get(0).value());

    Tally tally = new Tally();
    long start = System.nanoTime();
    tally.start(start);
    DemoChaos chaos = new DemoChaos(mode, cluster.nodes(), http, chosenSeed);
    chaos.start(start, durationNanos);
    Narrator narrator =
        new Narrator(out, System.console() != null, cluster.nodes().size(), start, durationNanos);
    ExecutorService threads = Executors.newFixedThreadPool(clients);
    try {
      List<Future<?>> working = new ArrayList<>();
      for (int i = 1; i <= clients; i++) {
        working.add(
            threads.submit(
                crowd.client(
                    "c" + i,
                    tally,
                    chosenSeed + i,
                    TimeUnit.SECONDS.toNanos(clients) / rate,
                    start + durationNanos)));
      }
      long lookedAt = start;
      boolean lacked = false;
      while (working.stream().anyMatch(client -> !client.isDone())) {
        Cast cast = Cast.look(cluster.nodes(), http);
        long now = System.nanoTime();
        boolean lacks = cast.lacksQuorum(cluster.nodes().size());
        if (lacked && lacks) {
          tally.withoutQuorum(lookedAt, now);
        }
        lacked = lacks;
        lookedAt = now;
        narrator.observe(cast, tally, now);
        chaos.proceed(now, cast);
        LockSupport.parkNanos(LOOK_NANOS);
      }
      for (Future<?> client : working) {
        client.get();
      }
    } finally {
      threads.shutdownNow();
    }
    long end = System.nanoTime();
    tally.stop(end);
    chaos.stop();
    narrator.clearBar();
    Cast rest = awaitRest(cluster, http);
    DataSet.ITEMS.forEach(populating::readEverywhere);
    awaitRest(cluster, http);
    List<String> killed = cluster.stop(STOP_PATIENCE);
    List<DiskAudit> audits =
        cluster.nodes().stream().map(node -> DiskAudit.of(node, acknowledged)).toList();
    Verdict verdict = LinearizabilityChecker.check(history);
    DemoReport report =
        new DemoReport(
            chosenSeed,
            tally,
            tally.perSecond(end),
            rest.stops(),
            acknowledged.size(),
            history.size(),
            verdict,
            audits);
    chaos.missed(rest).forEach(missed -> report.problem("chaos did not bite: " + missed));
    killed.forEach(name -> report.problem(name + " did not stop when asked to"));
    report.judge(WANTED_SUCCESS, WANTED_GAP_MILLIS);
    return report;
  }

  /** What all clients have in common. */
  private record Crowd(
      List<LocalNode> nodes, NodeHttp http, History history, Acknowledged acknowledged) {
    DemoClient client(String name, Tally tally, long seed, long pauseNanos, long endNanos) {
      Random random = new Random(seed);
      StoreClient client =
          new StoreClient(name, http, Recorder.of(history), acknowledged, CLIENT_PATIENCE, random);
      return new DemoClient(name, nodes, client, tally, random, pauseNanos, endNanos);
    }
  }

  private Cast awaitRest(LocalCluster cluster, NodeHttp http) {
    long deadline = System.nanoTime() + REST_PATIENCE.toNanos();
    Cast cast = Cast.look(cluster.nodes(), http);
    while (!cast.atRest(cluster.nodes().size())) {
      if (System.nanoTime() > deadline) {
        throw new CommandFailedException(
            "the cluster didn't come to rest within "
                + REST_PATIENCE.toSeconds()
                + " s after chaos ended; down: "
                + cast.down().keySet()
                + ", answering: "
                + cast.nodes().keySet());
      }
      LockSupport.parkNanos(LOOK_NANOS);
      cast = Cast.look(cluster.nodes(), http);
    }
    return cast;
  }

  private long durationNanos() {
    try {
      long nanos =
          ConfigFactory.parseMap(Map.of("duration", duration))
              .getDuration("duration", TimeUnit.NANOSECONDS);
      if (nanos > 0) {
        return nanos;
      }
    } catch (ConfigException e) {
      throw new ParameterException(
          spec.commandLine(), "--duration: not a time as in 20s or 2m: " + duration, e);
    }
    throw new ParameterException(spec.commandLine(), "--duration must be positive: " + duration);
  }

  private DemoChaos.Mode mode() {
    try {
      return DemoChaos.Mode.valueOf(chaosMode.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(), "--chaos: acceptors, all or off, not " + chaosMode, e);
    }
  }

  private void cleanUp(LocalCluster cluster, Path directory) {
    cluster.nodes().stream().filter(LocalNode::isAlive).forEach(LocalNode::kill);
    if (keep) {
      out.println("kept: " + directory);
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      out.println("not all of " + directory + " could be deleted: " + e);
    }
  }
}
