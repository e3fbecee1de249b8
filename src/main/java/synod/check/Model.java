package synod.check;

import java.util.List;
import java.util.Optional;

/**
 * What a sequential register, map or key is allowed to answer. A state may stand for a set of
 * concrete ones (a revision that nobody was told): then a step keeps just those in which the
 * operation could have gone so.
 *
 * @param <S> the state, immutable and compared by content
 * @param <O> the operation with its outcome, immutable and compared by content: two of equal
 *     content are interchangeable
 */
interface Model<S, O> {
  S initial();

  /** Whether the outcome of this operation isn't known: it may take effect or not. */
  boolean open(O operation);

  /**
   * The state after the operation. Null if it can't have this outcome in this state; for an open
   * one null if it would change nothing.
   */
  S step(S state, O operation);

  /** Whether the operation, with this outcome, is one that never changes the key. */
  boolean observes(O operation);

  /**
   * The operation with its outcome forgotten, which allows every history that was allowed before
   * and more; null if without its outcome it constrains nothing.
   */
  O forgotten(O operation);

  /** Whether everything that can follow b can also follow a. */
  default boolean covers(S a, S b) {
    return a.equals(b);
  }

  /** Whether the operation is impossible in this state and in all that can come after it. */
  default boolean lost(S state, O operation) {
    return false;
  }

  /**
   * What two states must have in common for one to cover the other; compared by content. The
   * coarser, the better.
   */
  default Object shape(S state) {
    return state;
  }

  /**
   * Says of the operations what follows from all of them together. From this initial state, those
   * given back must be linearizable exactly if those given are.
   */
  default List<Interval<O>> prepare(S initial, List<Interval<O>> operations) {
    return operations;
  }

  /**
   * Operations that come after this one in every order that explains all of them; empty if that
   * isn't known.
   */
  default Optional<Continuation<S, O>> after(Interval<O> first, List<Interval<O>> operations) {
    return Optional.empty();
  }

  /**
   * A part of a history that can be judged by itself, and is linearizable if the whole is.
   *
   * @param state in which it begins
   */
  record Continuation<S, O>(S state, List<Interval<O>> operations) {}

  /** Whether the effect of this open operation is the same in every state. */
  default boolean blind(O operation) {
    return false;
  }
}
