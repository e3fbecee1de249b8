package synod.check;

import java.util.Objects;

/** What a client asked of one key. */
public sealed interface Operation {
  Bytes key();

  /** When it takes place; reads have no condition. */
  default Condition condition() {
    return Condition.NONE;
  }

  /** Sets the key's value if the condition holds. */
  record Put(Bytes key, Bytes value, Condition condition) implements Operation {
    public Put {
      Objects.requireNonNull(key, "key");
      Objects.requireNonNull(value, "value");
      Objects.requireNonNull(condition, "condition");
    }

    @Override
    public String toString() {
      return "put " + value + condition;
    }
  }

  /** Deletes the key if the condition holds. */
  record Delete(Bytes key, Condition condition) implements Operation {
    public Delete {
      Objects.requireNonNull(key, "key");
      Objects.requireNonNull(condition, "condition");
    }

    @Override
    public String toString() {
      return "delete" + condition;
    }
  }

  /** A linearizable read. */
  record Get(Bytes key) implements Operation {
    public Get {
      Objects.requireNonNull(key, "key");
    }

    @Override
    public String toString() {
      return "get";
    }
  }

  /**
   * A read that may see an earlier state.
   *
   * @param minRevision the state must not be older than this revision of the store; 0 if any will
   *     do
   */
  record StaleGet(Bytes key, long minRevision) implements Operation {
    public StaleGet {
      Objects.requireNonNull(key, "key");
      if (minRevision < 0) {
        throw new IllegalArgumentException("negative minRevision " + minRevision);
      }
    }

    @Override
    public String toString() {
      return minRevision == 0 ? "stale get" : "stale get from revision " + minRevision;
    }
  }

  /** When a write takes place; otherwise it changes nothing. */
  sealed interface Condition {
    /** Always. */
    Condition NONE = new None();

    /** Only if the key doesn't exist. */
    Condition ABSENT = new Absent();

    /** Only if the key exists. */
    Condition PRESENT = new Present();

    /** Only if the key's mod revision is this one. */
    static Condition modRevision(long revision) {
      return new ModRevision(revision);
    }

    /** Always. */
    record None() implements Condition {
      @Override
      public String toString() {
        return "";
      }
    }

    /** Only if the key doesn't exist. */
    record Absent() implements Condition {
      @Override
      public String toString() {
        return " if absent";
      }
    }

    /** Only if the key exists. */
    record Present() implements Condition {
      @Override
      public String toString() {
        return " if present";
      }
    }

    /** Only if the key's mod revision is this one, which is at least 1. */
    record ModRevision(long revision) implements Condition {
      public ModRevision {
        if (revision < 1) {
          throw new IllegalArgumentException("not a revision: " + revision);
        }
      }

      @Override
      public String toString() {
        return " if at revision " + revision;
      }
    }
  }
}
