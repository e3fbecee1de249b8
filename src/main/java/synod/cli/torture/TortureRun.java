package synod.cli.torture;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import synod.check.HistoryFiles;
import synod.check.HistoryWriter;
import synod.cli.CommandFailedException;
import synod.cli.workload.Acknowledged;
import synod.cli.workload.Cast;
import synod.cli.workload.DiskAudit;
import synod.cli.workload.NodeHttp;
import synod.cli.workload.Pace;
import synod.cli.workload.Recorder;
import synod.cli.workload.StoreClient;
import synod.cli.workload.Tally;

/** One run, from the first start of the nodes to the verdict. */
final class TortureRun {
  private static final Duration START_PATIENCE = Duration.ofSeconds(90);
  private static final Duration REST_PATIENCE = Duration.ofSeconds(30);
  private static final Duration CLIENTS_PATIENCE = Duration.ofSeconds(30);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /**
   * So soon clients ask another node, or a few of them would be left to work while one is silent.
   */
  private static final Duration MARGIN = Duration.ofMillis(300);

  private static final StoreClient.Patience HASTY =
      new StoreClient.Patience(
          Duration.ofMillis(700), Duration.ofSeconds(15), Duration.ofSeconds(3));

  /**
   * Some clients wait longer than a leader is paused: what they asked it before, it answers when it
   * goes on.
   */
  private static final StoreClient.Patience PATIENT =
      new StoreClient.Patience(Duration.ofSeconds(12), Duration.ofSeconds(25), Duration.ZERO);

  private static final int ONE_PATIENT_IN = 8;

  private final Lab lab;
  private final Path historyFile;
  private final Set<Kind> wanted;
  private final long seed;
  private final Duration duration;
  private final int clients;
  private final int rate;
  private final Telling telling;
  private final Acknowledged acknowledged = new Acknowledged();
  private final Tally tally = new Tally();
  private final Availability availability = new Availability();
  private final AtomicBoolean working = new AtomicBoolean(true);

  /** Lines for a person who waits. */
  interface Telling {
    void say(String format, Object... arguments);
  }

  TortureRun(
      Lab lab,
      Path directory,
      Set<Kind> wanted,
      long seed,
      Duration duration,
      int clients,
      int rate,
      Telling telling) {
    this.lab = lab;
    this.historyFile = directory.resolve("history.jsonl");
    this.wanted = wanted;
    this.seed = seed;
    this.duration = duration;
    this.clients = clients;
    this.rate = rate;
    this.telling = telling;
  }

  TortureReport play() throws IOException, InterruptedException {
    lab.make(wanted, duration, seed);
    Map<Kind, String> missing = new EnumMap<>(Kind.class);
    missing.putAll(lab.missing());
    List<Fault> faults = Faults.of(lab, wanted, missing);
    Map<String, Set<Kind>> without = new TreeMap<>();
    missing.forEach(
        (kind, why) -> without.computeIfAbsent(why, w -> EnumSet.noneOf(Kind.class)).add(kind));
    without.forEach((why, kinds) -> telling.say("WITHOUT %s: %s", Kind.labels(kinds), why));
    if (lab.network().isEmpty()) {
      telling.say("no network namespaces: all nodes are on the loopback interface");
    }
    if (faults.isEmpty()) {
      throw new CommandFailedException("none of the faults that were asked for can be had here");
    }
    lab.startAll(START_PATIENCE, waiting -> telling.say("%s", waiting));
    TortureReport report = new TortureReport(seed, wanted, missing);
    try (HistoryWriter history = HistoryWriter.create(historyFile)) {
      torture(faults, history, report);
    }
    lab.cluster()
        .stop(Lab.STOP_PATIENCE)
        .forEach(name -> report.problem(name + " did not stop when asked to"));
    telling.say("checking");
    report.audits(
        lab.nodes().stream().map(node -> DiskAudit.of(node, acknowledged)).toList(),
        acknowledged.size());
    report.verdict(HistoryFiles.check(historyFile));
    return report;
  }

  private void torture(List<Fault> faults, HistoryWriter history, TortureReport report)
      throws InterruptedException {
    TortureClient.Common common =
        new TortureClient.Common(lab.nodes(), new Registers(), tally, availability);
    long start = System.nanoTime();
    tally.start(start);
    Nemesis nemesis =
        new Nemesis(
            lab,
            faults,
            seed,
            availability,
            line -> telling.say("%6.1f s  %s", (System.nanoTime() - start) / 1e9, line));
    ExecutorService threads = Executors.newFixedThreadPool(clients);
    List<Future<?>> crowd = new ArrayList<>();
    try {
      for (int i = 1; i <= clients; i++) {
        crowd.add(threads.submit(client(i, common, history)));
      }
      nemesis.run(start + duration.toNanos());
      nemesis.calm();
    } catch (CommandFailedException e) {
      report.problem(e.getMessage());
    } finally {
      working.set(false);
      threads.shutdown();
    }
    if (!threads.awaitTermination(CLIENTS_PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      report.problem("clients did not end");
      threads.shutdownNow();
    }
    long end = System.nanoTime();
    crowd.forEach(client -> judge(client, report));
    tally.stop(end);
    report.operations(tally, end - start);
    report.events(nemesis.events(), nemesis.roleStops(), availability, end);
    settle(client(0, common, history), report);
  }

  private TortureClient client(int number, TortureClient.Common common, HistoryWriter history) {
    String name = "c" + number;
    Random random = new Random(seed + number);
    StoreClient client =
        new StoreClient(
            name,
            new NodeHttp(MARGIN),
            Recorder.of(history),
            acknowledged,
            number % ONE_PATIENT_IN == 0 ? PATIENT : HASTY,
            random);
    Pace pace = new Pace(TimeUnit.SECONDS.toNanos(clients) / rate);
    return new TortureClient(name, client, common, random, pace, working::get);
  }

  private static void judge(Future<?> client, TortureReport report) {
    try {
      if (client.isDone()) {
        client.get();
      }
    } catch (ExecutionException e) {
      report.problem("a client failed: " + e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailedException("interrupted", e);
    }
  }

  /**
   * Waits until all replicas have applied the same, reads everything once more, and waits again.
   */
  private void settle(TortureClient reader, TortureReport report) {
    if (awaitRest(report)) {
      reader.readEverywhere();
      awaitRest(report);
    }
  }

  private boolean awaitRest(TortureReport report) {
    long deadline = System.nanoTime() + REST_PATIENCE.toNanos();
    Cast cast = Cast.look(lab.nodes(), lab.http());
    while (!cast.atRest(Lab.NODES)) {
      if (System.nanoTime() - deadline > 0) {
        report.problem(
            "the cluster didn't come to rest within %d s; down: %s, answering: %s"
                .formatted(REST_PATIENCE.toSeconds(), cast.down().keySet(), cast.nodes().keySet()));
        return false;
      }
      LockSupport.parkNanos(LOOK_NANOS);
      cast = Cast.look(lab.nodes(), lab.http());
    }
    return true;
  }
}
