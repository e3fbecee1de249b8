package synod.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * What clients asked and were told, with times. The caller gives the times, real or virtual, in
 * nanoseconds of one clock; events at the same time happened in the order in which they were
 * recorded here. An operation that is never completed has an unknown outcome. Any thread may call.
 */
public final class History {
  /** The end of an operation whose effect may come at any later time. */
  public static final long NEVER = Long.MAX_VALUE;

  private static final Outcome PENDING = new Outcome.Unknown("no answer");

  private final List<Entry> entries = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private long events;

  /**
   * One operation.
   *
   * @param id its number in this history, from 0
   * @param invokedAt before the request was sent
   * @param completedAt after the answer had come, or {@link #NEVER}
   * @param invokeOrder the invocation's place among the events as recorded
   * @param completeOrder the completion's place, or {@link #NEVER}
   */
  public record Entry(
      long id,
      String process,
      String node,
      Operation operation,
      Outcome outcome,
      long invokedAt,
      long completedAt,
      long invokeOrder,
      long completeOrder) {
    /** Whether the outcome isn't known. */
    public boolean open() {
      return outcome instanceof Outcome.Unknown;
    }

    private Entry completed(Outcome how, long time, long order) {
      return new Entry(id, process, node, operation, how, invokedAt, time, invokeOrder, order);
    }
  }

  /**
   * An operation begins.
   *
   * @param process the client that issues it
   * @param node the node that it asks; empty if that doesn't matter
   * @param time at which it was sent, or before
   * @return the operation's number
   */
  public synchronized long invoke(String process, String node, Operation operation, long time) {
    Objects.requireNonNull(process, "process");
    Objects.requireNonNull(node, "node");
    Objects.requireNonNull(operation, "operation");
    long id = entries.size();
    entries.add(new Entry(id, process, node, operation, PENDING, time, NEVER, events++, NEVER));
    return id;
  }

  /**
   * An operation ends, once.
   *
   * @param time at which its answer had come, or later
   * @throws IllegalArgumentException if there is no such operation, it has ended, ends before it
   *     began, or can't have this outcome
   */
  public synchronized void complete(long id, Outcome outcome, long time) {
    if (id < 0 || id >= entries.size()) {
      throw new IllegalArgumentException("there is no operation " + id);
    }
    Entry entry = entries.get((int) id);
    if (entry.completedAt() != NEVER) {
      throw new IllegalArgumentException("operation " + id + " has ended before");
    }
    if (time < entry.invokedAt()) {
      throw new IllegalArgumentException(
          "operation " + id + " ends at " + time + ", before it began at " + entry.invokedAt());
    }
    if (!outcome.fits(entry.operation())) {
      throw new IllegalArgumentException(
          "'" + entry.operation() + "' can't end as '" + outcome + "'");
    }
    entries.set((int) id, entry.completed(outcome, time, events++));
  }

  /** Something that a reader of the verdict should know about where this history comes from. */
  synchronized void note(String note) {
    notes.add(note);
  }

  synchronized List<String> notes() {
    return List.copyOf(notes);
  }

  /** All operations so far, in the order of their numbers. */
  public synchronized List<Entry> entries() {
    return List.copyOf(entries);
  }

  public synchronized int size() {
    return entries.size();
  }

  /** A beginning or an end. */
  record Event(Entry entry, boolean invocation) {
    private long time() {
      return invocation ? entry.invokedAt() : entry.completedAt();
    }

    private long order() {
      return invocation ? entry.invokeOrder() : entry.completeOrder();
    }
  }

  /** Every beginning and every end that was recorded, in real-time order. */
  List<Event> events() {
    List<Event> all = new ArrayList<>();
    for (Entry entry : entries()) {
      all.add(new Event(entry, true));
      if (entry.completedAt() != NEVER) {
        all.add(new Event(entry, false));
      }
    }
    all.sort(Comparator.comparingLong(Event::time).thenComparingLong(Event::order));
    return all;
  }
}
