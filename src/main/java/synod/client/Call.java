package synod.client;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import synod.client.ClientSettings.Node;
import synod.kv.Command;
import synod.node.ClientCodec;
import synod.node.Operation;
import synod.node.Outcome;
import synod.node.Request;

/**
 * One operation on its way: what is known of its attempts, and so what may be said of it when its
 * time is up. A write of which some attempt is unresolved may be applied, now or later; only one
 * that every attempt's node refused certainly isn't. Belongs to the client actor; all times are
 * nano times.
 */
final class Call {
  /**
   * One sending of a call to a node.
   *
   * @param id the request's id, for this attempt alone: a late refusal of an earlier attempt says
   *     nothing about this one
   * @param limit without an answer within this many nanoseconds the call goes elsewhere
   */
  record Attempt(long id, Call call, Node node, Batch batch, long sentAt, long limit) {
    boolean isOver(long now) {
      return now - sentAt >= limit;
    }
  }

  /** A message that a node has not begun to answer. */
  static final class Batch {
    private boolean underWay = true;

    /** Whether this ends the wait for it: true once. */
    boolean end() {
      boolean ended = underWay;
      underWay = false;
      return ended;
    }
  }

  private final Operation operation;
  private final long deadline;
  private final Consumer<Outcome> whenDone;
  private final List<Attempt> unresolved = new ArrayList<>(1);
  private Attempt current;
  private ClientSession session;
  private long sequence;
  private int slowAttempts;
  private int refusals;
  private boolean unknown;
  private long pausedUntil;
  private boolean paused;
  private boolean done;

  /**
   * @param whenDone called once, on the actor's thread
   */
  Call(Operation operation, long deadline, Consumer<Outcome> whenDone) {
    this.operation = operation;
    this.deadline = deadline;
    this.whenDone = whenDone;
  }

  boolean isDone() {
    return done;
  }

  boolean isDue(long now) {
    return now - deadline >= 0;
  }

  /** Whether it is a write that must take its place in a session before it can be sent. */
  boolean needsSession() {
    return session == null
        && operation instanceof Operation.Write write
        && !(write.command() instanceof Command.OpenSession);
  }

  /** Takes the next place in a session, for good: every attempt carries the same. */
  void enter(ClientSession entered) {
    session = entered;
    sequence = entered.begin();
  }

  /** Null for what needs none. */
  ClientSession session() {
    return session;
  }

  /** How many attempts took too long at nodes that were alive. */
  int slowAttempts() {
    return slowAttempts;
  }

  int refusals() {
    return refusals;
  }

  /** The request for an attempt that is given this much time. */
  Request request(long id, long timeoutMillis) {
    Request.Stamp stamp = session == null ? null : session.stamp(sequence);
    return new Request(id, operation, stamp, timeoutMillis);
  }

  long remainingNanos(long now) {
    return deadline - now;
  }

  /** At least the bytes that it adds to a message. */
  int size() {
    return ClientCodec.sizeOf(operation);
  }

  void sent(Attempt attempt) {
    unresolved.add(attempt);
    current = attempt;
  }

  /** The attempts that were neither answered nor refused. */
  List<Attempt> unresolved() {
    return unresolved;
  }

  /** The attempt on whose time limit the call waits; null if it is queued or pauses. */
  Attempt current() {
    return current;
  }

  /**
   * The node hasn't answered in time. The attempt stays unresolved: a late answer is as good as
   * any.
   *
   * @param alive whether the node answers others
   */
  void timedOut(boolean alive) {
    current = null;
    slowAttempts += alive ? 1 : 0;
  }

  /**
   * Nothing was done in this attempt.
   *
   * @return whether the call waited on this attempt and now needs another
   */
  boolean refused(Attempt attempt) {
    unresolved.remove(attempt);
    return ended(attempt);
  }

  /**
   * The node doesn't know what became of this attempt.
   *
   * @return whether the call waited on this attempt and now needs another
   */
  boolean lost(Attempt attempt) {
    unresolved.remove(attempt);
    unknown = true;
    return ended(attempt);
  }

  private boolean ended(Attempt attempt) {
    if (attempt != current) {
      return false;
    }
    current = null;
    refusals++;
    return true;
  }

  void pause(long until) {
    paused = true;
    pausedUntil = until;
  }

  /** Whether a pause has ended: true once. */
  boolean resumes(long now) {
    if (paused && now - pausedUntil >= 0) {
      paused = false;
      return true;
    }
    return false;
  }

  /** What can be said of a call that isn't tried any more. */
  Outcome givenUp(Outcome.Reason reason, String detail) {
    boolean mayBeApplied =
        operation instanceof Operation.Write && (unknown || !unresolved.isEmpty());
    return mayBeApplied
        ? new Outcome.Unknown("the write may or may not be applied: " + detail)
        : new Outcome.Refused(reason, detail);
  }

  void finish(Outcome outcome) {
    done = true;
    if (session != null) {
      session.end(sequence);
    }
    whenDone.accept(outcome);
  }
}
