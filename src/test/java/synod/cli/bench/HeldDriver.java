package synod.cli.bench;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** A driver whose operations end when a test says so. */
final class HeldDriver implements Driver {
  private final Deque<Reply> held = new ArrayDeque<>();
  private final List<Operation> sent = new ArrayList<>();

  @Override
  public synchronized void send(Operation operation, Reply reply) {
    sent.add(operation);
    held.add(reply);
  }

  /** All operations so far, in order, with those that were tried again. */
  synchronized List<Operation> sent() {
    return List.copyOf(sent);
  }

  synchronized int underWay() {
    return held.size();
  }

  private synchronized Reply take() {
    return held.remove();
  }

  void succeedOne() {
    take().succeeded();
  }

  void failOne(String why) {
    take().failed(why);
  }

  @Override
  public void close() {}
}
