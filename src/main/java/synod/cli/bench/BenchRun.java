package synod.cli.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * One run: starts the servers, fills and warms them up, and puts each load on each target in turn,
 * round after round, so that whatever else the machine does hits all of them. A target that stops
 * serving is left out from then on.
 */
final class BenchRun {
  private static final long DRAIN_NANOS = 200_000_000;
  private static final int SETTLING_PERCENT = 125;

  private final List<Target> targets;
  private final List<Load> loads;
  private final Plan plan;
  private final Workload workload;
  private final Results results;
  private final ProgressBar progress;

  /**
   * @param warmUp of each target, all loads together
   * @param window of each measurement
   */
  record Plan(int rounds, Duration window, Duration warmUp) {}

  BenchRun(
      List<Target> targets,
      List<Load> loads,
      Plan plan,
      Workload workload,
      Results results,
      ProgressBar progress) {
    this.targets = new ArrayList<>(targets);
    this.loads = loads;
    this.plan = plan;
    this.workload = workload;
    this.results = results;
    this.progress = progress;
  }

  /** Servers are left running, and clients connected. */
  void play() throws InterruptedException {
    Set<Servers> clusters = new LinkedHashSet<>();
    targets.forEach(target -> clusters.add(target.servers()));
    clusters.forEach(servers -> servers.start(progress::begin));
    try (Meter meter = new Meter(workload)) {
      fill(meter, clusters);
      long step = plan.window().toNanos() * SETTLING_PERCENT / 100 + DRAIN_NANOS;
      progress.expect(
          targets.size() * (plan.warmUp().toNanos() + step * loads.size() * plan.rounds()));
      if (!plan.warmUp().isZero()) {
        pass(meter, 0, plan.warmUp().dividedBy(loads.size()));
      }
      for (int round = 1; round <= plan.rounds(); round++) {
        pass(meter, round, plan.window());
      }
    } finally {
      progress.clear();
    }
  }

  private void fill(Meter meter, Set<Servers> clusters) throws InterruptedException {
    Set<Servers> left = new LinkedHashSet<>(clusters);
    for (Iterator<Target> each = targets.iterator(); each.hasNext(); ) {
      Target target = each.next();
      if (left.remove(target.servers())) {
        progress.begin(
            String.format(
                Locale.ROOT, "putting %,d keys by %s", workload.keys().count(), target.name()));
        try {
          meter.fill(target, progress::show);
        } catch (LostException e) {
          each.remove();
          lost(target, "while it was filled", e);
        }
      }
    }
  }

  /**
   * Every load on every target, once.
   *
   * @param round 0 to warm up: then nothing is noted
   */
  private void pass(Meter meter, int round, Duration window) throws InterruptedException {
    String when = round == 0 ? "warm-up" : "round " + round + " of " + plan.rounds();
    progress.begin(when);
    for (Load load : loads) {
      for (Iterator<Target> each = targets.iterator(); each.hasNext(); ) {
        Target target = each.next();
        progress.step(load.label() + " on " + target.name());
        try {
          Measurement measured = meter.measure(target, load, round, window, progress::show);
          if (round > 0) {
            results.add(measured);
          }
        } catch (LostException e) {
          each.remove();
          lost(target, "in " + when + " at " + load.label(), e);
        }
      }
    }
  }

  private void lost(Target target, String when, LostException e) {
    String why = when + ": " + e.getMessage();
    results.fallShort(why + "; " + target.name() + " was left out from there on");
    progress.say(why);
    target.close();
  }
}
