package synod.client;

import java.util.TreeSet;
import synod.kv.SessionId;
import synod.kv.Sessions;
import synod.node.Request;

/**
 * The numbers of one open session: which sequence comes next, and up to where the client has every
 * result. Keeps the stamps within what the store accepts. Belongs to the client actor.
 */
final class ClientSession {
  private final SessionId id;
  private final TreeSet<Long> outstanding = new TreeSet<>();
  private long next = 1;
  private long heardAt;

  ClientSession(SessionId id, long now) {
    this.id = id;
    this.heardAt = now;
  }

  SessionId id() {
    return id;
  }

  /** Whether one more write fits into what the store remembers of a session. */
  boolean hasRoom() {
    return next - acknowledged() <= Sessions.WINDOW;
  }

  /** Takes the next sequence for a write; only while there is room. */
  long begin() {
    outstanding.add(next);
    return next++;
  }

  /** The write with this sequence has ended for its caller; it is not sent again. */
  void end(long sequence) {
    outstanding.remove(sequence);
  }

  boolean isIdle() {
    return outstanding.isEmpty();
  }

  Request.Stamp stamp(long sequence) {
    return new Request.Stamp(id, sequence, acknowledged());
  }

  /** The store answered in this session, at this nano time. */
  void heard(long now) {
    heardAt = now;
  }

  long heardAt() {
    return heardAt;
  }

  private long acknowledged() {
    return (outstanding.isEmpty() ? next : outstanding.first()) - 1;
  }
}
