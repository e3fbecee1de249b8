package synod.sim.actors;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntPredicate;
import synod.sim.SimulationFailure;

/**
 * Runs schedules, one seed after the other, and adds up what they were like. A failure says how to
 * see the very same run again, and leaves a readable trace of it.
 */
final class ActorSchedules {
  private static final Path TRACES = Path.of("target", "simulation");
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private int run;
  private int undecided;
  private long events;
  private long elections;
  private long installed;
  private long operations;
  private long unknown;

  private int ofFive;
  private long nanosOfFive;
  private long cpuNanosOfFive;

  /**
   * @param goOn whether to run another one, given how many were run
   * @throws AssertionError if one of them breaks a rule; says how to see it again
   */
  ActorSchedules run(long firstSeed, IntPredicate goOn) {
    for (long seed = firstSeed; goOn.test(run); seed++) {
      long start = System.nanoTime();
      long cpuStart = THREADS.getCurrentThreadCpuTime();
      ActorSimulation.Report report = run(seed);
      add(report);
      if (report.nodes() == 5) {
        ofFive++;
        nanosOfFive += System.nanoTime() - start;
        cpuNanosOfFive += THREADS.getCurrentThreadCpuTime() - cpuStart;
      }
    }
    return this;
  }

  private static ActorSimulation.Report run(long seed) {
    try {
      return ActorSimulation.run(seed, false);
    } catch (SimulationFailure failure) {
      throw again(seed, failure);
    }
  }

  /** Runs a failed schedule once more, to write down what happened. */
  private static AssertionError again(long seed, SimulationFailure first) {
    String trace;
    try {
      trace = ActorSimulation.run(seed, true).trace();
    } catch (SimulationFailure second) {
      trace = second.trace();
    }
    Path file = write(seed, trace + "\n" + first.getMessage() + "\n");
    return new AssertionError(
        "%s%n%nThis is seed %d. To see it again: scripts/test -Dtest=ActorSimulationTest -Dsynod.sim.actors.seed=%d%nTrace: %s"
            .formatted(first.getMessage(), seed, seed, file.toAbsolutePath()),
        first);
  }

  /** Leaves the trace of a run in a file. */
  static Path write(long seed, String trace) {
    try {
      Files.createDirectories(TRACES);
      return Files.writeString(TRACES.resolve("actors-seed-" + seed + ".txt"), trace);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void add(ActorSimulation.Report report) {
    run++;
    undecided += report.undecided() ? 1 : 0;
    events += report.events();
    elections += report.elections();
    installed += report.installed();
    operations += report.operations();
    unknown += report.unknown();
  }

  int run() {
    return run;
  }

  int undecided() {
    return undecided;
  }

  /** Leaders elected, per schedule. */
  double elections() {
    return (double) elections / run;
  }

  /** Snapshots installed, in all. */
  long installed() {
    return installed;
  }

  /** Operations of clients, per schedule. */
  double operations() {
    return (double) operations / run;
  }

  /** How many schedules of five nodes one processor runs in a second. */
  double perCpuSecond() {
    return ofFive * 1e9 / cpuNanosOfFive;
  }

  @Override
  public String toString() {
    return "%,d schedules of real actors (with 5 nodes %.1f a second, %.1f a second of processor time), each with %,d events, %.0f operations (%.0f %% of unknown outcome) and %.1f elections; %,d snapshots installed; %d histories undecided"
        .formatted(
            run,
            ofFive * 1e9 / nanosOfFive,
            perCpuSecond(),
            events / run,
            operations(),
            100.0 * unknown / operations,
            elections(),
            installed,
            undecided);
  }
}
