package synod.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A failing schedule becomes smaller, and fails in the same way. */
class ShrinkerTest {
  @Test
  void whatIsLeftBreaksTheSameRuleWithLess() {
    Mistake mistake = Mistake.ALL.stream().filter(any -> any.row() == 21).findFirst().orElseThrow();
    long seed = 1;
    SimulationFailure failure = null;
    while (failure == null) {
      failure = failure(++seed, mistake, Reduction.NONE);
    }

    Reduction smallest = new Shrinker(seed, mistake, failure).shrink();

    assertThat(failure(seed, mistake, smallest).rule()).isEqualTo(failure.rule());
    Swarm whole = Swarm.draw(new SplittableRandom(seed));
    assertThat(Reduction.on(smallest.of(whole))).contains(Swarm.Fault.FAILED_WRITE.name());
    assertThat(Reduction.on(smallest.of(whole)).size() + smallest.of(whole).operations())
        .isLessThan(Reduction.on(whole).size() + whole.operations());
  }

  private static SimulationFailure failure(long seed, Mistake mistake, Reduction reduction) {
    return catchThrowableOfType(
        SimulationFailure.class,
        () -> Simulation.run(seed, mistake.mutant().get(), reduction, false));
  }
}
