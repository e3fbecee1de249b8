package synod.check;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import synod.check.OpenEffects.Step;

/**
 * Looks for an order of a key's operations that respects real time and in which every outcome is
 * right: Wing and Gong's depth-first search with Lowe's memory of the configurations (set of
 * operations placed, state) that were reached before ("Testing for linearizability", 2017), here
 * {@link Tried}. Three more things keep it near-linear on histories as stores make them: open
 * operations are placed only where they are needed ({@link OpenEffects}); an observation that is
 * right and tells nothing new is placed at once, without alternatives, since nothing that can
 * follow is lost by that; and a configuration is given up as soon as a waiting operation can never
 * become right.
 */
final class Search<S, O> {
  /** What the search found. */
  enum Answer {
    LINEARIZABLE,
    VIOLATION,
    UNDECIDED
  }

  private final Model<S, O> model;
  private final Stepper<S, O> stepper;
  private final List<Interval<O>> completed = new ArrayList<>();
  private final EventList waiting;
  private final OpenEffects<S, O> openEffects;
  private final long[] placed;
  private final Tried<S> tried;
  private final Deque<Node> path = new ArrayDeque<>();

  private final S initial;
  private int furthest;

  Search(Model<S, O> model, List<Interval<O>> operations, Budget budget) {
    this(model, model.initial(), operations, budget);
  }

  Search(Model<S, O> model, S initial, List<Interval<O>> operations, Budget budget) {
    this.model = model;
    this.initial = initial;
    this.stepper = new Stepper<>(model, budget.steps());
    this.tried = new Tried<>(model, budget.configurations());
    List<Interval<O>> inOrder = new ArrayList<>(model.prepare(initial, operations));
    inOrder.sort(Comparator.comparingInt(Interval::call));
    List<Interval<O>> open = new ArrayList<>();
    for (Interval<O> operation : inOrder) {
      (model.open(operation.operation()) ? open : completed).add(operation);
    }
    waiting = new EventList(completed);
    openEffects = new OpenEffects<>(stepper, open);
    placed = new long[(completed.size() + 63) >> 6];
  }

  /** The number of model steps taken so far. */
  long steps() {
    return stepper.taken();
  }

  /** The place in the history at which something ended that no order reached. */
  int furthest() {
    return furthest;
  }

  Answer run() {
    if (completed.isEmpty()) {
      return Answer.LINEARIZABLE;
    }
    path.push(new Node(initial, waiting.window()));
    while (!path.isEmpty()) {
      Node node = path.peek();
      Step<S> step = node.next();
      if (stepper.exhausted() || tried.full()) {
        return Answer.UNDECIDED;
      }
      if (step == null) {
        path.pop();
        if (!path.isEmpty()) {
          undo(path.peek().taken);
        }
      } else {
        take(step);
        node.taken = step;
        EventList.Window window = waiting.window();
        furthest = Math.max(furthest, window.limit());
        if (window.candidates().length == 0) {
          return Answer.LINEARIZABLE;
        }
        if (hopeless(step.state(), window) || !worthTrying(step.state(), window)) {
          undo(step);
        } else {
          path.push(new Node(step.state(), window));
        }
      }
    }
    return Answer.VIOLATION;
  }

  private void take(Step<S> step) {
    waiting.lift(step.operation());
    placed[step.operation() >> 6] |= 1L << step.operation();
    openEffects.use(step.chain());
  }

  private void undo(Step<S> step) {
    openEffects.giveBack(step.chain());
    placed[step.operation() >> 6] &= ~(1L << step.operation());
    waiting.putBack(step.operation());
  }

  private boolean hopeless(S state, EventList.Window window) {
    for (int candidate : window.candidates()) {
      if (model.lost(state, completed.get(candidate).operation())) {
        return true;
      }
    }
    return false;
  }

  /**
   * Everything before the first waiting operation is placed, and nothing behind those that begin
   * before the first end: the words between tell it all, however long the history is.
   */
  private boolean worthTrying(S state, EventList.Window window) {
    int first = window.candidates()[0];
    int to = (calledBefore(window.limit()) + 63) >> 6;
    long[] words = Arrays.copyOfRange(placed, first >> 6, to);
    return tried.add(first, words, state, openEffects.used());
  }

  /** How many completed operations begin before this place. */
  private int calledBefore(int limit) {
    int low = 0;
    int high = completed.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (completed.get(middle).call() < limit) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** A point on the path and the ways on from it that were not tried yet. */
  private final class Node {
    private final S state;
    private final EventList.Window window;
    private int tried;
    private List<Step<S>> chains = List.of();
    private int chainsTried;
    private boolean forced;

    /** The way that is being tried now. */
    Step<S> taken;

    Node(S state, EventList.Window window) {
      this.state = state;
      this.window = window;
    }

    /** The next way on, or null: first the plain ones, then those with open operations. */
    Step<S> next() {
      if (forced) {
        return null;
      }
      if (tried == 0) {
        Step<S> only = settled();
        if (only != null) {
          forced = true;
          return only;
        }
      }
      int candidates = window.candidates().length;
      while (tried < candidates) {
        int operation = window.candidates()[tried++];
        Step<S> step = openEffects.direct(state, operation, what(operation));
        if (step != null) {
          return step;
        }
      }
      while (chainsTried == chains.size()) {
        if (tried == 2 * candidates) {
          return null;
        }
        int operation = window.candidates()[tried++ - candidates];
        chains = openEffects.throughChains(state, operation, what(operation), window.limit());
        chainsTried = 0;
      }
      return chains.get(chainsTried++);
    }

    private Step<S> settled() {
      for (int operation : window.candidates()) {
        if (model.observes(what(operation))) {
          Step<S> step = openEffects.direct(state, operation, what(operation));
          if (step != null && step.state().equals(state)) {
            return step;
          }
        }
      }
      return null;
    }

    private O what(int operation) {
      return completed.get(operation).operation();
    }
  }
}
