package synod.explore;

import java.util.ArrayList;
import java.util.List;
import synod.paxos.Message;

/**
 * The rules that concern several roles, checked at every step: a slot gets one value, by what disks
 * have held; a ballot proposes one value at a slot; whoever proposes has a quorum of promises; what
 * a proposer says is chosen is.
 */
final class Rules {
  private final Messages messages;
  private final boolean harmOnly;

  Rules(Cast cast) {
    this.messages = cast.messages;
    this.harmOnly = cast.world.has(World.Option.HARM_ONLY);
  }

  /** Takes the votes that have just become durable into account. */
  void voted(Situation state, int[] votes) {
    for (int number : votes) {
      Messages.Vote vote = messages.voteOf(number);
      int count = 0;
      for (Block block : state.blocks) {
        for (int held : block.votes()) {
          count += held == number ? 1 : 0;
          if (!harmOnly && messages.voteOf(held).isRivalOf(vote)) {
            throw new RuleBroken(
                "ballots are used once", "two values at slot %d at one ballot", vote.slot());
          }
        }
      }
      if (count >= World.QUORUM) {
        choose(state, vote);
      }
    }
  }

  private void choose(Situation state, Messages.Vote vote) {
    int before = state.header.chosen(vote.slot());
    if (before == 0) {
      state.header = state.header.withChosen(vote.slot(), vote.value());
    } else if (before != vote.value()) {
      throw new RuleBroken(
          "one value per slot",
          "at slot %d %s was chosen, and now %s",
          vote.slot(),
          Story.value(messages.valueOf(before)),
          Story.value(messages.valueOf(vote.value())));
    }
  }

  /** A proposer that was preparing proposes. */
  void leads(Situation before, int accept) {
    List<String> promised = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      for (int sent : before.blocks[i].out()) {
        if (messages.rank(sent) == messages.rank(accept)
            && messages.message(sent) instanceof Message.Promise promise
            && promise.next() == 0) {
          promised.add(World.ACCEPTORS.get(i));
        }
      }
    }
    if (!harmOnly && promised.size() < World.QUORUM) {
      throw new RuleBroken(
          "leaders have their promises",
          "%d acceptors have promised %s",
          promised.size(),
          Messages.ballot(messages.message(accept)));
    }
  }

  void claimed(Situation before, int[] claims) {
    for (int claim : claims) {
      int slot = LocalRole.Outcome.slotOf(claim);
      if (!harmOnly && before.header.chosen(slot) != LocalRole.Outcome.valueOf(claim)) {
        throw new RuleBroken(
            "what a proposer calls chosen is chosen",
            "at slot %d it calls %s chosen",
            slot,
            Story.value(messages.valueOf(LocalRole.Outcome.valueOf(claim))));
      }
    }
  }
}
