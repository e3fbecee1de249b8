package synod.explore;

import java.util.Arrays;
import java.util.function.IntPredicate;
import synod.paxos.Message;

/**
 * Forgets what can't matter any more, so that states that differ by it count as one.
 *
 * <p>Sound because promises on disk and the ballots of a proposer only go up, which is checked at
 * every step: a message below an acceptor's durable promise, or for another ballot than the one its
 * proposer is at, stays below it or behind it for good. That the core indeed ignores such a message
 * isn't believed but tried: what it doesn't ignore is kept.
 */
final class Forgetting {
  private final Cast cast;
  private final Messages messages;

  Forgetting(Cast cast) {
    this.cast = cast;
    this.messages = cast.messages;
  }

  /** After a step of one acceptor. */
  void tidyAcceptor(Situation state, int moved) {
    for (int i = 0; i < 3; i++) {
      Block block = state.blocks[i];
      tidy(state, i, i == moved ? keepIn(state, block) : block.in(), i == moved);
    }
  }

  /** After a step of a proposer. */
  void tidyProposer(Situation state) {
    for (int i = 0; i < 3; i++) {
      tidy(state, i, keepIn(state, state.blocks[i]), true);
    }
  }

  private int[] keepIn(Situation state, Block block) {
    return keep(block.in(), message -> !isPastAcceptor(state, block, message));
  }

  private void tidy(Situation state, int place, int[] in, boolean withOut) {
    Block block = state.blocks[place];
    int[] out =
        withOut
            ? keep(block.out(), message -> !isPastProposer(state, place, message))
            : block.out();
    int[] votes = keep(block.votes(), vote -> matters(state, vote));
    if (in != block.in() || out != block.out() || votes != block.votes()) {
      state.blocks[place] = new Block(block.local(), in, out, votes);
    }
  }

  private boolean isPastAcceptor(Situation state, Block block, int message) {
    int rank = messages.rank(message);
    int proposer = messages.proposer(message);
    if (cast.acceptor(block).rank() <= rank) {
      return false;
    }
    // The refusal would still be news for a proposer at that ballot.
    boolean refusals = cast.world.has(World.Option.REFUSALS);
    if (refusals && cast.proposer(state, proposer).rank() == rank) {
      return false;
    }
    Machine.Step step = cast.acceptors.step(block.local(), Input.receive(proposer, message));
    return step.to() == block.local() && (step.isSilent() || refusals);
  }

  private boolean isPastProposer(Situation state, int acceptor, int message) {
    int place = messages.proposer(message);
    Machine.State proposer = cast.proposer(state, place);
    boolean present = proposer.rank() == messages.rank(message);
    Message content = messages.message(message);
    if (content instanceof Message.Rejected) {
      return !present;
    }
    if (present && proposer.preparing() == content instanceof Message.Promise) {
      return false;
    }
    int local = state.proposers[place];
    Machine.Step step = cast.proposers[place].step(local, Input.receive(acceptor, message));
    return step.isSilent() && step.to() == local;
  }

  /** A vote matters while its slot may yet be chosen by it. */
  private boolean matters(Situation state, int number) {
    Messages.Vote vote = messages.voteOf(number);
    if (state.header.chosen(vote.slot()) == vote.value()) {
      return false;
    }
    int possible = 0;
    for (Block block : state.blocks) {
      if (block.hasVote(number) || cast.acceptor(block).rank() <= vote.rank()) {
        possible++;
      }
    }
    return possible >= World.QUORUM;
  }

  /** The same list if all are kept. */
  private static int[] keep(int[] list, IntPredicate kept) {
    for (int each : list) {
      if (!kept.test(each)) {
        return Arrays.stream(list).filter(kept).toArray();
      }
    }
    return list;
  }
}
