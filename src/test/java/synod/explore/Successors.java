package synod.explore;

import java.util.Arrays;
import java.util.BitSet;
import synod.paxos.Message;

/**
 * Everything that may happen next in a state of the world.
 *
 * <p>Steps of a proposer that nobody sees (it counts a promise and waits for more) are made right
 * before the one that somebody sees: they commute with whatever the others do, for messages don't
 * go away. So a promise isn't counted before the one that completes the quorum is.
 */
final class Successors {
  private final Cast cast;
  private final World world;
  private final Messages messages;
  private final Rules rules;
  private final Forgetting forgetting;
  private final Packing packing;

  private Situation base = null;
  private Sink sink = null;

  // The move under way, for a story.
  private boolean ofAcceptor;
  private int actor;
  private final int[] inputs = new int[64];
  private int inputCount;

  /** Takes what comes next. */
  interface Sink {
    /** A state that differs from the one before, as {@link Packing} holds it now. */
    void next(Packing state);

    void broken(String rule);
  }

  Successors(Cast cast, Packing packing) {
    this.cast = cast;
    this.world = cast.world;
    this.messages = cast.messages;
    this.rules = new Rules(cast);
    this.forgetting = new Forgetting(cast);
    this.packing = packing;
  }

  void expand(Situation state, Sink to) {
    base = state;
    sink = to;
    boolean alike = cast.alike && cast.isBlind(state);
    for (int i = 0; i < 3; i++) {
      if (!alike || i == 0 || state.blocks[i] != state.blocks[i - 1]) {
        acceptorMoves(i);
      } // else the same again under another name
    }
    for (int p = 0; p < 2; p++) {
      ofAcceptor = false;
      actor = p;
      proposerMoves(state.proposers[p], 0, new BitSet());
    }
  }

  /** The move that the sink is being told of. */
  Move move() {
    return new Move(base, ofAcceptor, actor, Arrays.copyOf(inputs, inputCount));
  }

  // Acceptors

  private void acceptorMoves(int place) {
    Block block = base.blocks[place];
    ofAcceptor = true;
    actor = place;
    for (int message : block.in()) {
      acceptor(Input.receive(messages.proposer(message), message), base.header);
    }
    if (cast.acceptor(block).writing()) {
      acceptor(Input.COMPLETE, base.header);
    }
    if (base.header.acceptorMayCrash()) {
      acceptor(Input.CRASH, base.header.afterAcceptorCrash());
    }
  }

  private void acceptor(int input, Header header) {
    inputs[0] = input;
    inputCount = 1;
    Block block = base.blocks[actor];
    Machine.Step step = cast.acceptors.step(block.local(), input);
    if (step.broken() != null) {
      stopped(step.broken());
      return;
    }
    int[] out = Block.with(block.out(), step.sent());
    if (step.to() == block.local() && out == block.out()) {
      return; // a copy that changes nothing, a crash that loses nothing
    }
    Situation next = base.with(header);
    int[] votes = Block.with(block.votes(), step.votes());
    next.blocks[actor] = new Block(step.to(), block.in(), out, votes);
    try {
      rules.voted(next, step.votes());
    } catch (RuleBroken e) {
      sink.broken(e.getMessage());
      return;
    }
    finish(next);
  }

  // Proposers

  private void proposerMoves(int local, int depth, BitSet seen) {
    seen.set(local);
    if (depth == 0 || world.has(World.Option.REFUSALS)) {
      ownMoves(local, depth);
    }
    for (int i = 0; i < 3; i++) {
      for (int message : base.blocks[i].out()) {
        if (messages.proposer(message) == actor) {
          int input = Input.receive(i, message);
          inputs[depth] = input;
          inputCount = depth + 1;
          Machine.Step step = cast.proposers[actor].step(local, input);
          if (!step.isSilent()) {
            proposer(local, step, base.header);
          } else if (!seen.get(step.to())) {
            proposerMoves(step.to(), depth + 1, seen);
          }
        }
      }
    }
  }

  /** What it does by itself. */
  private void ownMoves(int local, int depth) {
    if (base.header.mayCampaign(actor)) {
      int last = Math.min(base.header.chosenUpTo() + 1, world.slots());
      for (int from = 1; from <= last; from++) {
        own(local, depth, Input.campaign(from, 0), base.header.afterCampaign(actor));
        if (!world.has(World.Option.REFUSALS)) {
          campaignsAbove(local, depth, from);
        }
      }
    }
    if (cast.proposers[actor].state(local).writing()) {
      own(local, depth, Input.COMPLETE, base.header);
    }
    if (base.header.proposerMayCrash(actor)) {
      own(local, depth, Input.CRASH, base.header.afterProposerCrash(actor));
    }
  }

  private void campaignsAbove(int local, int depth, int from) {
    long others = cast.proposer(base, 1 - actor).used();
    for (long round = cast.proposer(base, actor).used() + 1; round <= others; round++) {
      own(local, depth, Input.campaign(from, (int) round), base.header.afterCampaign(actor));
    }
  }

  private void own(int local, int depth, int input, Header header) {
    inputs[depth] = input;
    inputCount = depth + 1;
    Machine.Step step = cast.proposers[actor].step(local, input);
    if (!step.isSilent() || step.to() != local) {
      proposer(local, step, header);
    }
  }

  private void proposer(int from, Machine.Step step, Header header) {
    if (step.broken() != null) {
      stopped(step.broken());
      return;
    }
    Situation next = base.with(header);
    next.proposers[actor] = step.to();
    boolean prepared = cast.proposers[actor].state(from).preparing();
    try {
      for (int k = 0; k < step.sent().length; k++) {
        int message = step.sent()[k];
        if (prepared && messages.message(message) instanceof Message.Accept) {
          rules.leads(base, message);
        }
        int to = step.receivers()[k];
        Block block = next.blocks[to];
        int[] in = Block.with(block.in(), message);
        next.blocks[to] = new Block(block.local(), in, block.out(), block.votes());
      }
      rules.claimed(base, step.claims());
    } catch (RuleBroken e) {
      sink.broken(e.getMessage());
      return;
    }
    finish(next);
  }

  /** A role found a rule broken and goes no further. */
  private void stopped(String rule) {
    if (!world.has(World.Option.HARM_ONLY)) {
      sink.broken(rule);
    }
  }

  private void finish(Situation next) {
    if (ofAcceptor) {
      forgetting.tidyAcceptor(next, actor);
    } else {
      forgetting.tidyProposer(next);
    }
    packing.pack(next);
    sink.next(packing);
  }
}
