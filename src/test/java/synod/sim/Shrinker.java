package synod.sim;

import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * Makes a failed schedule smaller: leaves out kinds of harm, operations and clients one after the
 * other, as long as the same rule is broken. Each step runs the schedule again.
 */
final class Shrinker {
  private final long seed;
  private final Mistake mistake;
  private final String rule;
  private Reduction smallest = Reduction.NONE;

  /**
   * @param mistake the one that was made in the failed run; null for none
   */
  Shrinker(long seed, Mistake mistake, SimulationFailure failure) {
    this.seed = seed;
    this.mistake = mistake;
    this.rule = failure.rule();
  }

  /** The smallest reduction found with which the same rule is broken. */
  Reduction shrink() {
    Swarm swarm = Swarm.draw(new SplittableRandom(seed));
    boolean smaller = true;
    while (smaller) {
      smaller = false;
      for (String harm : Reduction.on(smallest.of(swarm))) {
        TreeSet<String> without = new TreeSet<>(smallest.without());
        without.add(harm);
        smaller |= tries(new Reduction(without, smallest.operations(), smallest.clients()));
      }
      smaller |= triesFewerOperations(Math.min(swarm.operations(), smallest.operations()));
      int clients = Math.min(swarm.clients(), smallest.clients());
      smaller |=
          clients > 1
              && tries(new Reduction(smallest.without(), smallest.operations(), clients - 1));
    }
    return smallest;
  }

  private boolean triesFewerOperations(int operations) {
    for (int fewer : new int[] {operations / 4, operations / 2, operations * 3 / 4}) {
      if (fewer < operations
          && tries(new Reduction(smallest.without(), fewer, smallest.clients()))) {
        return true;
      }
    }
    return false;
  }

  private boolean tries(Reduction reduction) {
    try {
      Simulation.run(
          seed, mistake == null ? Mutant.NONE : mistake.mutant().get(), reduction, false);
      return false;
    } catch (SimulationFailure again) {
      if (!again.rule().equals(rule)) {
        return false;
      }
      smallest = reduction;
      return true;
    }
  }
}
