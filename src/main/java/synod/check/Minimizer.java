package synod.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Finds a small part of a key's history that still can't be linearized. Leaving out a write would
 * be wrong, for somebody may have seen it; so every reduction is a relaxation, after which at least
 * as many histories are allowed:
 *
 * <ul>
 *   <li>what comes after a write, in every order that could explain the whole, is judged alone;
 *   <li>the history is cut off at a point in time, after which what was under way has an unknown
 *       outcome;
 *   <li>an observation is left out;
 *   <li>a write's outcome is forgotten, so that it may take effect at any time after its call, or
 *       never.
 * </ul>
 *
 * If what is left can't be linearized, neither could the whole.
 */
final class Minimizer<S, O> {
  private static final int CONFIGURATIONS = 200_000;
  private static final long STEPS_EACH = 50_000;
  private static final long STEPS_IN_ALL = 1_000_000;

  private final Model<S, O> model;
  private final S initial;
  private final long stepsEach;
  private long stepsLeft;

  private Minimizer(Model<S, O> model, S initial, long stepsTaken) {
    this.model = model;
    this.initial = initial;
    this.stepsEach = Math.max(STEPS_EACH, 2 * stepsTaken);
    this.stepsLeft = Math.max(STEPS_IN_ALL, 2 * stepsTaken);
  }

  /**
   * A part that can't be linearized.
   *
   * @param needed operations whose outcomes contradict each other, in the order of their calls
   * @param free how many operations besides may take effect or not, at any time after their call
   */
  record Core<O>(List<Interval<O>> needed, int free) {}

  /** The core of operations in which this search has found no order. */
  static <S, O> Core<O> minimize(
      Model<S, O> model, List<Interval<O>> operations, Search<S, O> search) {
    Minimizer<S, O> whole = new Minimizer<>(model, model.initial(), search.steps());
    List<Interval<O>> prefix = whole.upTo(search.furthest(), operations);
    List<Interval<O>> latestFirst =
        prefix.stream()
            .filter(each -> model.after(each, List.of()).isPresent())
            .sorted(Comparator.<Interval<O>>comparingInt(Interval::end).reversed())
            .toList();
    for (int back = 1; back <= latestFirst.size(); back *= 2) {
      Interval<O> first = latestFirst.get(back - 1);
      Model.Continuation<S, O> rest = model.after(first, prefix).orElseThrow();
      Minimizer<S, O> part = new Minimizer<>(model, rest.state(), 0);
      if (part.violates(rest.operations())) {
        return part.core(Optional.of(first), rest.operations());
      }
    }
    return whole.core(Optional.empty(), whole.violates(prefix) ? prefix : operations);
  }

  private Core<O> core(Optional<Interval<O>> first, List<Interval<O>> operations) {
    List<Interval<O>> left = shortestPrefix(operations);
    int chunk = Math.max(1, known(left).size() / 2);
    boolean done = false;
    while (!done) {
      int before = known(left).size();
      left = forgetInChunks(left, chunk);
      done = chunk == 1 && known(left).size() == before;
      chunk = Math.max(1, chunk / 2);
    }
    List<Interval<O>> needed = new ArrayList<>(known(left));
    int free = left.size() - needed.size();
    first.ifPresent(needed::add);
    needed.sort(Comparator.comparingInt(Interval::call));
    return new Core<>(needed, free);
  }

  private List<Interval<O>> known(List<Interval<O>> operations) {
    return operations.stream().filter(each -> !model.open(each.operation())).toList();
  }

  /** What had been called when the first operation ended that can't be explained any more. */
  private List<Interval<O>> shortestPrefix(List<Interval<O>> operations) {
    int[] ends = known(operations).stream().mapToInt(Interval::end).sorted().toArray();
    List<Interval<O>> shortest = operations;
    int low = 0;
    int high = ends.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      List<Interval<O>> prefix = prefix(operations, ends[middle]);
      if (violates(prefix)) {
        shortest = prefix;
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return shortest;
  }

  /** The prefix in which all that began before this place have ended. */
  private List<Interval<O>> upTo(int place, List<Interval<O>> operations) {
    int until =
        known(operations).stream()
            .filter(each -> each.call() < place)
            .mapToInt(Interval::end)
            .max()
            .orElse(place);
    return prefix(operations, until);
  }

  private List<Interval<O>> prefix(List<Interval<O>> operations, int until) {
    List<Interval<O>> prefix = new ArrayList<>();
    for (Interval<O> each : operations) {
      if (each.call() < until) {
        if (each.end() <= until || model.open(each.operation())) {
          prefix.add(each);
        } else {
          addForgotten(each, prefix);
        }
      }
    }
    return prefix;
  }

  private void addForgotten(Interval<O> interval, List<Interval<O>> to) {
    O forgotten = model.forgotten(interval.operation());
    if (forgotten != null) {
      to.add(new Interval<>(forgotten, interval.call(), Interval.OPEN, interval.source()));
    }
  }

  private List<Interval<O>> forgetInChunks(List<Interval<O>> operations, int chunk) {
    List<Interval<O>> left = operations;
    List<Interval<O>> known = known(operations);
    for (int from = 0; from < known.size(); from += chunk) {
      List<Interval<O>> out = known.subList(from, Math.min(known.size(), from + chunk));
      List<Interval<O>> attempt = new ArrayList<>(left);
      attempt.removeAll(out);
      out.forEach(each -> addForgotten(each, attempt));
      if (violates(attempt)) {
        left = attempt;
      }
    }
    return left;
  }

  /** Whether these are known not to be linearizable; false when the steps are used up. */
  private boolean violates(List<Interval<O>> operations) {
    if (stepsLeft <= 0) {
      return false;
    }
    Search<S, O> search =
        new Search<>(model, initial, operations, new Budget(stepsEach, CONFIGURATIONS));
    Search.Answer answer = search.run();
    stepsLeft -= search.steps();
    return answer == Search.Answer.VIOLATION;
  }
}
