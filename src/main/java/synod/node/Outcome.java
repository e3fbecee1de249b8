package synod.node;

import synod.kv.Query;
import synod.kv.Result;

/** How a request ended. */
public sealed interface Outcome {
  /**
   * The command was chosen and applied; the state machine says what became of it.
   *
   * @param slot where in the log the copy of it stands that was answered
   */
  record Written(Result result, long slot) implements Outcome {}

  /**
   * @param appliedSlot the last slot applied in the state that was read
   */
  record Answered(Query.Answer answer, long appliedSlot) implements Outcome {}

  /** Certainly not applied, now or later. */
  record Refused(Reason reason, String detail) implements Outcome {}

  /** A write that may or may not be applied, now or later. */
  record Unknown(String detail) implements Outcome {}

  /** Why a request was refused. */
  enum Reason {
    /** The request itself is wrong: a limit is exceeded, a session's numbers don't fit. */
    INVALID,
    /** As many requests as the gateway takes are in flight. */
    OVERLOADED,
    /** It would add to the store, and a node's disk quota is used up. */
    QUOTA_EXCEEDED,
    /** The gateway is down, there is no leader, or no quorum answers. */
    UNAVAILABLE
  }
}
