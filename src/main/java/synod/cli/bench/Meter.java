package synod.cli.bench;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/** Puts one load on one target for a while, and measures. Used by one thread. */
final class Meter implements AutoCloseable {
  /** A load that is to end has this long to do so. */
  private static final Duration DRAIN_PATIENCE = Duration.ofSeconds(15);

  /**
   * The part of a window that a load runs before it, to get into its stride, and at most how long.
   */
  private static final int SETTLING = 4;

  private static final Duration SETTLING_MAX = Duration.ofSeconds(1);
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final int FILLERS = 128;

  /**
   * No more than this is under way while keys are put: a slow disk would take longer than a write
   * may.
   */
  private static final int FILL_BYTES = 4 << 20;

  private static final double THOUSAND_PER_MILLION = 1e-3;

  private final Workload workload;
  private final List<Long> client = List.of(ProcessHandle.current().pid());
  private final ScheduledExecutorService timer = Timers.create("bench-retries");

  /** One moment's readings. */
  record Reading(long nanos, OptionalLong serverCpu, OptionalLong clientCpu) {}

  Meter(Workload workload) {
    this.workload = workload;
  }

  /**
   * Puts all keys.
   *
   * @param meanwhile called now and then
   */
  void fill(Target target, Runnable meanwhile) throws LostException, InterruptedException {
    Outcomes outcomes = new Outcomes();
    Workload.Source all = workload.fill();
    int fillers = Math.max(1, Math.min(FILLERS, FILL_BYTES / Math.max(1, workload.valueBytes())));
    ClosedLoop loop = new ClosedLoop(target.driver(), sources(fillers, all), outcomes, timer);
    target.driver().prepare(fillers);
    loop.start();
    long before = -1;
    long changedAt = System.nanoTime();
    while (!loop.awaitIdle(LOOK)) {
      long done = outcomes.successes();
      meanwhile.run();
      if (done != before) {
        before = done;
        changedAt = System.nanoTime();
      } else if (System.nanoTime() - changedAt > DRAIN_PATIENCE.toNanos()) {
        throw lost(target, outcomes, "takes no writes");
      }
    }
  }

  private static Workload.Source[] sources(int clients, Workload.Source shared) {
    return IntStream.range(0, clients).mapToObj(i -> shared).toArray(Workload.Source[]::new);
  }

  /**
   * Runs a load until it is in its stride, then for a window, and lets it end.
   *
   * @param meanwhile called now and then
   * @throws LostException if the target stops serving
   */
  Measurement measure(Target target, Load load, int round, Duration window, Runnable meanwhile)
      throws LostException, InterruptedException {
    Outcomes outcomes = new Outcomes();
    Generator generator = generator(target.driver(), load, outcomes);
    target.driver().prepare(load.outstanding());
    Servers.Counters countersBefore = target.servers().counters();
    generator.start();
    Duration settling = window.dividedBy(SETTLING);
    sleep(settling.compareTo(SETTLING_MAX) < 0 ? settling : SETTLING_MAX, meanwhile);
    outcomes.take();
    long failedBefore = outcomes.failures();
    Reading before = read(target);
    sleep(window, meanwhile);
    Reading after = read(target);
    Histogram times = outcomes.take();
    long done = times.getTotalCount();
    generator.addOverdue(times, after.nanos());
    long failed = outcomes.failures() - failedBefore;
    Map<Figure, Double> figures = new EnumMap<>(Figure.class);
    addMemory(figures, target.servers().pids());
    generator.stop();
    boolean idle = generator.awaitIdle(DRAIN_PATIENCE);
    if (done == 0) {
      throw lost(target, outcomes, "did nothing for " + window.toMillis() + " ms");
    }
    if (!idle) {
      throw lost(target, outcomes, "left operations without an answer");
    }
    if (target.servers().problem().isPresent()) {
      throw lost(target, outcomes, "is not whole any more");
    }
    addTimes(figures, times, done / ((after.nanos() - before.nanos()) / 1e9));
    addCpu(figures, before, after, done);
    figures.put(Figure.FAILED, (double) failed);
    addCounters(figures, countersBefore, target.servers().counters(), outcomes.successes());
    return new Measurement(target.name(), load, round, figures);
  }

  /** Keeps a driver busy with a load, once it is started. */
  Generator generator(Driver driver, Load load, Outcomes outcomes) {
    if (load.isOpen()) {
      return new OpenLoop(
          driver, workload.draw(load.mix()), outcomes, load.outstanding(), load.rate());
    }
    Workload.Source[] sources =
        IntStream.range(0, load.outstanding())
            .mapToObj(i -> workload.draw(load.mix()))
            .toArray(Workload.Source[]::new);
    return new ClosedLoop(driver, sources, outcomes, timer);
  }

  /**
   * The news that a target doesn't serve, with what is known about why.
   *
   * @param what shows it, after the target's name
   */
  static LostException lost(Target target, Outcomes outcomes, String what) {
    StringBuilder message = new StringBuilder(target.name()).append(' ').append(what);
    target.servers().problem().ifPresent(problem -> message.append("; ").append(problem));
    if (!outcomes.lastFailure().isEmpty()) {
      message.append("; the last failure: ").append(outcomes.lastFailure());
    }
    return new LostException(message.toString());
  }

  static void sleep(Duration duration, Runnable meanwhile) throws InterruptedException {
    long end = System.nanoTime() + duration.toNanos();
    for (long left = duration.toNanos(); left > 0; left = end - System.nanoTime()) {
      meanwhile.run();
      TimeUnit.NANOSECONDS.sleep(Math.min(left, LOOK.toNanos()));
    }
  }

  Reading read(Target target) {
    return new Reading(
        System.nanoTime(), Processes.cpuNanos(target.servers().pids()), Processes.cpuNanos(client));
  }

  private static void addMemory(Map<Figure, Double> figures, List<Long> servers) {
    figures.put(Figure.RESIDENT, mebibytes(Processes.residentBytes(servers)));
    figures.put(Figure.PEAK_RESIDENT, mebibytes(Processes.peakResidentBytes(servers)));
  }

  private static double mebibytes(OptionalLong bytes) {
    return bytes.isPresent() ? bytes.getAsLong() / (double) (1 << 20) : Double.NaN;
  }

  static void addTimes(Map<Figure, Double> figures, Histogram times, double perSecond) {
    figures.put(Figure.RATE, perSecond);
    figures.put(Figure.P50, times.getValueAtPercentile(50) / 1e3);
    figures.put(Figure.P90, times.getValueAtPercentile(90) / 1e3);
    figures.put(Figure.P99, times.getValueAtPercentile(99) / 1e3);
    figures.put(Figure.P999, times.getValueAtPercentile(99.9) / 1e3);
    figures.put(Figure.MAX, times.getMaxValue() / 1e3);
  }

  /** Nanoseconds an operation are milliseconds for a million of them. */
  static void addCpu(Map<Figure, Double> figures, Reading before, Reading after, long operations) {
    double server = perOperation(before.serverCpu(), after.serverCpu(), operations);
    double client = perOperation(before.clientCpu(), after.clientCpu(), operations);
    figures.put(Figure.SERVER_CPU, server * THOUSAND_PER_MILLION);
    figures.put(Figure.CLIENT_CPU, client * THOUSAND_PER_MILLION);
    figures.put(Figure.CPU, (server + client) * THOUSAND_PER_MILLION);
  }

  /** Read while the servers are idle, so that it is sure to which operations they belong. */
  private static void addCounters(
      Map<Figure, Double> figures,
      Servers.Counters before,
      Servers.Counters after,
      long operations) {
    figures.put(Figure.FLUSHES, perOperation(before.flushes(), after.flushes(), operations));
    figures.put(Figure.ELECTIONS, perOperation(before.elections(), after.elections(), 1));
  }

  private static double perOperation(OptionalLong before, OptionalLong after, long operations) {
    return before.isPresent() && after.isPresent() && operations > 0
        ? (after.getAsLong() - before.getAsLong()) / (double) operations
        : Double.NaN;
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
