package synod.client;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The calls that wait to be sent, and how many messages may be under way: while that many are,
 * calls gather and go together in the next. Writes wait apart until they have a place in the
 * session. Belongs to the client actor.
 */
final class Outbox {
  /**
   * A message grows to about this; a single larger request goes alone. Less lets values of some
   * kilobytes come to the leader few at a time, and with them smaller batches and more flushes.
   */
  static final int BATCH_BYTES = 256 * 1024;

  private final int batchesMax;
  private final Deque<Call> ready = new ArrayDeque<>();
  private final Deque<Call> writes = new ArrayDeque<>();
  private int underWay;

  Outbox(int batchesMax) {
    this.batchesMax = batchesMax;
  }

  void add(Call call) {
    (call.needsSession() ? writes : ready).add(call);
  }

  boolean isEmpty() {
    return ready.isEmpty() && writes.isEmpty();
  }

  boolean hasWritesWaiting() {
    return !writes.isEmpty();
  }

  boolean maySend() {
    return underWay < batchesMax;
  }

  List<Call> writesWaiting() {
    return List.copyOf(writes);
  }

  /** Gives waiting writes their places in the session, as far as it has room. */
  void enter(ClientSession session) {
    while (!writes.isEmpty() && session.hasRoom()) {
      Call call = writes.remove();
      call.enter(session);
      ready.add(call);
    }
  }

  /**
   * The calls of the next message; empty if there is nothing to send.
   *
   * @param most how many at most
   */
  List<Call> take(int most) {
    List<Call> batch = new ArrayList<>();
    int bytes = 0;
    for (Call next = peek(); next != null && batch.size() < most; next = peek()) {
      if (!batch.isEmpty() && bytes + next.size() > BATCH_BYTES) {
        break;
      }
      bytes += next.size();
      batch.add(ready.remove());
    }
    return batch;
  }

  private Call peek() {
    while (!ready.isEmpty() && ready.peek().isDone()) {
      ready.remove();
    }
    return ready.peek();
  }

  Call.Batch begin() {
    underWay++;
    return new Call.Batch();
  }

  void end(Call.Batch batch) {
    if (batch.end()) {
      underWay--;
    }
  }

  /** Drops the calls that have ended while they waited. */
  void purge() {
    ready.removeIf(Call::isDone);
    writes.removeIf(Call::isDone);
  }
}
