package synod.check;

import java.util.List;
import java.util.function.IntFunction;

/**
 * What is to be judged: a history cut into parts that are independent of each other.
 *
 * @param parts in the order in which to check them
 * @param lines describes the operation with this {@link Interval#source()}
 * @param timeUnit what the times in these lines are
 */
record Subject<S, O>(
    Model<S, O> model, List<Part<O>> parts, IntFunction<Line> lines, String timeUnit) {

  /**
   * The operations of one key.
   *
   * @param name what to call it in a report
   */
  record Part<O>(String name, List<Interval<O>> operations) {}

  /** An operation in a report. The end is empty if it has none. */
  record Line(String from, String to, String process, String node, String text) {}

  int operations() {
    return parts.stream().mapToInt(part -> part.operations().size()).sum();
  }

  long openOperations() {
    return parts.stream()
        .flatMap(part -> part.operations().stream())
        .filter(interval -> model.open(interval.operation()))
        .count();
  }
}
