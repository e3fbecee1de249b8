package synod.http;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.PreRestart;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import synod.node.GatewayMessage;
import synod.node.NodeStatus;
import synod.node.Operation;
import synod.node.Outcome;
import synod.node.Reply;
import synod.node.Request;
import synod.paxos.Role;

/**
 * Carries requests from the HTTP handlers to the gateway and their outcomes back: one actor for all
 * of them, because an actor per request costs more than the request.
 *
 * <p>Requests that arrive while the actor is busy leave in one message. A gateway that is stopped
 * forgets what it was doing; its open requests are ended here at once, and every request again by a
 * deadline shortly behind its timeout. Invariant: a request is in {@code pending} from its arrival
 * until its outcome is given, and its id is never used again, not by a restarted bridge either.
 */
final class GatewayBridge extends AbstractBehavior<GatewayBridge.Message> {
  /** Time that the gateway has beyond a request's timeout to say so itself. */
  private static final Duration GRACE = Duration.ofMillis(500);

  /** How often deadlines are looked at while there are any. */
  private static final Duration TICK = Duration.ofMillis(250);

  /** What the bridge receives. */
  sealed interface Message {}

  /** A request; its outcome completes the future, on this actor's thread. */
  record Submit(
      Operation operation,
      Request.Stamp session,
      long timeoutMillis,
      CompletableFuture<Outcome> outcome)
      implements Message {}

  /** The gateway is gone, with everything it was doing. */
  record GatewayStopped(String reason) implements Message {}

  record GatewayResumed() implements Message {}

  record Close() implements Message {}

  private record Flush() implements Message {}

  private record Tick() implements Message {}

  private record Answered(List<Reply> replies) implements Message {}

  private record Pending(
      Operation operation, CompletableFuture<Outcome> outcome, long deadlineNanos) {}

  private final ActorRef<GatewayMessage> gateway;
  private final NodeStatus status;
  private final TimerScheduler<Message> timers;
  private final ActorRef<GatewayMessage.Replies> replies;
  private final AtomicLong lastId;
  private final Map<Long, Pending> pending = new HashMap<>();
  private List<Request> queued = new ArrayList<>();
  private boolean stopped;

  private GatewayBridge(
      ActorContext<Message> context,
      TimerScheduler<Message> timers,
      ActorRef<GatewayMessage> gateway,
      NodeStatus status,
      AtomicLong lastId) {
    super(context);
    this.gateway = gateway;
    this.status = status;
    this.timers = timers;
    this.lastId = lastId;
    this.replies =
        context.messageAdapter(
            GatewayMessage.Replies.class, answered -> new Answered(answered.replies()));
  }

  static Behavior<Message> create(ActorRef<GatewayMessage> gateway, NodeStatus status) {
    AtomicLong lastId = new AtomicLong();
    Behavior<Message> bridge =
        Behaviors.setup(
            context ->
                Behaviors.withTimers(
                    timers -> new GatewayBridge(context, timers, gateway, status, lastId)));
    return Behaviors.supervise(bridge).onFailure(SupervisorStrategy.restart());
  }

  @Override
  public Receive<Message> createReceive() {
    return newReceiveBuilder()
        .onMessage(Submit.class, this::onSubmit)
        .onMessage(Answered.class, this::onAnswered)
        .onMessage(Flush.class, flush -> onFlush())
        .onMessage(Tick.class, tick -> onTick())
        .onMessage(GatewayStopped.class, this::onGatewayStopped)
        .onMessage(GatewayResumed.class, resumed -> onGatewayResumed())
        .onMessage(Close.class, close -> onClose())
        .onSignal(PreRestart.class, signal -> onEnd())
        .onSignal(PostStop.class, signal -> onEnd())
        .build();
  }

  private Behavior<Message> onSubmit(Submit submit) {
    if (stopped || !status.view().isUp(Role.GATEWAY)) {
      submit.outcome.complete(
          new Outcome.Refused(
              Outcome.Reason.UNAVAILABLE, "the gateway of this node is down; nothing was sent"));
      return this;
    }
    long id = lastId.incrementAndGet();
    long patience = Duration.ofMillis(submit.timeoutMillis).plus(GRACE).toNanos();
    if (pending.isEmpty()) {
      timers.startSingleTimer(new Tick(), TICK);
    }
    pending.put(id, new Pending(submit.operation, submit.outcome, System.nanoTime() + patience));
    if (queued.isEmpty()) {
      getContext().getSelf().tell(new Flush());
    }
    queued.add(new Request(id, submit.operation, submit.session, submit.timeoutMillis));
    return this;
  }

  private Behavior<Message> onFlush() {
    if (!queued.isEmpty()) {
      gateway.tell(new GatewayMessage.Requests(queued, replies));
      queued = new ArrayList<>();
    }
    return this;
  }

  private Behavior<Message> onAnswered(Answered answered) {
    for (Reply reply : answered.replies) {
      Pending request = pending.remove(reply.id());
      if (request != null) {
        request.outcome.complete(reply.outcome());
      }
    }
    return this;
  }

  private Behavior<Message> onTick() {
    long now = System.nanoTime();
    for (Iterator<Pending> each = pending.values().iterator(); each.hasNext(); ) {
      Pending request = each.next();
      if (request.deadlineNanos - now <= 0) {
        each.remove();
        abandon(request, "no answer came in time");
      }
    }
    if (!pending.isEmpty()) {
      timers.startSingleTimer(new Tick(), TICK);
    }
    return this;
  }

  private Behavior<Message> onGatewayStopped(GatewayStopped event) {
    stopped = true;
    abandonAll(event.reason);
    return this;
  }

  private Behavior<Message> onGatewayResumed() {
    stopped = false;
    return this;
  }

  private Behavior<Message> onClose() {
    onEnd();
    return Behaviors.stopped();
  }

  private Behavior<Message> onEnd() {
    abandonAll("the HTTP server of this node is stopping");
    return this;
  }

  /** Requests that were never sent are among them; to call their outcome unknown is still true. */
  private void abandonAll(String reason) {
    List<Pending> open = List.copyOf(pending.values());
    pending.clear();
    queued.clear();
    open.forEach(request -> abandon(request, reason));
  }

  private static void abandon(Pending request, String reason) {
    request.outcome.complete(
        request.operation instanceof Operation.Write
            ? new Outcome.Unknown(reason + "; the write may or may not be applied")
            : new Outcome.Refused(Outcome.Reason.UNAVAILABLE, reason));
  }
}
