package synod.sim.actors;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.LongFunction;
import synod.check.Bytes;
import synod.check.Seen;
import synod.kv.Command;
import synod.kv.KeyValue;
import synod.kv.Query;
import synod.kv.Result;
import synod.kv.SessionId;
import synod.node.ClientCodec;
import synod.node.GatewayMessage;
import synod.node.Operation;
import synod.node.Outcome;
import synod.node.Reply;
import synod.node.Request;
import synod.sim.Payloads;
import synod.sim.SimulationFailure;

/**
 * A client in a process of its own, which speaks to gateways over the network: one operation after
 * the other, in a session or without one, repeated at other nodes where that is safe. It records
 * what it asked and was told.
 */
final class Client {
  /** Not an operation of the history. */
  private static final long UNRECORDED = -1;

  private static final long SESSION_TTL_MILLIS = 60_000;

  private final ActorSimulation sim;
  private final SplittableRandom random;
  private final String name;
  private final boolean inSession;

  /** Where it sends everything; null for anywhere. */
  private final Host home;

  /** The next operation, given the highest revision that it was told of. */
  private final LongFunction<Optional<Operation>> plan;

  private final long timeoutMillis;
  private final int maxAttempts;

  private SessionId session;
  private long sequence;
  private long acknowledged;
  private long highestRevision;
  private long lastRequest;
  private Call call;
  private boolean finished;

  private static final class Call {
    final Operation operation;
    final Request.Stamp stamp;
    final long recordedAs;
    int attempts;

    /** The request that is waited for; answers to others come too late. */
    long request;

    /** Whether an attempt may still take effect, or has. */
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

  Client(
      ActorSimulation sim,
      String name,
      boolean inSession,
      Host home,
      LongFunction<Optional<Operation>> plan) {
    this.sim = sim;
    this.random = sim.random();
    this.name = name;
    this.inSession = inSession;
    this.home = home;
    this.plan = plan;
    int[] timeouts = {100, 300, 800};
    this.timeoutMillis = timeouts[random.nextInt(timeouts.length)];
    this.maxAttempts = 1 + random.nextInt(6);
    sim.network().connect(name, (actor, message) -> received(message));
  }

  /** Whether it has nothing under way and nothing left to do. */
  boolean isFinished() {
    return finished;
  }

  /** What it is waiting for, for people. */
  String pending() {
    return name
        + (call == null
            ? " between two operations"
            : " waits for " + describe(call.operation) + ", attempts: " + call.attempts);
  }

  void start(long delay) {
    sim.queue().after(delay, this::next);
  }

  private void next() {
    if (inSession && session == null && !sim.isHealed()) {
      Command open = new Command.OpenSession(SESSION_TTL_MILLIS);
      begin(new Call(new Operation.Write(open), null, UNRECORDED));
      return;
    }
    Optional<Operation> operation = plan.apply(highestRevision);
    if (operation.isPresent()) {
      begin(new Call(operation.get(), stamp(operation.get()), record(operation.get())));
    } else {
      finished = true;
    }
  }

  private Request.Stamp stamp(Operation operation) {
    return session == null || !(operation instanceof Operation.Write)
        ? null
        : new Request.Stamp(session, ++sequence, acknowledged);
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

  // Attempts

  private void begin(Call next) {
    call = next;
    attempt();
  }

  private void attempt() {
    Call asked = call;
    asked.attempts++;
    long id = ++lastRequest;
    asked.request = id;
    Host gateway = home == null ? sim.anyHost() : home;
    sim.trace().say("%s -> %s  %s", name, gateway, describe(asked.operation));
    send(gateway, new Request(id, asked.operation, asked.stamp, timeoutMillis));
    if (asked.stamp != null && random.nextInt(20) == 0) {
      send(sim.anyHost(), new Request(id, asked.operation, asked.stamp, timeoutMillis));
    }
    long patience = timeoutMillis * Day.MILLI * (5 + random.nextInt(10)) / 10;
    sim.queue()
        .after(
            patience,
            () -> {
              if (asked == call && asked.request == id) {
                asked.mayTakeEffect = true;
                retryOrGiveUp();
              }
            });
  }

  private void send(Host gateway, Request request) {
    byte[] requests = ClientCodec.encodeRequests(List.of(request));
    String path = "akka://clients@" + name + ":1/user/client";
    sim.network()
        .send(name, gateway.name(), "gateway", new GatewayMessage.ClientRequests(path, requests));
  }

  private void retryOrGiveUp() {
    Call asked = call;
    asked.request = 0;
    if (asked.isRepeatable() && (sim.isHealed() || asked.attempts < maxAttempts)) {
      sim.queue()
          .after(
              random.nextLong(30 * Day.MILLI),
              () -> {
                if (asked == call) {
                  attempt();
                }
              });
    } else {
      end(
          asked.mayTakeEffect
              ? new synod.check.Outcome.Unknown("gave up")
              : new synod.check.Outcome.Refused("gave up"));
    }
  }

  // Answers

  private void received(Object message) {
    // Replies in parts, which only late ones to several requests come to, are lost on it.
    if (message instanceof GatewayMessage.ClientReplies replies) {
      for (Reply reply : ClientCodec.decodeReplies(replies.replies())) {
        if (call != null && call.request == reply.id()) {
          answered(reply.outcome());
        }
      }
    }
  }

  private void answered(Outcome outcome) {
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
    } else {
      call.mayTakeEffect |= outcome instanceof Outcome.Unknown;
      retryOrGiveUp();
    }
  }

  private void written(Result result) {
    if (result instanceof Result.SessionOpened opened) {
      session = opened.session();
      sequence = 0;
      acknowledged = 0;
      end(null);
    } else if (result instanceof Result.SessionExpired) {
      session = null;
      end(new synod.check.Outcome.Unknown("session expired"));
    } else {
      sim.rules().acknowledged(call.command(), result);
      if (call.stamp != null && acknowledged == sequence - 1) {
        acknowledged = sequence;
      }
      end(outcome(call.command(), result));
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
    long pause = sim.isHealed() ? 0 : random.nextLong(2 * sim.day().pace());
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
    } else if (outcome instanceof Outcome.Written written
        && written.result() instanceof Result.Applied applied) {
      return "revision " + applied.revision() + ", slot " + written.slot();
    }
    return outcome.toString();
  }
}
