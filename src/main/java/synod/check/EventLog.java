package synod.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the logs of other checkers have in common: a line an event, in real-time order, and
 * processes that do one thing at a time. Times are line numbers.
 */
abstract class EventLog<S, O> implements Lines.Parser {
  private final Model<S, O> model;
  private final Map<String, Started<O>> running = new LinkedHashMap<>();
  private final Map<String, List<Interval<O>>> parts = new LinkedHashMap<>();
  private final Map<Integer, Subject.Line> lines = new HashMap<>();

  /**
   * @param what the operation without its outcome, as the log writes it
   * @param open the operation with an unknown outcome, null if it would constrain nothing
   */
  private record Started<O>(String part, String what, O open, long line) {}

  EventLog(Model<S, O> model) {
    this.model = model;
  }

  final void begin(String process, String part, String what, O open, long line) {
    if (running.containsKey(process)) {
      throw new IllegalArgumentException(
          "process " + process + " begins something before it has ended " + what(process));
    }
    running.put(process, new Started<>(part, what, open, line));
  }

  /**
   * @param operation with its outcome, null if it constrains nothing
   */
  final void end(String process, String part, String what, O operation, long line) {
    Started<O> started = started(process, part, what);
    running.remove(process);
    if (operation != null) {
      add(process, started, operation, line);
    }
  }

  /** The process will never know; it does nothing more. */
  final void giveUp(String process, String part, String function) {
    Started<O> started = running.get(process);
    if (started == null || !started.part().equals(part) || !started.what().startsWith(function)) {
      throw new IllegalArgumentException("process " + process + " gives up what it hasn't begun");
    }
  }

  private Started<O> started(String process, String part, String what) {
    Started<O> started = running.get(process);
    if (started == null || !started.part().equals(part) || !started.what().equals(what)) {
      throw new IllegalArgumentException(
          "process " + process + " ends " + what + ", but was at " + what(process));
    }
    return started;
  }

  private String what(String process) {
    Started<O> started = running.get(process);
    return started == null ? "nothing" : started.what();
  }

  private void add(String process, Started<O> started, O operation, long line) {
    boolean open = model.open(operation);
    int end = open ? Interval.OPEN : (int) line;
    int source = lines.size();
    String to = open ? "" : Long.toString(line);
    lines.put(
        source,
        new Subject.Line(Long.toString(started.line()), to, process, "", operation.toString()));
    parts
        .computeIfAbsent(started.part(), part -> new ArrayList<>())
        .add(new Interval<>(operation, (int) started.line(), end, source));
  }

  /** All that was read; what has no end in the log may take effect at any time. */
  final Subject<S, O> subject() {
    running.forEach(
        (process, started) -> {
          if (started.open() != null) {
            add(process, started, started.open(), 0);
          }
        });
    running.clear();
    List<Subject.Part<O>> all = new ArrayList<>();
    parts.forEach((part, operations) -> all.add(new Subject.Part<>(part, operations)));
    return new Subject<>(model, all, lines::get, "line");
  }
}
