package synod.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The simulation has teeth: each of these mistakes is caught within its budget of schedules. */
class MutantsTest {
  static Stream<Arguments> mutants() {
    return Stream.of(
        mutant("replies before they are durable", 20, Mutants.RepliesBeforeDurable::new),
        mutant("a quorum of those who are reachable", 100, Mutants.QuorumOfReachable::new),
        mutant("a forgotten round", 300, Mutants.ForgetsItsRound::new),
        mutant("the value of the lowest ballot", 400, Mutants.TakesTheLowestBallot::new),
        mutant("an accept that doesn't raise the promise", 50, Mutants.AcceptDoesNotPromise::new),
        mutant("promises counted twice", 50, Mutants.CountsPromisesTwice::new),
        mutant("votes counted twice", 50, Mutants.CountsVotesTwice::new),
        mutant("an acceptor that forgot and votes", 100, Mutants.VotesAfterForgetting::new),
        mutant("a part of a promise for the whole", 150, Mutants.TakesAPartForTheWhole::new),
        mutant("a retry applied again", 50, Mutants.AppliesRetries::new),
        mutant("a read that nobody confirmed", 500, Mutants.ReadsWithoutConfirming::new),
        mutant("a read before recovery", 150, Mutants.ReadsBeforeRecovery::new),
        mutant("a failed write taken for done", 300, Mutants.IgnoresFailedWrites::new),
        mutant("a local vote before its disk", 20, Mutants.LocalVoteBeforeDurable::new),
        mutant("a read without the protocol", 50, Mutants.ReadsWithoutTheProtocol::new),
        mutant("what was only accepted learned", 150, Mutants.LearnsWhatWasOnlyAccepted::new),
        mutant("completions of an earlier life", 300, Mutants.MixesLives::new));
  }

  private static Arguments mutant(String mistake, int budget, Supplier<Mutant> mutant) {
    return Arguments.of(mistake, budget, mutant);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mutants")
  void aMistakeIsCaughtWithinItsBudget(String mistake, int budget, Supplier<Mutant> mutant) {
    assertThat(schedulesUntilCaught(budget, mutant)).as(mistake).isLessThanOrEqualTo(budget);
  }

  /** One more than the budget if it isn't caught. */
  private static int schedulesUntilCaught(int budget, Supplier<Mutant> mutant) {
    for (int seed = 1; seed <= budget; seed++) {
      try {
        Simulation.run(seed, mutant.get(), false);
      } catch (SimulationFailure caught) {
        return seed;
      }
    }
    return budget + 1;
  }
}
