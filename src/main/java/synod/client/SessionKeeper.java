package synod.client;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import synod.kv.Command;
import synod.kv.Result;
import synod.node.Operation;
import synod.node.Outcome;

/**
 * The client's session with the store: opened when the first write needs it, kept alive while
 * writes come, closed when there were none for long, and replaced when it expired. Belongs to the
 * client actor.
 */
final class SessionKeeper {
  /** How often {@link #care} is to be called in the session's time to live. */
  static final int CARES_PER_TTL = 10;

  private static final int IDLE_TTLS = 5;
  private static final Duration OPENING = Duration.ofSeconds(10);

  private final Duration ttl;
  private final LongSupplier clock;
  private final Consumer<Call> begin;
  private final Consumer<Outcome.Refused> refused;
  private ClientSession session;
  private boolean opening;
  private boolean keepingAlive;
  private long usedAt;

  /**
   * @param begin sends a call
   * @param refused told when the store refuses a session, and why
   */
  SessionKeeper(
      Duration ttl, LongSupplier clock, Consumer<Call> begin, Consumer<Outcome.Refused> refused) {
    this.ttl = ttl;
    this.clock = clock;
    this.begin = begin;
    this.refused = refused;
  }

  /** The session that new writes enter; empty while it is being opened. */
  Optional<ClientSession> forNewWrites(long now) {
    usedAt = now;
    // A write into an expired session has an unknown outcome: a new session costs less than that.
    if (session != null && unheard(now) > ttl.toNanos() / 3 * 2) {
      session = null;
    }
    if (session == null && !opening) {
      opening = true;
      Command open = new Command.OpenSession(ttl.toMillis());
      begin.accept(new Call(new Operation.Write(open), now + OPENING.toNanos(), this::onOpened));
    }
    return Optional.ofNullable(session);
  }

  private void onOpened(Outcome outcome) {
    opening = false;
    if (outcome instanceof Outcome.Written written) {
      if (written.result() instanceof Result.SessionOpened opened) {
        session = new ClientSession(opened.session(), clock.getAsLong());
      } else {
        String why = "the store has no room for another session: " + written.result();
        refused.accept(new Outcome.Refused(Outcome.Reason.OVERLOADED, why));
      }
    } else if (outcome instanceof Outcome.Refused refusal
        && refusal.reason() == Outcome.Reason.INVALID) {
      refused.accept(refusal);
    }
    // Otherwise no node served in time: the next flush tries again if writes still wait.
  }

  /** The store doesn't know this session any more. */
  void expired(ClientSession gone) {
    if (session == gone) {
      session = null;
    }
  }

  /** Shows the store that the client is there, as long as the session is of use. */
  void care(long now) {
    if (session == null) {
      return;
    }
    if (now - usedAt > ttl.toNanos() * IDLE_TTLS) {
      close(now + ttl.toNanos() / CARES_PER_TTL, outcome -> {});
    } else if (unheard(now) >= ttl.toNanos() / 4 && !keepingAlive && session.hasRoom()) {
      keepingAlive = true;
      send(new Command.KeepAlive(), now + ttl.toNanos() / 4, outcome -> keepingAlive = false);
    }
  }

  /**
   * Ends the session, if there is one.
   *
   * @param whenDone called when the store has answered, or not by the deadline
   * @return whether there is anything to wait for
   */
  boolean close(long deadline, Consumer<Outcome> whenDone) {
    ClientSession last = session;
    if (last == null || !last.hasRoom()) {
      return false;
    }
    send(new Command.CloseSession(), deadline, whenDone);
    session = null;
    return true;
  }

  private void send(Command command, long deadline, Consumer<Outcome> whenDone) {
    Call call = new Call(new Operation.Write(command), deadline, whenDone);
    call.enter(session);
    begin.accept(call);
  }

  private long unheard(long now) {
    return now - session.heardAt();
  }
}
