package synod.sim;

import java.util.List;
import java.util.function.BiConsumer;
import synod.kv.OrderedStore;
import synod.node.Operation;
import synod.paxos.Effect;
import synod.paxos.Message;
import synod.paxos.Quorums;
import synod.paxos.Role;

/**
 * A deliberate mistake, made between the cores and the rest of the node: what goes in and what
 * comes out may be changed. Without one, everything passes as it is. One object serves one run.
 */
interface Mutant {
  /** Whose commands a mutant's own are: nobody hears of their results. */
  String ORIGIN = "mutant";

  /** No mistake. */
  Mutant NONE = new Mutant() {};

  /** What a role is about to do. */
  default List<Effect> effects(SimNode node, Role role, List<Effect> effects) {
    return effects;
  }

  /**
   * A message has arrived.
   *
   * @param core takes the sender's name and the message, as often as the mutant likes
   */
  default void deliver(
      SimNode node, Role role, String from, Message message, BiConsumer<String, Message> core) {
    core.accept(from, message);
  }

  /** A client's request has arrived. */
  default Operation request(SimNode node, Operation operation) {
    return operation;
  }

  /** What a node takes for the quorums. */
  default Quorums quorums(SimNode node, Quorums configured) {
    return configured;
  }

  /** The round that a proposer finds on its disk when it starts. */
  default long roundFound(SimNode node, long round) {
    return round;
  }

  /** Where a state machine keeps its state. */
  default OrderedStore store(SimNode node, OrderedStore store) {
    return store;
  }

  /** The value of a slot, as it comes to the state machine of a node. */
  default byte[] toApply(SimNode node, long slot, byte[] value) {
    return value;
  }

  /** A node's process starts. */
  default void starting(SimNode node) {}

  /** A write has completed. */
  default void written(SimNode node) {}

  /** The state that a snapshot is made of. */
  default MemoryStore snapshotTaken(MemoryStore state) {
    return state;
  }

  /** The state of a snapshot is about to take the place of a node's present one. */
  default void installing(MemoryStore present, MemoryStore state) {}

  /** Whether a failed write counts as done. */
  default boolean ignoresFailedWrites() {
    return false;
  }

  /** Whether nobody is told of a failed write, and later ones go on. */
  default boolean hidesFailedWrites() {
    return false;
  }

  /**
   * Whether a role starts while writes of its earlier lives are under way, and takes theirs for its
   * own.
   */
  default boolean mixesLives() {
    return false;
  }
}
