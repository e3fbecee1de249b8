package synod.cli.bench;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;

/** Keeps one load on a store for a long time and samples what it takes up. Used by one thread. */
final class Soak {
  /** A store that has done nothing for so long is lost. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final Target target;
  private final Supplier<Map<String, Map<Figure, Double>>> gauges;
  private final Load load;
  private final Plan plan;
  private final SoakReport report;
  private final ProgressBar progress;

  private final Outcomes outcomes = new Outcomes();
  private Generator generator;
  private long startNanos;
  private Meter.Reading last;
  private long failuresBefore;
  private long doneNanos;

  /**
   * @param every how often it is sampled
   */
  record Plan(Duration duration, Duration every) {}

  /**
   * @param gauges of each node, by its name
   */
  Soak(
      Target target,
      Supplier<Map<String, Map<Figure, Double>>> gauges,
      Load load,
      Plan plan,
      SoakReport report,
      ProgressBar progress) {
    this.target = target;
    this.gauges = gauges;
    this.load = load;
    this.plan = plan;
    this.report = report;
    this.progress = progress;
  }

  /**
   * Puts every key once, and then keeps the load on the store.
   *
   * @throws LostException if the store stops serving, or isn't whole any more
   */
  void run(Workload workload) throws LostException, InterruptedException {
    try (Meter meter = new Meter(workload)) {
      progress.begin("putting the keys");
      meter.fill(target, progress::show);
      OptionalLong elections = target.servers().counters().elections();
      generator = meter.generator(target.driver(), load, outcomes);
      target.driver().prepare(load.outstanding());
      progress.begin(load.label());
      progress.expect(plan.duration().toNanos());
      last = meter.read(target);
      startNanos = last.nanos();
      doneNanos = startNanos;
      generator.start();
      try {
        long end = startNanos + plan.duration().toNanos();
        // One that comes late doesn't make the next one short.
        while (end - last.nanos() >= plan.every().toNanos() / 2) {
          long due = last.nanos() + plan.every().toNanos();
          Meter.sleep(Duration.ofNanos(Math.max(0, due - System.nanoTime())), progress::show);
          sample(meter);
        }
        generator.stop();
        if (!generator.awaitIdle(PATIENCE)) {
          throw lost(plan.duration().toSeconds(), "left operations without an answer");
        }
      } finally {
        generator.stop();
        report.elections(elections, target.servers().counters().elections());
      }
    } finally {
      progress.clear();
    }
  }

  private void sample(Meter meter) throws LostException {
    Meter.Reading now = meter.read(target);
    Histogram times = outcomes.take();
    long done = times.getTotalCount();
    generator.addOverdue(times, now.nanos());
    Map<Figure, Double> store = new EnumMap<>(Figure.class);
    double perSecond = done / ((now.nanos() - last.nanos()) / 1e9);
    if (times.getTotalCount() > 0) {
      Meter.addTimes(store, times, perSecond);
    } else {
      store.put(Figure.RATE, perSecond);
    }
    Meter.addCpu(store, last, now, done);
    long failures = outcomes.failures();
    store.put(Figure.FAILED, (double) (failures - failuresBefore));
    failuresBefore = failures;
    last = now;
    double seconds = (now.nanos() - startNanos) / 1e9;
    report.add(new SoakSample(seconds, store, gauges.get()));
    if (done > 0) {
      doneNanos = now.nanos();
    } else if (now.nanos() - doneNanos > PATIENCE.toNanos()) {
      throw lost(seconds, "did nothing for " + PATIENCE.toSeconds() + " s");
    }
    if (target.servers().problem().isPresent()) {
      throw lost(seconds, "is not whole any more");
    }
  }

  private LostException lost(double seconds, String what) {
    return Meter.lost(target, outcomes, "%s (after %.0f s)".formatted(what, seconds));
  }
}
