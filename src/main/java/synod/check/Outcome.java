package synod.check;

import java.util.Objects;

/** What a client was told about its operation. Revisions are the store's, from 1. */
public sealed interface Outcome {
  /** Stands for a revision that the answer didn't carry. */
  long UNREPORTED = -1;

  /** Whether this can be the outcome of such an operation at all. */
  default boolean fits(Operation operation) {
    return true;
  }

  /**
   * The write took place.
   *
   * @param revision the revision that it made
   * @param previous what the key held before; null if that wasn't asked for
   */
  record Applied(long revision, Seen previous) implements Outcome {
    public Applied {
      if (revision < 1) {
        throw new IllegalArgumentException("not a revision: " + revision);
      }
    }

    public Applied(long revision) {
      this(revision, null);
    }

    @Override
    public boolean fits(Operation operation) {
      return operation instanceof Operation.Put || operation instanceof Operation.Delete;
    }

    @Override
    public String toString() {
      return "applied at revision " + revision + (previous == null ? "" : ", before: " + previous);
    }
  }

  /** There was nothing to delete. */
  record NotFound() implements Outcome {
    @Override
    public boolean fits(Operation operation) {
      return operation instanceof Operation.Delete;
    }

    @Override
    public String toString() {
      return "nothing to delete";
    }
  }

  /**
   * The write's condition didn't hold, so it changed nothing.
   *
   * @param modRevision the key's, 0 if it was absent, or {@link #UNREPORTED}
   */
  record ConditionFailed(long modRevision) implements Outcome {
    public ConditionFailed {
      if (modRevision < UNREPORTED) {
        throw new IllegalArgumentException("not a revision: " + modRevision);
      }
    }

    @Override
    public boolean fits(Operation operation) {
      return !(operation.condition() instanceof Operation.Condition.None);
    }

    @Override
    public String toString() {
      if (modRevision == UNREPORTED) {
        return "condition failed";
      }
      return "condition failed: "
          + (modRevision == 0 ? "absent" : "it is at revision " + modRevision);
    }
  }

  /**
   * The answer to a read.
   *
   * @param storeRevision the revision of the store that was read, or {@link #UNREPORTED}
   */
  record Read(Seen seen, long storeRevision) implements Outcome {
    public Read {
      Objects.requireNonNull(seen, "seen");
      if (storeRevision < UNREPORTED) {
        throw new IllegalArgumentException("not a revision: " + storeRevision);
      }
    }

    public Read(Seen seen) {
      this(seen, UNREPORTED);
    }

    @Override
    public boolean fits(Operation operation) {
      return operation instanceof Operation.Get || operation instanceof Operation.StaleGet;
    }

    @Override
    public String toString() {
      return seen + (storeRevision == UNREPORTED ? "" : " (store at " + storeRevision + ")");
    }
  }

  /** Certainly without effect, now or later. */
  record Refused(String reason) implements Outcome {
    public Refused {
      Objects.requireNonNull(reason, "reason");
    }

    @Override
    public String toString() {
      return "refused: " + reason;
    }
  }

  /** A write may take effect at any later time, or never; a read's answer is lost. */
  record Unknown(String reason) implements Outcome {
    public Unknown {
      Objects.requireNonNull(reason, "reason");
    }

    @Override
    public String toString() {
      return "unknown: " + reason;
    }
  }
}
