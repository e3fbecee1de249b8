package synod.explore;

/**
 * What one role did, in a state of the world.
 *
 * @param inputs what it took, one after the other; only the last was seen by others
 */
record Move(Situation before, boolean ofAcceptor, int actor, int[] inputs) {}
