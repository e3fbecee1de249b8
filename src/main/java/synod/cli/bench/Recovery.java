package synod.cli.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import synod.cli.CommandFailedException;
import synod.node.NodeConfig;

/**
 * What a big state costs a cluster: its snapshots, the restart of a node that has it, and a node
 * that has lost it. Used by one thread.
 */
final class Recovery {
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  /** The longest that a node lets a request take. */
  private static final Duration SNAPSHOT_PATIENCE = Duration.ofSeconds(60);

  private static final Duration POLL = Duration.ofMillis(20);
  private static final Duration SETTLING = Duration.ofSeconds(2);
  private static final int UNDER_WAY_MAX = 4_096;
  private static final double MEGA = 1e6;

  private final SynodServers servers;
  private final Workload state;
  private final Workload small;
  private final Plan plan;
  private final RecoveryReport report;
  private final ProgressBar progress;
  private final Web web = new Web();

  /**
   * How it is done.
   *
   * @param rounds of each measurement
   * @param window how long a stretch with snapshots lasts, and one without
   * @param rate puts a second while snapshots are taken
   * @param outstanding puts under way while a node catches up
   */
  record Plan(int rounds, Duration window, int rate, int outstanding) {}

  /**
   * @param servers that run and hold nothing yet
   * @param state what they are to hold
   * @param small what is written while something is measured; other keys
   */
  Recovery(
      SynodServers servers,
      Workload state,
      Workload small,
      Plan plan,
      RecoveryReport report,
      ProgressBar progress) {
    this.servers = servers;
    this.state = state;
    this.small = small;
    this.plan = plan;
    this.report = report;
    this.progress = progress;
  }

  /**
   * @throws LostException if the cluster stops serving
   */
  void run() throws LostException, InterruptedException {
    fill();
    checkpoints();
    restarts();
    catchUps();
  }

  private void fill() throws LostException, InterruptedException {
    progress.begin("filling");
    long start = System.nanoTime();
    try (Target target = new Target("synod", servers, () -> driver(servers.nodes()));
        Meter meter = new Meter(state)) {
      meter.fill(target, progress::show);
    }
    report.note(text("filled in %.1f s", secondsSince(start)));
  }

  // Snapshots

  private void checkpoints() throws InterruptedException {
    try (RecoveryLoad load =
        RecoveryLoad.atRate(driver(servers.nodes()), small, UNDER_WAY_MAX, plan.rate)) {
      let(SETTLING);
      load.take();
      for (int round = 1; round <= plan.rounds; round++) {
        progress.begin(text("round %d of %d: without snapshots", round, plan.rounds));
        let(plan.window);
        RecoveryLoad.Stretch quiet = load.take();
        report.add(RecoveryFigure.QUIET_PAUSE, quiet.pauseMillis());
        report.add(RecoveryFigure.QUIET_SLOWEST, quiet.slowestMillis());
        progress.begin(text("round %d of %d: snapshots of all nodes", round, plan.rounds));
        long start = System.nanoTime();
        takeSnapshots();
        report.add(RecoveryFigure.CHECKPOINT_SECONDS, secondsSince(start));
        let(plan.window.minusNanos(System.nanoTime() - start));
        RecoveryLoad.Stretch busy = load.take();
        report.add(RecoveryFigure.CHECKPOINT_PAUSE, busy.pauseMillis());
        report.add(RecoveryFigure.CHECKPOINT_SLOWEST, busy.slowestMillis());
        complainOf(quiet.failures() + busy.failures(), load);
      }
    }
  }

  /**
   * On all nodes together, which is the worst that can happen.
   *
   * @return the size of the largest
   */
  private long takeSnapshots() {
    List<CompletableFuture<Long>> taking =
        servers.nodes().stream()
            .map(node -> CompletableFuture.supplyAsync(() -> takeSnapshot(node)))
            .toList();
    try {
      return taking.stream().mapToLong(CompletableFuture::join).max().orElseThrow();
    } catch (CompletionException e) {
      throw new CommandFailedException(e.getCause().getMessage(), e);
    }
  }

  private long takeSnapshot(NodeConfig.Node node) {
    // Stale: what is measured is the snapshot, not the read before it.
    String path = "/v1/snapshot?consistency=stale&timeout=" + SNAPSHOT_PATIENCE.toSeconds() + "s";
    try {
      return web.begin(SynodServers.url(node) + path, SNAPSHOT_PATIENCE);
    } catch (IOException e) {
      throw new CommandFailedException(node.name() + " takes no snapshot: " + e.getMessage(), e);
    }
  }

  private void complainOf(long failures, RecoveryLoad load) {
    if (failures > 0) {
      report.note(text("%,d puts failed, the last: %s", failures, load.lastFailure()));
    }
  }

  // Restarts

  private void restarts() throws InterruptedException {
    for (int round = 1; round <= plan.rounds; round++) {
      NodeConfig.Node node = servers.nodes().get(round % servers.nodes().size());
      progress.begin(text("round %d of %d: restarts of %s", round, plan.rounds, node.name()));
      servers.stop(node);
      report.add(RecoveryFigure.RESTART_STOPPED, startedToReady(node));
      servers.kill(node);
      report.add(RecoveryFigure.RESTART_KILLED, startedToReady(node));
    }
  }

  /** In seconds. */
  private double startedToReady(NodeConfig.Node node) throws InterruptedException {
    long start = System.nanoTime();
    servers.start(node);
    awaitReady(node, start);
    return secondsSince(start);
  }

  private void awaitReady(NodeConfig.Node node, long start) throws InterruptedException {
    String waiting = node.name() + " isn't ready";
    while (true) {
      try {
        web.get(SynodServers.url(node) + "/health/ready");
        return;
      } catch (IOException e) {
        pause(start, waiting + ": " + e.getMessage());
      }
    }
  }

  // A node without its disk

  private void catchUps() throws InterruptedException {
    for (int round = 1; round <= plan.rounds; round++) {
      NodeConfig.Node lost = follower();
      List<NodeConfig.Node> others = new ArrayList<>(servers.nodes());
      others.remove(lost);
      long bytes = takeSnapshots();
      try (RecoveryLoad load = RecoveryLoad.full(driver(others), small, plan.outstanding)) {
        String words = text("round %d of %d: ", round, plan.rounds);
        progress.begin(words + "throughput of the whole cluster");
        RecoveryLoad.Stretch before = stretch(load);
        progress.begin(words + lost.name() + " without its disk");
        RecoveryLoad.Stretch meanwhile = catchUp(lost, bytes, load);
        progress.begin(words + "throughput of the whole cluster again");
        RecoveryLoad.Stretch after = stretch(load);
        double whole = (before.perSecond() + after.perSecond()) / 2;
        report.add(RecoveryFigure.THROUGHPUT_WHOLE, whole);
        report.add(RecoveryFigure.THROUGHPUT_MEANWHILE, meanwhile.perSecond());
        report.add(RecoveryFigure.CATCH_UP_KEPT, 100 * meanwhile.perSecond() / whole);
        report.note(
            text(
                "%s fetched %,.0f MB; longest pause of puts before, meanwhile, after: %.0f, %.0f, %.0f ms",
                lost.name(),
                bytes / MEGA,
                before.pauseMillis(),
                meanwhile.pauseMillis(),
                after.pauseMillis()));
        complainOf(before.failures() + meanwhile.failures() + after.failures(), load);
      }
    }
  }

  private RecoveryLoad.Stretch stretch(RecoveryLoad load) throws InterruptedException {
    let(SETTLING);
    load.take();
    let(plan.window);
    return load.take();
  }

  /** Returns when the node is ready again; what it returns is from the fetch to its end alone. */
  private RecoveryLoad.Stretch catchUp(NodeConfig.Node lost, long bytes, RecoveryLoad load)
      throws InterruptedException {
    servers.stop(lost);
    Place.deleteTree(servers.dataDirectory(lost));
    long start = System.nanoTime();
    servers.start(lost);
    awaitCounted(lost, "synod_snapshots_fetched_total", start);
    long fetching = System.nanoTime();
    load.take();
    awaitCounted(lost, "synod_snapshots_installed_total", start);
    RecoveryLoad.Stretch meanwhile = load.take();
    double seconds = secondsSince(fetching);
    awaitReady(lost, start);
    report.add(RecoveryFigure.WIPED_TO_READY, secondsSince(start));
    report.add(RecoveryFigure.CATCH_UP_SECONDS, seconds);
    report.add(RecoveryFigure.CATCH_UP_RATE, bytes / MEGA / seconds);
    return meanwhile;
  }

  private NodeConfig.Node follower() {
    NodeConfig.Node leader = servers.awaitLeader();
    return servers.nodes().stream()
        .filter(node -> !node.equals(leader))
        .reduce((first, second) -> second)
        .orElseThrow();
  }

  /** Waits until a node that was started anew has counted one of these. */
  private void awaitCounted(NodeConfig.Node node, String metric, long start)
      throws InterruptedException {
    while (true) {
      try {
        if (Web.metric(web.get(SynodServers.url(node) + "/metrics"), metric) > 0) {
          return;
        }
        pause(start, node.name() + " has no " + metric);
      } catch (IOException e) {
        pause(start, node.name() + " doesn't answer: " + e.getMessage());
      }
    }
  }

  // All of it

  private Driver driver(List<NodeConfig.Node> nodes) {
    return new SynodDriver(servers.clusterName(), nodes, UNDER_WAY_MAX, false);
  }

  private void pause(long start, String why) throws InterruptedException {
    if (System.nanoTime() - start > PATIENCE.toNanos()) {
      throw new CommandFailedException(why + " (after " + PATIENCE.toSeconds() + " s)");
    }
    Optional<String> problem = servers.problem();
    if (problem.isPresent()) {
      throw new CommandFailedException(problem.get());
    }
    progress.show();
    TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
  }

  /** A stretch that is measured has a length; nothing is waited for. */
  private void let(Duration pass) throws InterruptedException {
    Meter.sleep(pass, progress::show);
  }

  private static double secondsSince(long nanos) {
    return (System.nanoTime() - nanos) / 1e9;
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
