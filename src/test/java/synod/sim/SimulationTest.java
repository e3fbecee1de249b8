package synod.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import org.junit.jupiter.api.Test;

/**
 * Whole clusters of the production cores on one thread, each run from one seed. {@code
 * -Dsynod.sim.seed=N -Dsynod.sim.schedules=1} runs one seed again, {@code -Dsynod.sim.schedules}
 * alone sets how many fresh ones are run.
 */
class SimulationTest {
  @Test
  void freshSchedulesOfFaultsBreakNoInvariant() {
    long first = Long.getLong("synod.sim.seed", System.nanoTime() >>> 16);
    int schedules = Integer.getInteger("synod.sim.schedules", 1_000);
    long operations = 0;
    long unknown = 0;
    for (long seed = first; seed < first + schedules; seed++) {
      Simulation.Report report = run(seed);
      operations += report.operations();
      unknown += report.unknown();
    }
    System.out.printf(
        "simulation: %d schedules from seed %d, %d operations, %d of unknown outcome%n",
        schedules, first, operations, unknown);
    assertThat(operations).isPositive();
    assertThat(unknown).isLessThan(operations);
  }

  private static Simulation.Report run(long seed) {
    try {
      return Simulation.run(seed, Mutant.NONE, false);
    } catch (SimulationFailure failure) {
      return fail(
          "seed "
              + seed
              + ": "
              + failure.getMessage()
              + "; again with -Dtest=SimulationTest -Dsynod.sim.seed="
              + seed
              + " -Dsynod.sim.schedules=1",
          failure);
    }
  }

  @Test
  void theSameSeedIsTheSameRun() {
    for (long seed = 1; seed <= 20; seed++) {
      assertThat(run(seed)).isEqualTo(run(seed));
    }
  }

  @Test
  void differentSeedsAreDifferentRuns() {
    assertThat(run(1).hash()).isNotEqualTo(run(2).hash());
  }
}
