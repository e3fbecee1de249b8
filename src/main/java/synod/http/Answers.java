package synod.http;

import synod.kv.Result;
import synod.node.Outcome;

/** What every kind of request has in common when it did not do what was asked. */
final class Answers {
  private Answers() {}

  /** The problem behind an outcome that is no answer and no result. */
  static Problem failure(Outcome outcome) {
    if (outcome instanceof Outcome.Unknown unknown) {
      return new Problem(Problem.Type.OUTCOME_UNKNOWN, unknown.detail());
    }
    if (outcome instanceof Outcome.Refused refused) {
      return new Problem(
          switch (refused.reason()) {
            case INVALID -> Problem.Type.INVALID_REQUEST;
            case OVERLOADED -> Problem.Type.OVERLOADED;
            case QUOTA_EXCEEDED -> Problem.Type.QUOTA_EXCEEDED;
            case UNAVAILABLE -> Problem.Type.UNAVAILABLE;
          },
          refused.detail());
    }
    throw new IllegalStateException("the gateway gave an outcome of another kind: " + outcome);
  }

  /** The problem behind a result that says that the command did nothing. */
  static Problem failure(Result result) {
    if (result instanceof Result.NotFound) {
      return new Problem(Problem.Type.KEY_NOT_FOUND, "there is nothing to delete");
    }
    if (result instanceof Result.ConditionFailed failed) {
      boolean exists = failed.modRevision() > 0;
      return new Problem(
              Problem.Type.CONDITION_FAILED,
              exists
                  ? "the key is at revision " + failed.modRevision() + "; nothing was changed"
                  : "the key does not exist; nothing was changed")
          .with("currentRevision", exists ? failed.modRevision() : null);
    }
    if (result instanceof Result.SessionExpired) {
      return new Problem(
          Problem.Type.SESSION_EXPIRED,
          "this attempt changed nothing; whether an earlier one did is not known any more");
    }
    if (result instanceof Result.AlreadyAcknowledged) {
      return new Problem(
          Problem.Type.ALREADY_ACKNOWLEDGED,
          "the session has acknowledged this sequence number before; nothing was changed now");
    }
    if (result instanceof Result.OutsideWindow) {
      return Problem.invalid("the sequence number does not fit the acknowledged one");
    }
    if (result instanceof Result.TooManySessions) {
      return new Problem(
          Problem.Type.TOO_MANY_SESSIONS, "close sessions, or wait until some have expired");
    }
    if (result instanceof Result.FutureRevision future) {
      return new Problem(
              Problem.Type.CONFLICT,
              "the store is at revision " + future.revision() + "; nothing was changed")
          .with("revision", future.revision());
    }
    if (result instanceof Result.VersionTooLow low) {
      return new Problem(
          Problem.Type.CONFLICT,
          "this needs format version "
              + low.required()
              + ", and the cluster has version "
              + low.cluster());
    }
    return new Problem(
        Problem.Type.CONFLICT,
        "the session used this sequence number for another command, whose result stands");
  }
}
