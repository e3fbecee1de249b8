package synod.sim;

import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import synod.check.Bytes;
import synod.check.Seen;
import synod.kv.Command;
import synod.kv.KeyValue;
import synod.kv.Query;
import synod.kv.Result;
import synod.kv.SessionId;
import synod.node.Operation;
import synod.node.Outcome;
import synod.node.Request;

/**
 * A client: issues one operation after the other, in a session of its own or without one, and
 * repeats what wasn't answered at other nodes where that is safe. It records what it asked and was
 * told.
 */
final class SimClient {
  /** Not an operation of the history, but what a session needs. */
  private static final long UNRECORDED = -1;

  private final Simulation sim;
  private final SplittableRandom random;
  private final String name;
  private final boolean inSession;

  /** Where it sends everything; null for anywhere. */
  private final SimNode home;

  private final Function<SimClient, Optional<Operation>> plan;
  private final long timeoutMillis;
  private final int maxAttempts;
  private final boolean acknowledgesAbandoned;
  private final long ttlMillis;

  private SessionId session;
  private long sequence;
  private long acknowledged;
  private long highestRevision;
  private Call call;
  private boolean finished;

  private static final class Call {
    final Operation operation;
    final Request.Stamp stamp;
    final long recordedAs;
    int attempts;

    /** Whether an attempt may have left the client's sight and take effect at any time. */
    boolean mayTakeEffect;

    Call(Operation operation, Request.Stamp stamp, long recordedAs) {
      this.operation = operation;
      this.stamp = stamp;
      this.recordedAs = recordedAs;
    }

    Command command() {
      return operation instanceof Operation.Write write ? write.command() : null;
    }

    /** Whether sending it twice can't change anything twice. */
    boolean isRepeatable() {
      return stamp != null || recordedAs == UNRECORDED || command() == null;
    }
  }

  SimClient(
      Simulation sim,
      String name,
      boolean inSession,
      SimNode home,
      Function<SimClient, Optional<Operation>> plan) {
    this.sim = sim;
    this.random = sim.random();
    this.name = name;
    this.inSession = inSession;
    this.home = home;
    this.plan = plan;
    int[] timeouts = {100, 300, 800};
    this.timeoutMillis = timeouts[random.nextInt(timeouts.length)];
    this.maxAttempts = 1 + random.nextInt(6);
    this.acknowledgesAbandoned = random.nextBoolean();
    int[] ttls = {1_000, 5_000, 60_000};
    this.ttlMillis = ttls[random.nextInt(ttls.length)];
  }

  String name() {
    return name;
  }

  /** The highest revision that it was told of. */
  long highestRevision() {
    return highestRevision;
  }

  /** Whether it has nothing under way and nothing left to do. */
  boolean isFinished() {
    return finished;
  }

  /** What it is waiting for, for people. */
  String pending() {
    return name
        + (call == null ? " between two operations" : " waits for " + describe(call.operation))
        + (call == null ? "" : ", attempts: " + call.attempts);
  }

  void start(long delay) {
    sim.queue().after(delay, this::next);
  }

  private void next() {
    if (inSession && session == null && !sim.isHealed()) {
      begin(new Call(new Operation.Write(new Command.OpenSession(ttlMillis)), null, UNRECORDED));
      return;
    }
    Optional<Operation> operation = plan.apply(this);
    if (operation.isEmpty()) {
      finished = true;
      return;
    }
    begin(called(operation.get()));
  }

  private Call called(Operation operation) {
    if (!(operation instanceof Operation.Write write)) {
      return new Call(operation, null, record(operation));
    }
    boolean housekeeping = isHousekeeping(write.command());
    Request.Stamp stamp =
        session == null ? null : new Request.Stamp(session, ++sequence, acknowledged);
    return new Call(operation, stamp, housekeeping ? UNRECORDED : record(operation));
  }

  private static boolean isHousekeeping(Command command) {
    return !(command instanceof Command.Put || command instanceof Command.Delete);
  }

  private long record(Operation operation) {
    return sim.history()
        .invoke(name, home == null ? "" : home.name(), recorded(operation), sim.queue().now());
  }

  private static synod.check.Operation recorded(Operation operation) {
    if (operation instanceof Operation.Write write) {
      return Payloads.operation(write.command());
    } else if (operation instanceof Operation.StaleRead read) {
      return new synod.check.Operation.StaleGet(key(read.query()), read.minRevision());
    }
    return new synod.check.Operation.Get(key(((Operation.LinearizableRead) operation).query()));
  }

  private static Bytes key(Query query) {
    return Bytes.of(((Query.Get) query).key());
  }

  private void begin(Call next) {
    call = next;
    attempt();
  }

  // Attempts

  private void attempt() {
    Call asked = call;
    int attempt = ++asked.attempts;
    SimNode node = home == null ? sim.anyGateway() : home;
    sim.trace().say("%s -> %s  %s", name, node, describe(asked.operation));
    Request request = new Request(attempt, asked.operation, asked.stamp, timeoutMillis);
    sim.network()
        .carryForClient(
            () -> {
              boolean taken = node.request(request, outcome -> reply(asked, attempt, outcome));
              if (!taken && random.nextBoolean()) {
                reply(asked, attempt, refusedConnection());
              }
            });
    long patience = timeoutMillis * Swarm.MILLI * (5 + random.nextInt(10)) / 10;
    sim.queue().after(patience, () -> unanswered(asked, attempt));
  }

  private static Outcome refusedConnection() {
    return new Outcome.Refused(Outcome.Reason.UNAVAILABLE, "connection refused");
  }

  private void reply(Call asked, int attempt, Outcome outcome) {
    sim.network().carryForClient(() -> answered(asked, attempt, outcome));
  }

  private void unanswered(Call asked, int attempt) {
    if (asked == call && attempt == asked.attempts) {
      asked.mayTakeEffect = true;
      retryOrGiveUp();
    }
  }

  private void answered(Call asked, int attempt, Outcome outcome) {
    if (asked != call) {
      return;
    }
    sim.trace().add(4, attempt);
    if (sim.trace().isReadable()) {
      sim.trace().say("%s <- %s", name, describe(outcome));
    }
    if (outcome instanceof Outcome.Written written) {
      written(written.result());
    } else if (outcome instanceof Outcome.Answered answered) {
      read((Query.KeyAnswer) answered.answer());
    } else if (outcome instanceof Outcome.Refused refused
        && refused.reason() == Outcome.Reason.INVALID) {
      throw new SimulationFailure("valid requests are taken", "%s", refused.detail());
    } else if (attempt == call.attempts) {
      call.mayTakeEffect |= outcome instanceof Outcome.Unknown;
      retryOrGiveUp();
    }
  }

  private void retryOrGiveUp() {
    Call asked = call;
    int attempt = ++asked.attempts; // answers to the last one come too late
    boolean patient = sim.isHealed() || asked.attempts / 2 < maxAttempts;
    if (asked.isRepeatable() && patient) {
      long pause = random.nextLong(30 * Swarm.MILLI);
      sim.queue()
          .after(
              pause,
              () -> {
                if (asked == call && asked.attempts == attempt) {
                  attempt();
                }
              });
    } else {
      end(
          asked.mayTakeEffect || asked.recordedAs == UNRECORDED
              ? new synod.check.Outcome.Unknown("gave up")
              : new synod.check.Outcome.Refused("gave up"));
    }
  }

  // Answers

  private void written(Result result) {
    Command command = call.command();
    if (result instanceof Result.SessionOpened opened) {
      session = opened.session();
      sequence = 0;
      acknowledged = 0;
      end(null);
    } else if (result instanceof Result.SessionExpired) {
      session = null;
      end(new synod.check.Outcome.Unknown("session expired"));
    } else if (command instanceof Command.CloseSession) {
      session = null;
      end(null);
    } else if (isHousekeeping(command)) {
      acknowledge();
      end(null);
    } else {
      sim.watch().acknowledged(command, result);
      acknowledge();
      end(outcome(command, result));
    }
  }

  private void acknowledge() {
    if (call.stamp != null && (acknowledgesAbandoned || acknowledged == sequence - 1)) {
      acknowledged = sequence;
    }
  }

  private synod.check.Outcome outcome(Command command, Result result) {
    if (result instanceof Result.Applied applied) {
      highestRevision = Math.max(highestRevision, applied.revision());
      return new synod.check.Outcome.Applied(
          applied.revision(), wantsPrevious(command) ? seen(applied.previous()) : null);
    } else if (result instanceof Result.NotFound) {
      return new synod.check.Outcome.NotFound();
    } else if (result instanceof Result.ConditionFailed failed) {
      return new synod.check.Outcome.ConditionFailed(failed.modRevision());
    }
    throw new SimulationFailure(
        "sessions apply once", "%s was told %s of %s", name, result, Payloads.describe(command));
  }

  private static boolean wantsPrevious(Command command) {
    return command instanceof Command.Put put
        ? put.wantPrevious()
        : ((Command.Delete) command).wantPrevious();
  }

  private void read(Query.KeyAnswer answer) {
    highestRevision = Math.max(highestRevision, answer.revision());
    end(new synod.check.Outcome.Read(seen(answer.found()), answer.revision()));
  }

  private static Seen seen(KeyValue found) {
    return found == null ? Seen.ABSENT : new Seen(Bytes.of(found.value()), found.modRevision());
  }

  private void end(synod.check.Outcome outcome) {
    if (call.recordedAs != UNRECORDED) {
      sim.history().complete(call.recordedAs, outcome, sim.queue().now());
    }
    call = null;
    long pause = sim.isHealed() ? 0 : random.nextLong(2 * sim.swarm().pace());
    sim.queue().after(pause, this::next);
  }

  private static String describe(Operation operation) {
    if (operation instanceof Operation.Write write) {
      return Payloads.describe(write.command());
    }
    return (operation instanceof Operation.StaleRead ? "stale get " : "get ")
        + recorded(operation).key();
  }

  private static String describe(Outcome outcome) {
    if (outcome instanceof Outcome.Answered answered) {
      Query.KeyAnswer answer = (Query.KeyAnswer) answered.answer();
      return seen(answer.found()) + ", store at " + answer.revision();
    }
    return outcome.toString();
  }
}
