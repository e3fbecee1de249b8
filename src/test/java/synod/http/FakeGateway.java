package synod.http;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import synod.kv.AppliedCommand;
import synod.kv.Command;
import synod.kv.CommandCodec;
import synod.kv.EntryCodec;
import synod.kv.KvStateMachine;
import synod.kv.Query;
import synod.kv.Result;
import synod.kv.SessionCommand;
import synod.kv.SessionId;
import synod.node.GatewayMessage;
import synod.node.Operation;
import synod.node.Outcome;
import synod.node.Reply;
import synod.node.Request;
import synod.sim.MemoryStore;

/**
 * A gateway whose log is one replica in memory: every write is chosen at once. Tests may answer in
 * its place, or have it say nothing. The state machine belongs to the actor.
 */
final class FakeGateway {
  /** Answers in place of the state machine; null to let it. */
  volatile Function<Request, Outcome> answer;

  /** Says nothing, as a gateway that was stopped. */
  volatile boolean silent;

  /** The number of messages that brought requests. */
  volatile int messages;

  /** The number of requests in them. */
  volatile int requests;

  private final KvStateMachine machine = new KvStateMachine(new MemoryStore());
  private final SessionId own;
  private long sequence;
  private long tag;

  FakeGateway() {
    Command open = new Command.OpenSession(60_000);
    own = ((Result.SessionOpened) apply(new SessionCommand(++tag, null, 0, 0, open))).session();
  }

  Behavior<GatewayMessage> behavior() {
    return Behaviors.receiveMessage(
        message -> {
          take((GatewayMessage.Requests) message);
          return Behaviors.same();
        });
  }

  @SuppressWarnings("NonAtomicOperationOnVolatileField") // one writer, the actor
  private void take(GatewayMessage.Requests message) {
    messages++;
    requests += message.requests().size();
    if (silent) {
      return;
    }
    List<Reply> replies = new ArrayList<>();
    for (Request request : message.requests()) {
      Function<Request, Outcome> instead = answer;
      replies.add(
          new Reply(request.id(), instead == null ? serve(request) : instead.apply(request)));
    }
    message.replyTo().tell(new GatewayMessage.Replies(replies));
  }

  /** What the state machine makes of a request. */
  Outcome serve(Request request) {
    if (request.operation() instanceof Operation.LinearizableRead read) {
      return new Outcome.Answered(machine.read(read.query()), machine.applied());
    }
    if (request.operation() instanceof Operation.StaleRead read) {
      Query.Answer answer = machine.read(read.query());
      return answer.revision() < read.minRevision()
          ? new Outcome.Refused(Outcome.Reason.UNAVAILABLE, "the replica lags behind")
          : new Outcome.Answered(answer, machine.applied());
    }
    Command command = ((Operation.Write) request.operation()).command();
    Request.Stamp stamp = request.session();
    if (stamp == null && !(command instanceof Command.OpenSession)) {
      stamp = new Request.Stamp(own, ++sequence, sequence - 1);
    }
    Result result =
        apply(
            stamp == null
                ? new SessionCommand(++tag, null, 0, 0, command)
                : new SessionCommand(
                    ++tag, stamp.session(), stamp.sequence(), stamp.acknowledged(), command));
    return new Outcome.Written(result, machine.applied());
  }

  private Result apply(SessionCommand command) {
    byte[] batch = CommandCodec.encode(1, "n1", List.of(command));
    List<AppliedCommand> applied =
        machine.apply(machine.applied() + 1, List.of(EntryCodec.encode(1_000, List.of(batch))));
    return applied.get(0).result();
  }
}
