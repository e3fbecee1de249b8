package synod.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Whole clusters under faults, with seeds that nobody has seen before. scripts/simulate runs more
 * of them, and shows one alone.
 */
class SimulationTest {
  @Test
  void noRuleIsBrokenOnFreshSchedules() {
    int count = 2_000;
    long seed = new SplittableRandom().nextLong(1L << 40);
    System.out.printf("Simulating %,d schedules from seed %d on%n", count, seed);

    Schedules schedules = new Schedules();
    try {
      schedules.run(seed, count);
    } catch (Schedules.Failed failed) {
      fail(failed.explain(), failed);
    }

    System.out.println(schedules);
    // The faults must have bitten, and the clients have worked all the same.
    assertThat(schedules.elections()).isGreaterThan(3);
    assertThat(schedules.installed()).isGreaterThan(schedules.run());
    assertThat(schedules.operations()).isGreaterThan(100);
    assertThat(schedules.unknown()).isBetween(0.01, 0.4);
    assertThat(schedules.undecided()).isLessThanOrEqualTo(count / 50);
  }

  @Test
  void theSameSeedGivesTheSameRun() {
    for (long seed = 1; seed <= 20; seed++) {
      Simulation.Report first = Simulation.run(seed, Mutant.NONE, false);
      Simulation.Report readable = Simulation.run(seed, Mutant.NONE, true);

      assertThat(readable.hash()).isEqualTo(first.hash());
      assertThat(readable.events()).isEqualTo(first.events());
    }
  }

  @Test
  void differentSeedsGiveDifferentRuns() {
    assertThat(hash(1)).isNotEqualTo(hash(2));
  }

  @Test
  void theSameSeedGivesTheSameRunInAnotherProcess() throws Exception {
    List<Long> seeds = List.of(11L, 12L, 13L, 14L, 15L);

    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path") + File.pathSeparator + "target/test-classes",
                SimulationTest.class.getName(),
                "11",
                "15")
            .redirectErrorStream(true)
            .start();
    String printed = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(other.waitFor(60, TimeUnit.SECONDS)).isTrue();

    assertThat(printed.lines())
        .containsExactlyElementsOf(seeds.stream().map(s -> "" + hash(s)).toList());
  }

  /** Prints the hashes of the schedules from one seed to another. */
  public static void main(String[] seeds) {
    for (long seed = Long.parseLong(seeds[0]); seed <= Long.parseLong(seeds[1]); seed++) {
      System.out.println(hash(seed));
    }
  }

  private static long hash(long seed) {
    return Simulation.run(seed, Mutant.NONE, false).hash();
  }
}
