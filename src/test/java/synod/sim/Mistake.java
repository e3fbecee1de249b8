package synod.sim;

import java.util.List;
import java.util.function.Supplier;

/**
 * A mistake that Paxos stores make, and the mutant that makes it here.
 *
 * @param row its number in the table of docs/verification.md
 * @param budget within so many schedules, from seed 1 on, the simulation must catch it
 */
public record Mistake(int row, String name, int budget, Supplier<Mutant> mutant) {
  /** All that lie in the cores, the sessions and what the cores expect of their disks. */
  public static final List<Mistake> ALL =
      List.of(
          new Mistake(1, "replies before they are durable", 20, Mutants.RepliesBeforeDurable::new),
          new Mistake(
              2, "a quorum of those who are reachable", 100, Mutants.QuorumOfReachable::new),
          new Mistake(3, "a forgotten round", 300, Mutants.ForgetsItsRound::new),
          new Mistake(4, "the value of the lowest ballot", 400, Mutants.TakesTheLowestBallot::new),
          new Mistake(
              5, "an accept that doesn't raise the promise", 50, Mutants.AcceptDoesNotPromise::new),
          new Mistake(6, "promises counted twice", 50, Mutants.CountsPromisesTwice::new),
          new Mistake(6, "votes counted twice", 50, Mutants.CountsVotesTwice::new),
          new Mistake(
              7, "an acceptor that forgot and votes", 100, Mutants.VotesAfterForgetting::new),
          new Mistake(
              8, "a part of a promise for the whole", 150, Mutants.TakesAPartForTheWhole::new),
          new Mistake(8, "what was trimmed filled", 300, SnapshotMutants.FillsWhatWasTrimmed::new),
          new Mistake(9, "a retry applied again", 50, StateMutants.AppliesRetries::new),
          new Mistake(
              10, "a snapshot without sessions", 300, SnapshotMutants.LeavesSessionsOut::new),
          new Mistake(11, "a read that nobody confirmed", 50, Mutants.ReadsWithoutConfirming::new),
          new Mistake(12, "a read before recovery", 150, Mutants.ReadsBeforeRecovery::new),
          new Mistake(13, "a slot too many trimmed", 300, SnapshotMutants.TrimsOneTooMany::new),
          new Mistake(13, "what one holds trimmed", 300, SnapshotMutants.TrimsWhatOneHolds::new),
          new Mistake(
              13,
              "learners without acceptors counted",
              300,
              SnapshotMutants.CountsLearnersAlone::new),
          new Mistake(
              14, "a snapshot without its slot", 300, SnapshotMutants.InstallsWithoutTheSlot::new),
          new Mistake(14, "an applied slot apart", 300, StateMutants.AppliedSlotApart::new),
          new Mistake(15, "expiry by the own clock", 300, StateMutants.AppliesByItsOwnClock::new),
          new Mistake(16, "another list of acceptors", 50, Mutants.OtherAcceptors::new),
          new Mistake(17, "a duel without end", 300, ElectionMutants.DuelsForEver::new),
          new Mistake(
              18, "a campaign that nobody asked for", 50, ElectionMutants.CampaignsUnasked::new),
          new Mistake(18, "a leader missed by all", 50, ElectionMutants.AlwaysMissesTheLeader::new),
          new Mistake(19, "a failed write hidden", 300, Mutants.HidesFailedWrites::new),
          new Mistake(21, "a failed write taken for done", 300, Mutants.IgnoresFailedWrites::new),
          new Mistake(22, "a local vote before its disk", 20, Mutants.LocalVoteBeforeDurable::new),
          new Mistake(23, "a read without the protocol", 50, Mutants.ReadsWithoutTheProtocol::new),
          new Mistake(24, "a promise of an earlier ballot", 300, Mutants.MixesBallots::new),
          new Mistake(
              25, "what was only accepted learned", 150, Mutants.LearnsWhatWasOnlyAccepted::new),
          new Mistake(26, "completions of an earlier life", 300, Mutants.MixesLives::new),
          new Mistake(
              27, "answers to an earlier round of reads", 300, Mutants.MixesRoundsOfReads::new),
          new Mistake(28, "a retry of an expired session", 300, StateMutants.AppliesExpired::new),
          new Mistake(29, "a deaf leader", 300, ElectionMutants.LeadsDeaf::new));

  /** What the first schedule that shows it breaks. */
  record Caught(int schedules, String rule) {}

  /**
   * Runs schedules from a seed on until one of them shows the mistake; null if none of them does.
   */
  Caught hunt(long firstSeed, int schedules) {
    for (int run = 0; run < schedules; run++) {
      try {
        Simulation.run(firstSeed + run, mutant.get(), false);
      } catch (SimulationFailure caught) {
        return new Caught(run + 1, caught.rule());
      }
    }
    return null;
  }

  @Override
  public String toString() {
    return name;
  }
}
