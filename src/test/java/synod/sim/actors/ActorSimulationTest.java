package synod.sim.actors;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * Whole nodes of real actors under faults, with seeds that nobody has seen before: the shells add
 * no fault to the cores. {@code -Dsynod.sim.actors.seed=N} runs schedule N again and leaves its
 * trace under target/simulation; {@code -Dsynod.sim.actors.schedules=N} runs that many instead of
 * some seconds' worth of them.
 */
class ActorSimulationTest {
  private static final long SECONDS = 20;

  private static final Logger LOG = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  private static final Level LEVEL = LOG.getLevel();

  /** What the nodes report of injected faults is none of the reader's concern. */
  @BeforeAll
  static void hush() {
    LOG.setLevel(Level.OFF);
  }

  @AfterAll
  static void speak() {
    LOG.setLevel(LEVEL);
  }

  @Test
  void noRuleIsBrokenOnFreshSchedules() {
    Long given = Long.getLong("synod.sim.actors.seed");
    Integer count = Integer.getInteger("synod.sim.actors.schedules", given == null ? null : 1);
    long seed = given == null ? new SplittableRandom().nextLong(1L << 40) : given;
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    IntPredicate goOn = run -> count == null ? System.nanoTime() < end : run < count;
    System.out.printf("Simulating real actors from seed %d on%n", seed);

    ActorSchedules schedules = new ActorSchedules().run(seed, goOn);

    System.out.println(schedules);
    if (given != null) {
      String trace = ActorSimulation.run(seed, true).trace();
      System.out.println("Trace of seed " + seed + ": " + ActorSchedules.write(seed, trace));
    } else if (schedules.run() >= 30) {
      // The faults must have bitten, and the clients have worked all the same.
      assertThat(schedules.elections()).isGreaterThan(2);
      if (schedules.run() >= 200) {
        // One in ten schedules or so has a learner that is so far behind.
        assertThat(schedules.installed()).isPositive();
      }
      assertThat(schedules.operations()).isGreaterThan(30);
      assertThat(schedules.undecided()).isLessThanOrEqualTo(1 + schedules.run() / 50);
    }
  }

  @Test
  void theSameSeedGivesTheSameRun() {
    for (long seed = 1; seed <= 8; seed++) {
      ActorSimulation.Report first = ActorSimulation.run(seed, false);
      ActorSimulation.Report readable = ActorSimulation.run(seed, true);
      ActorSimulation.Report again = ActorSimulation.run(seed, true);

      assertThat(readable.hash()).isEqualTo(first.hash());
      assertThat(readable.events()).isEqualTo(first.events());
      assertThat(again.trace()).isEqualTo(readable.trace());
    }
  }

  @Test
  void differentSeedsGiveDifferentRuns() {
    assertThat(hash(1)).isNotEqualTo(hash(2));
  }

  @Test
  void theSameSeedGivesTheSameRunInAnotherProcess() throws Exception {
    List<Long> seeds = List.of(11L, 12L, 13L, 14L);

    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dsynod.log.level=OFF",
                "-cp",
                System.getProperty("java.class.path") + File.pathSeparator + "target/test-classes",
                ActorSimulationTest.class.getName(),
                "11",
                "14")
            .redirectErrorStream(true)
            .start();
    String printed = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(other.waitFor(60, TimeUnit.SECONDS)).isTrue();

    assertThat(printed.lines())
        .containsExactlyElementsOf(seeds.stream().map(seed -> "" + hash(seed)).toList());
  }

  /** Prints the hashes of the schedules from one seed to another. */
  public static void main(String[] seeds) {
    for (long seed = Long.parseLong(seeds[0]); seed <= Long.parseLong(seeds[1]); seed++) {
      System.out.println(hash(seed));
    }
  }

  private static long hash(long seed) {
    return ActorSimulation.run(seed, false).hash();
  }
}
