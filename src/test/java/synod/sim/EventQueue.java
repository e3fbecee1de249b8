package synod.sim;

import java.util.PriorityQueue;

/**
 * Virtual time in nanoseconds, and what is going to happen in it. Events at the same time happen in
 * the order in which they were planned.
 */
public final class EventQueue {
  private final PriorityQueue<Event> events = new PriorityQueue<>(512);
  private long now = 1_000_000_000;
  private long planned;
  private long happened;

  private record Event(long time, long order, Runnable action) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(time, other.time);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  public long now() {
    return now;
  }

  /** How many events have happened. */
  public long happened() {
    return happened;
  }

  public void after(long delay, Runnable action) {
    at(now + delay, action);
  }

  public void at(long time, Runnable action) {
    events.add(new Event(Math.max(now, time), planned++, action));
  }

  /** Lets the next event happen; false if there is none. */
  public boolean step() {
    Event next = events.poll();
    if (next == null) {
      return false;
    }
    now = next.time();
    happened++;
    next.action().run();
    return true;
  }
}
