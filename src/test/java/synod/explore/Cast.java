package synod.explore;

/** The roles of a world under exploration, with all that was ever met of them. */
final class Cast {
  static final int PROPOSER_BITS = 14;

  final World world;
  final boolean alike;
  final Messages messages = new Messages();
  final Machine acceptors;
  final Machine[] proposers = new Machine[2];

  /**
   * @param alike whether states that differ only by the acceptors' names count as one
   */
  Cast(World world, Mutant mutant, boolean alike) {
    this.world = world;
    this.alike = alike;
    acceptors = new Machine(Integer.MAX_VALUE, () -> new AcceptorRole(world, mutant, messages));
    for (int place = 0; place < 2; place++) {
      int p = place;
      proposers[p] =
          new Machine(1 << PROPOSER_BITS, () -> new ProposerRole(p, world, mutant, messages));
    }
  }

  /** Whether no proposer's state says anything of single acceptors. */
  boolean isBlind(Situation at) {
    return proposers[0].isBlind(at.proposers[0]) && proposers[1].isBlind(at.proposers[1]);
  }

  Machine.State acceptor(Block block) {
    return acceptors.state(block.local());
  }

  Machine.State proposer(Situation at, int place) {
    return proposers[place].state(at.proposers[place]);
  }
}
