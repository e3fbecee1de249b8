package synod.explore;

import java.util.List;
import java.util.function.BiConsumer;
import synod.paxos.Ballot;
import synod.paxos.Effect;
import synod.paxos.Message;

/**
 * A deliberate mistake, made between the cores and the rest of the world. Without one, everything
 * passes as it is. It remembers nothing: what a role will do follows from the role's state alone.
 */
interface Mutant {
  /** No mistake. */
  Mutant NONE = new Mutant() {};

  /** What a role is about to do. */
  default List<Effect> effects(List<Effect> effects) {
    return effects;
  }

  /**
   * A message has arrived.
   *
   * @param at the ballot that the receiver is at
   * @param core takes the sender's name and the message, as often as the mutant likes
   */
  default void deliver(String from, Message message, Ballot at, BiConsumer<String, Message> core) {
    core.accept(from, message);
  }

  /** The round that a proposer finds on its disk when it starts. */
  default long roundFound(long round) {
    return round;
  }

  /** Whether an acceptor's memory is only ever what is on its disk. */
  default boolean rereadsDisk() {
    return false;
  }
}
