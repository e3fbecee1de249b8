package synod.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The beginnings and ends of the operations that have no place in the order yet, as a doubly linked
 * list in real-time order: an operation is lifted out when it gets its place and put back, in
 * reverse order, when the search goes back.
 */
final class EventList {
  private static final int HEAD = 0;

  private final List<? extends Interval<?>> operations;
  private final int[] next;
  private final int[] previous;

  /**
   * @param operations completed ones, in the order of their calls
   */
  EventList(List<? extends Interval<?>> operations) {
    this.operations = operations;
    List<Integer> nodes = new ArrayList<>();
    for (int i = 0; i < operations.size(); i++) {
      nodes.add(callOf(i));
      nodes.add(endOf(i));
    }
    nodes.sort(Comparator.comparingInt(this::rank));
    next = new int[nodes.size() + 1];
    previous = new int[nodes.size() + 1];
    int last = HEAD;
    for (int node : nodes) {
      next[last] = node;
      previous[node] = last;
      last = node;
    }
    next[last] = HEAD;
    previous[HEAD] = last;
  }

  private static int callOf(int operation) {
    return 2 * operation + 1;
  }

  private static int endOf(int operation) {
    return 2 * operation + 2;
  }

  private int rank(int node) {
    Interval<?> operation = operations.get((node - 1) / 2);
    return node % 2 == 1 ? operation.call() : operation.end();
  }

  /**
   * What may come next in the order: the operations that begin before the first end.
   *
   * @param candidates their indices, in the order of their calls
   * @param limit the place of that first end; {@link Interval#OPEN} if none is left
   */
  record Window(int[] candidates, int limit) {}

  Window window() {
    int node = next[HEAD];
    int count = 0;
    while (node != HEAD && node % 2 == 1) {
      count++;
      node = next[node];
    }
    int limit = node == HEAD ? Interval.OPEN : rank(node);
    int[] candidates = new int[count];
    node = next[HEAD];
    for (int i = 0; i < count; i++) {
      candidates[i] = (node - 1) / 2;
      node = next[node];
    }
    return new Window(candidates, limit);
  }

  void lift(int operation) {
    unlink(callOf(operation));
    unlink(endOf(operation));
  }

  /** Undoes the latest {@link #lift} that isn't undone yet. */
  void putBack(int operation) {
    link(endOf(operation));
    link(callOf(operation));
  }

  private void unlink(int node) {
    next[previous[node]] = next[node];
    previous[next[node]] = previous[node];
  }

  private void link(int node) {
    next[previous[node]] = node;
    previous[next[node]] = node;
  }
}
