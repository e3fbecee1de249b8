package synod.check;

import java.util.List;
import java.util.Optional;
import synod.check.Operation.Condition;

/**
 * One key of a store with etcd's revisions: conditional puts and deletes, whose answers carry the
 * revision that they made, and reads, whose answers carry the value's mod revision. Revisions of a
 * key strictly rise; a deletion of nothing and a failed condition make none.
 */
final class KeyModel implements Model<KeyState, KeyModel.Op> {
  /**
   * What was done and how it ended.
   *
   * @param outcome null if it isn't known
   */
  record Op(Operation operation, Outcome outcome) {
    static Op of(History.Entry entry) {
      return new Op(entry.operation(), entry.open() ? null : entry.outcome());
    }

    /** What the operation was told that the key held, before it if it was a write; or null. */
    Seen seen() {
      if (outcome instanceof Outcome.Read read) {
        return read.seen();
      }
      return outcome instanceof Outcome.Applied applied ? applied.previous() : null;
    }
  }

  @Override
  public KeyState initial() {
    return KeyState.INITIAL;
  }

  @Override
  public boolean open(Op op) {
    return op.outcome() == null;
  }

  @Override
  public KeyState step(KeyState state, Op op) {
    if (op.outcome() == null) {
      return effect(state, op.operation());
    }
    if (op.outcome() instanceof Outcome.Applied applied) {
      return applied(state, op.operation(), applied);
    }
    if (op.outcome() instanceof Outcome.NotFound) {
      return state.absent() ? state : null;
    }
    if (op.outcome() instanceof Outcome.ConditionFailed failed) {
      return failed(state, op.operation().condition(), failed.modRevision());
    }
    if (op.outcome() instanceof Outcome.Read read) {
      return narrow(state, read.seen());
    }
    throw new IllegalArgumentException("not a step: " + op);
  }

  private static KeyState effect(KeyState state, Operation operation) {
    KeyState before = holding(state, operation.condition());
    if (before == null) {
      return null;
    }
    if (operation instanceof Operation.Put put) {
      return before.changed(put.value());
    }
    return before.absent() ? null : before.changed(null);
  }

  private static KeyState applied(KeyState state, Operation operation, Outcome.Applied applied) {
    KeyState before = holding(state, operation.condition());
    if (before != null && applied.previous() != null) {
      before = narrow(before, applied.previous());
    }
    if (before == null) {
      return null;
    }
    if (operation instanceof Operation.Put put) {
      return before.changedAt(applied.revision(), put.value());
    }
    return before.absent() ? null : before.changedAt(applied.revision(), null);
  }

  /** The states in which the condition holds. */
  private static KeyState holding(KeyState state, Condition condition) {
    if (condition instanceof Condition.ModRevision expected) {
      return state.at(expected.revision());
    }
    if (condition instanceof Condition.Absent) {
      return state.absent() ? state : null;
    }
    if (condition instanceof Condition.Present) {
      return state.absent() ? null : state;
    }
    return state;
  }

  /** The states in which it doesn't, and in which the key is at the revision that was told. */
  private static KeyState failed(KeyState state, Condition condition, long told) {
    KeyState failing = null;
    if (condition instanceof Condition.ModRevision expected) {
      failing = state.notAt(expected.revision());
    } else if (condition instanceof Condition.Absent) {
      failing = state.absent() ? null : state;
    } else if (condition instanceof Condition.Present) {
      failing = state.absent() ? state : null;
    }
    if (failing == null || told == Outcome.UNREPORTED) {
      return failing;
    }
    return told == 0 ? (failing.absent() ? failing : null) : failing.at(told);
  }

  private static KeyState narrow(KeyState state, Seen seen) {
    if (seen.absent()) {
      return state.absent() ? state : null;
    }
    if (!state.holds(seen.value())) {
      return null;
    }
    return seen.modRevision() == Outcome.UNREPORTED ? state : state.at(seen.modRevision());
  }

  @Override
  public boolean observes(Op op) {
    return op.outcome() instanceof Outcome.Read
        || op.outcome() instanceof Outcome.NotFound
        || op.outcome() instanceof Outcome.ConditionFailed;
  }

  @Override
  public Op forgotten(Op op) {
    return observes(op) ? null : new Op(op.operation(), null);
  }

  @Override
  public boolean covers(KeyState a, KeyState b) {
    return a.covers(b);
  }

  /** Revisions never go back: who was told one that lies behind has come too late. */
  @Override
  public boolean lost(KeyState state, Op op) {
    if (op.outcome() instanceof Outcome.Applied applied) {
      return applied.revision() <= state.lowestRevision()
          || op.operation().condition() instanceof Condition.ModRevision expected
              && expected.revision() < state.lowestRevision()
          || applied.previous() != null && past(state, applied.previous().modRevision());
    }
    if (op.outcome() instanceof Outcome.Read read) {
      return past(state, read.seen().modRevision());
    }
    return op.outcome() instanceof Outcome.ConditionFailed failed
        && past(state, failed.modRevision());
  }

  private static boolean past(KeyState state, long revision) {
    return revision > 0
        && (revision < state.lowestRevision()
            || state.absent() && revision == state.lowestRevision());
  }

  @Override
  public Object shape(KeyState state) {
    return state.shape();
  }

  @Override
  public List<Interval<Op>> prepare(KeyState initial, List<Interval<Op>> operations) {
    return new Observations(initial, operations).applyTo(operations);
  }

  /**
   * Behind an acknowledged write comes what began after it had ended, the changes with a higher
   * revision, and whoever saw its revision or a higher one. The rest may be left out, for it comes
   * before or changes nothing. An open operation may come behind it, too.
   */
  @Override
  public Optional<Continuation<KeyState, Op>> after(
      Interval<Op> first, List<Interval<Op>> operations) {
    if (!(first.operation().outcome() instanceof Outcome.Applied applied)) {
      return Optional.empty();
    }
    Bytes value = first.operation().operation() instanceof Operation.Put put ? put.value() : null;
    KeyState state = KeyState.INITIAL.changedAt(applied.revision(), value);
    List<Interval<Op>> behind =
        operations.stream()
            .filter(each -> each != first && isBehind(each, first, applied.revision()))
            .toList();
    return Optional.of(new Continuation<>(state, behind));
  }

  private static boolean isBehind(Interval<Op> each, Interval<Op> first, long revision) {
    Outcome outcome = each.operation().outcome();
    return outcome == null
        || each.call() > first.end()
        || outcome instanceof Outcome.Applied applied && applied.revision() > revision
        || outcome instanceof Outcome.Read read && read.seen().modRevision() >= revision;
  }

  @Override
  public boolean blind(Op op) {
    return op.outcome() == null && op.operation().condition() instanceof Condition.None;
  }
}
