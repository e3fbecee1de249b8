package synod.check;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import synod.check.Operation.Condition;

/**
 * Decides tiny histories of one key by trying every order, every subset of the operations of
 * unknown outcome and every revision that these may have made. It shares no idea with the checker:
 * states are concrete, and nothing is pruned but impossible outcomes.
 */
final class BruteForce {
  private BruteForce() {}

  /** Whether these operations, all on one key, are linearizable. */
  static boolean linearizable(List<History.Entry> entries) {
    long highest = 0;
    for (History.Entry entry : entries) {
      highest = Math.max(highest, highestRevision(entry));
    }
    List<Timed<History.Entry>> operations = new ArrayList<>();
    entries.stream()
        .filter(entry -> !(entry.outcome() instanceof Outcome.Refused))
        .forEach(entry -> operations.add(timed(entry)));
    long bound = highest + entries.size() + 1;
    return search(operations, new Key(null, 0), (key, entry) -> key.after(entry, bound));
  }

  /** Whether the operations of a model without sets of states are linearizable. */
  static <S, O> boolean linearizable(Model<S, O> model, List<Interval<O>> intervals) {
    List<Timed<O>> operations =
        intervals.stream()
            .map(
                each ->
                    new Timed<>(
                        each.operation(),
                        each.call(),
                        0,
                        each.end(),
                        0,
                        model.open(each.operation())))
            .toList();
    return search(
        operations,
        model.initial(),
        (state, operation) -> {
          S after = model.step(state, operation);
          return after == null ? List.of() : List.of(after);
        });
  }

  private record Timed<O>(
      O operation, long call, long callOrder, long end, long endOrder, boolean open) {
    boolean endsBeforeCallOf(Timed<O> other) {
      return !open && (end < other.call || end == other.call && endOrder < other.callOrder);
    }
  }

  private static Timed<History.Entry> timed(History.Entry entry) {
    return new Timed<>(
        entry,
        entry.invokedAt(),
        entry.invokeOrder(),
        entry.completedAt(),
        entry.completeOrder(),
        entry.open());
  }

  private static <S, O> boolean search(
      List<Timed<O>> left, S state, BiFunction<S, O, List<S>> step) {
    if (left.stream().allMatch(Timed::open)) {
      return true;
    }
    for (Timed<O> next : left) {
      if (left.stream().noneMatch(other -> other.endsBeforeCallOf(next))) {
        List<Timed<O>> rest = new ArrayList<>(left);
        rest.remove(next);
        for (S after : step.apply(state, next.operation())) {
          if (search(rest, after, step)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private static long highestRevision(History.Entry entry) {
    long condition =
        entry.operation().condition() instanceof Condition.ModRevision expected
            ? expected.revision()
            : 0;
    if (entry.outcome() instanceof Outcome.Applied applied) {
      return Math.max(condition, applied.revision());
    }
    if (entry.outcome() instanceof Outcome.Read read) {
      return Math.max(condition, read.seen().modRevision());
    }
    return entry.outcome() instanceof Outcome.ConditionFailed failed
        ? Math.max(condition, failed.modRevision())
        : condition;
  }

  /**
   * What the key holds.
   *
   * @param value null if absent
   * @param revision of the key's latest change, a deletion too
   */
  private record Key(Bytes value, long revision) {
    List<Key> after(History.Entry entry, long bound) {
      Outcome outcome = entry.outcome();
      boolean holds = holds(entry.operation().condition());
      boolean changes = holds && (entry.operation() instanceof Operation.Put || value != null);
      Bytes written = entry.operation() instanceof Operation.Put put ? put.value() : null;
      if (entry.open()) {
        List<Key> all = new ArrayList<>();
        if (changes && !(entry.operation() instanceof Operation.Get)) {
          for (long made = revision + 1; made <= bound; made++) {
            all.add(new Key(written, made));
          }
        }
        return all;
      }
      if (outcome instanceof Outcome.Applied applied) {
        boolean right =
            changes
                && applied.revision() > revision
                && (applied.previous() == null || isAsSeen(applied.previous()));
        return right ? List.of(new Key(written, applied.revision())) : List.of();
      }
      boolean right;
      if (outcome instanceof Outcome.Read read) {
        right = isAsSeen(read.seen());
      } else if (outcome instanceof Outcome.ConditionFailed failed) {
        long told = failed.modRevision();
        right = !holds && (told == Outcome.UNREPORTED || told == (value == null ? 0 : revision));
      } else {
        right = value == null;
      }
      return right ? List.of(this) : List.of();
    }

    private boolean isAsSeen(Seen seen) {
      if (value == null || seen.absent()) {
        return value == null && seen.absent();
      }
      boolean sameRevision =
          seen.modRevision() == Outcome.UNREPORTED || seen.modRevision() == revision;
      return value.equals(seen.value()) && sameRevision;
    }

    private boolean holds(Condition condition) {
      if (condition instanceof Condition.ModRevision expected) {
        return value != null && revision == expected.revision();
      }
      if (condition instanceof Condition.Absent) {
        return value == null;
      }
      return condition instanceof Condition.None || value != null;
    }
  }
}
