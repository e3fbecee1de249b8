package synod.sim;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Runs many schedules, one seed after the other, and adds up what they were like. A failure says
 * how to see the very same run again, and leaves a readable trace of it.
 */
final class Schedules {
  private static final Path TRACES = Path.of("target", "simulation");

  private int run;
  private int undecided;
  private long events;
  private long elections;
  private long operations;
  private long unknown;
  private long nanos;

  /**
   * @throws SimulationFailure if one of them breaks a rule
   */
  Schedules run(long firstSeed, int count) {
    long start = System.nanoTime();
    for (long seed = firstSeed; seed < firstSeed + count; seed++) {
      add(run(seed));
    }
    nanos += System.nanoTime() - start;
    return this;
  }

  private static Simulation.Report run(long seed) {
    try {
      return Simulation.run(seed, Mutant.NONE, false);
    } catch (SimulationFailure failure) {
      throw again(seed, failure);
    }
  }

  /** Runs a failed schedule once more, to write down what happened. */
  private static SimulationFailure again(long seed, SimulationFailure first) {
    String trace;
    try {
      trace = Simulation.run(seed, Mutant.NONE, true).trace();
    } catch (SimulationFailure second) {
      trace = second.trace();
    }
    Path file = write(seed, trace + "\n" + first.getMessage() + "\n");
    return new SimulationFailure(
        "%s%n%nThis is seed %d. To see it again: scripts/test -Dtest=SimulationTest -Dsynod.sim.seed=%d%nTrace: %s"
            .formatted(first.getMessage(), seed, seed, file.toAbsolutePath()),
        first);
  }

  /** Leaves the trace of a run in a file. */
  static Path write(long seed, String trace) {
    try {
      Files.createDirectories(TRACES);
      return Files.writeString(TRACES.resolve("seed-" + seed + ".txt"), trace);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void add(Simulation.Report report) {
    run++;
    undecided += report.undecided() ? 1 : 0;
    events += report.events();
    elections += report.elections();
    operations += report.operations();
    unknown += report.unknown();
  }

  int undecided() {
    return undecided;
  }

  /** Leaders elected, per schedule. */
  double elections() {
    return (double) elections / run;
  }

  /** Operations of clients, per schedule. */
  double operations() {
    return (double) operations / run;
  }

  /** The share of operations whose outcome stayed unknown. */
  double unknown() {
    return (double) unknown / operations;
  }

  @Override
  public String toString() {
    return "%,d schedules (%.0f a second), each with %,d events, %.0f operations (%.0f %% of unknown outcome) and %.1f elections; %d histories undecided"
        .formatted(
            run,
            run * 1e9 / nanos,
            events / run,
            operations(),
            100 * unknown(),
            elections(),
            undecided);
  }
}
