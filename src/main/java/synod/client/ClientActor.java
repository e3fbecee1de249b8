package synod.client;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorRefResolver;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import synod.client.ClientSettings.Node;
import synod.kv.CodecException;
import synod.kv.Command.Delete;
import synod.kv.Command.Put;
import synod.kv.KvLimits;
import synod.kv.Query;
import synod.kv.Result;
import synod.node.Assembler;
import synod.node.CborSerializable;
import synod.node.ClientCodec;
import synod.node.GatewayMessage;
import synod.node.Operation;
import synod.node.Outcome;
import synod.node.Outcome.Reason;
import synod.node.Part;
import synod.node.Parts;
import synod.node.Reply;
import synod.node.Request;

/**
 * A client of the store as an actor, in any actor system that has remoting: on a node, in another
 * cluster or in none. It sends operations in batches to the gateway of one node, the leader's if it
 * may, goes over to another when that node is silent or can't serve, and repeats a write with the
 * same place in its session, so that the write is applied once however often it is sent. Every
 * operation is answered by its deadline.
 *
 * <p>Operations that are outstanding at the same time are concurrent: the store may apply them in
 * any order.
 */
public final class ClientActor extends AbstractBehavior<ClientActor.Command> {
  /** What the actor is told. */
  public sealed interface Command {}

  /**
   * One operation.
   *
   * @param timeout the time until its deadline; null for the setting
   */
  public record Execute(Operation operation, Duration timeout, ActorRef<Outcome> replyTo)
      implements Command {}

  /**
   * Several operations. Their replies carry the requests' ids; those that come in together are
   * handed on together.
   *
   * @param requests without a place in a session: the actor has its own
   */
  public record ExecuteAll(List<Request> requests, ActorRef<GatewayMessage.Replies> replyTo)
      implements Command {
    public ExecuteAll {
      requests = List.copyOf(requests);
    }
  }

  /** Ends what is outstanding, closes the session and stops. */
  public record Close() implements Command {}

  /** As {@link Execute}; whenDone is called on the actor's thread. */
  record Submit(Operation operation, Duration timeout, Consumer<Outcome> whenDone)
      implements Command {}

  private record Received(CborSerializable message) implements Command {}

  private enum Internal implements Command {
    /** Behind everything that was in the mailbox: send what has gathered. */
    FLUSH,
    /** Look for what is overdue. */
    TICK,
    /** See to the session of an idle client. */
    SESSION_CARE,
    STOP
  }

  /** How exactly deadlines are kept. */
  static final Duration TICK = Duration.ofMillis(25);

  /** The pause after all nodes have refused a call; doubles each time. */
  private static final Duration BACKOFF = Duration.ofMillis(20);

  /** A time limit or pause that doubles grows to eight times its beginning. */
  private static final int DOUBLINGS = 3;

  /** Larger messages travel in parts of this size; some less than the transport's largest frame. */
  private static final int PART_BYTES = 128 * 1024;

  /** How long {@link Close} waits for the store to close the session. */
  private static final Duration CLOSING = Duration.ofMillis(300);

  private final ClientSettings settings;
  private final TimerScheduler<Command> timers;
  private final Function<Node, ActorRef<CborSerializable>> gateways;
  private final LongSupplier clock;
  private final Runnable whenStopped;
  private final String self;
  private final Parts parts;
  private final Assembler assembler;
  private final Targets targets;
  private final Outbox outbox;
  private final SessionKeeper sessions;

  /** Everything that has not ended, sent or not. */
  private final Set<Call> calls = new LinkedHashSet<>();

  private final Map<Long, Call.Attempt> attempts = new HashMap<>();

  /** Replies to {@link ExecuteAll} that go out at the end of this message's handling. */
  private final Map<ActorRef<GatewayMessage.Replies>, List<Reply>> gathered = new LinkedHashMap<>();

  /** The gateway of {@link #gatewayOf}; both null until needed. */
  private ActorRef<CborSerializable> gateway;

  private Node gatewayOf;
  private long lastAttempt;
  private int outstanding;
  private boolean flushing;
  private boolean ticking;
  private boolean closing;

  /** For a system with remoting; the client can be reached at that system's address. */
  public static Behavior<Command> create(ClientSettings settings) {
    return create(settings, () -> {});
  }

  /**
   * @param whenStopped run when the actor has stopped and everything is answered
   */
  static Behavior<Command> create(ClientSettings settings, Runnable whenStopped) {
    return Behaviors.setup(
        context ->
            create(
                settings,
                gatewaysOf(context.getSystem(), settings.clusterName()),
                ThreadLocalRandom.current().nextInt(settings.nodes().size()),
                System::nanoTime,
                whenStopped));
  }

  /**
   * @param first the position of the node to begin with
   * @param clock a nano time
   */
  static Behavior<Command> create(
      ClientSettings settings,
      Function<Node, ActorRef<CborSerializable>> gateways,
      int first,
      LongSupplier clock,
      Runnable whenStopped) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers ->
                    new ClientActor(
                        context, timers, settings, gateways, first, clock, whenStopped)));
  }

  private ClientActor(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      ClientSettings settings,
      Function<Node, ActorRef<CborSerializable>> gateways,
      int first,
      LongSupplier clock,
      Runnable whenStopped) {
    super(context);
    this.whenStopped = whenStopped;
    this.settings = settings;
    this.timers = timers;
    this.gateways = gateways;
    this.clock = clock;
    this.targets = new Targets(settings, first, context.getLog());
    this.outbox = new Outbox(settings.batchesUnderWayMax());
    this.sessions = new SessionKeeper(settings.sessionTtl(), clock, this::begin, this::onNoSession);
    this.parts = new Parts(context.getSystem(), PART_BYTES);
    this.assembler = new Assembler(context.getSystem());
    ActorRef<CborSerializable> answers =
        context.messageAdapter(CborSerializable.class, Received::new);
    this.self = ActorRefResolver.get(context.getSystem()).toSerializationFormat(answers);
    Duration care = settings.sessionTtl().dividedBy(SessionKeeper.CARES_PER_TTL);
    timers.startTimerWithFixedDelay(Internal.SESSION_CARE, care);
  }

  private static Function<Node, ActorRef<CborSerializable>> gatewaysOf(
      ActorSystem<?> system, String clusterName) {
    ActorRefResolver resolver = ActorRefResolver.get(system);
    return node ->
        resolver.resolveActorRef(
            String.format("akka://%s@%s:%d/user/gateway", clusterName, node.host(), node.port()));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Submit.class, this::onSubmit)
        .onMessage(Execute.class, this::onExecute)
        .onMessage(ExecuteAll.class, this::onExecuteAll)
        .onMessage(Received.class, this::onReceived)
        .onMessageEquals(Internal.FLUSH, this::onFlush)
        .onMessageEquals(Internal.TICK, this::onTick)
        .onMessageEquals(Internal.SESSION_CARE, this::onSessionCare)
        .onMessage(Close.class, close -> onClose())
        .onMessageEquals(Internal.STOP, Behaviors::stopped)
        .onSignal(PostStop.class, stopped -> onPostStop())
        .build();
  }

  private Behavior<Command> onSubmit(Submit submit) {
    accept(submit.operation(), timeoutNanos(submit.timeout()), submit.whenDone());
    return this;
  }

  private Behavior<Command> onExecute(Execute execute) {
    accept(execute.operation(), timeoutNanos(execute.timeout()), execute.replyTo()::tell);
    return this;
  }

  private Behavior<Command> onExecuteAll(ExecuteAll all) {
    for (Request request : all.requests()) {
      Consumer<Outcome> gather = outcome -> gather(all.replyTo(), new Reply(request.id(), outcome));
      if (request.session() == null) {
        long timeout = TimeUnit.MILLISECONDS.toNanos(request.timeoutMillis());
        accept(request.operation(), timeout, gather);
      } else {
        gather.accept(invalid("a request brings a session, but the client has its own"));
      }
    }
    return deliver();
  }

  private long timeoutNanos(Duration timeout) {
    return (timeout == null ? settings.requestTimeout() : timeout).toNanos();
  }

  private void accept(Operation operation, long timeoutNanos, Consumer<Outcome> whenDone) {
    Optional<String> wrong = check(operation);
    if (wrong.isPresent()) {
      whenDone.accept(invalid(wrong.get()));
    } else if (closing) {
      whenDone.accept(new Outcome.Refused(Reason.UNAVAILABLE, "the client is closed"));
    } else if (outstanding >= settings.outstandingMax()) {
      String detail = outstanding + " operations are outstanding, as many as the client takes";
      whenDone.accept(new Outcome.Refused(Reason.OVERLOADED, detail));
    } else {
      outstanding++;
      Consumer<Outcome> counted =
          outcome -> {
            outstanding--;
            whenDone.accept(outcome);
          };
      begin(new Call(operation, clock.getAsLong() + timeoutNanos, counted));
    }
  }

  private static Optional<String> check(Operation operation) {
    if (operation instanceof Operation.Write write) {
      boolean ofClients = write.command() instanceof Put || write.command() instanceof Delete;
      return ofClients
          ? KvLimits.check(write.command())
          : Optional.of("the client sees to its session itself");
    }
    Query query =
        operation instanceof Operation.LinearizableRead read
            ? read.query()
            : ((Operation.StaleRead) operation).query();
    return KvLimits.check(query);
  }

  private void begin(Call call) {
    calls.add(call);
    outbox.add(call);
    flushSoon();
    tickSoon();
  }

  private void flushSoon() {
    if (!flushing) {
      flushing = true;
      getContext().getSelf().tell(Internal.FLUSH);
    }
  }

  private void tickSoon() {
    if (!ticking) {
      ticking = true;
      timers.startSingleTimer(Internal.TICK, TICK);
    }
  }

  private Behavior<Command> onFlush() {
    flushing = false;
    long now = clock.getAsLong();
    if (outbox.hasWritesWaiting()) {
      sessions.forNewWrites(now).ifPresent(outbox::enter);
    }
    int room = room();
    while (outbox.maySend()) {
      List<Call> batch = outbox.take(room);
      if (batch.isEmpty()) {
        break;
      }
      room -= batch.size();
      send(batch, now);
    }
    return this;
  }

  /** How many more calls may be sent. */
  private int room() {
    int max = settings.underWayMax();
    if (calls.size() <= max) {
      return max; // so that few needn't be counted
    }
    int underWay = 0;
    for (Call call : calls) {
      underWay += call.current() == null ? 0 : 1;
    }
    return max - underWay;
  }

  private void send(List<Call> batch, long now) {
    Node node = targets.current();
    if (!node.equals(gatewayOf)) {
      gateway = gateways.apply(node);
      gatewayOf = node;
    }
    Call.Batch sent = outbox.begin();
    List<Request> requests = new ArrayList<>(batch.size());
    for (Call call : batch) {
      long limit = attemptLimit(call).toNanos();
      Call.Attempt attempt = new Call.Attempt(++lastAttempt, call, node, sent, now, limit);
      attempts.put(attempt.id(), attempt);
      call.sent(attempt);
      // The node needn't hold on to an attempt for long after it was repeated elsewhere.
      long useful = Math.min(2 * limit, call.remainingNanos(now));
      requests.add(call.request(attempt.id(), Math.max(1, TimeUnit.NANOSECONDS.toMillis(useful))));
    }
    byte[] encoded = ClientCodec.encodeRequests(requests);
    parts.send(gateway, new GatewayMessage.ClientRequests(self, encoded), encoded.length);
  }

  /** Grows for a call to which nodes that are alive don't come: more of the same helps no one. */
  private Duration attemptLimit(Call call) {
    return settings.attemptTimeout().multipliedBy(1L << Math.min(call.slowAttempts(), DOUBLINGS));
  }

  private Behavior<Command> onReceived(Received received) {
    Optional<?> whole =
        received.message() instanceof Part part
            ? assembler.add(part)
            : Optional.of(received.message());
    if (whole.isPresent() && whole.get() instanceof GatewayMessage.ClientReplies replies) {
      onReplies(replies);
    }
    return deliver();
  }

  private void onReplies(GatewayMessage.ClientReplies message) {
    List<Reply> replies;
    try {
      replies = ClientCodec.decodeReplies(message.replies());
    } catch (CodecException e) {
      getContext().getLog().warn("Dropped replies that can't be read: {}", e.getMessage());
      return;
    }
    for (Reply reply : replies) {
      Call.Attempt attempt = attempts.remove(reply.id());
      if (attempt != null) {
        outbox.end(attempt.batch());
        targets.heard(attempt.node(), clock.getAsLong());
        onOutcome(attempt, reply.outcome());
      }
    }
    targets.leads(message.leader(), clock.getAsLong());
    flushSoon();
  }

  private void onOutcome(Call.Attempt attempt, Outcome outcome) {
    Call call = attempt.call();
    if (outcome instanceof Outcome.Written written) {
      targets.answered(attempt.node());
      finish(call, onResult(call, written));
    } else if (outcome instanceof Outcome.Answered) {
      targets.answered(attempt.node());
      finish(call, outcome);
    } else if (outcome instanceof Outcome.Refused refused) {
      boolean waited = call.refused(attempt);
      if (refused.reason() == Reason.INVALID || refused.reason() == Reason.QUOTA_EXCEEDED) {
        // Another node would say the same.
        finish(call, call.givenUp(refused.reason(), refused.detail()));
      } else {
        onUnserved(attempt, waited, refused.detail());
      }
    } else if (outcome instanceof Outcome.Unknown unknown) {
      onUnserved(attempt, call.lost(attempt), unknown.detail());
    }
  }

  /** What a result means to the caller, who knows nothing of the session. */
  private Outcome onResult(Call call, Outcome.Written written) {
    Result result = written.result();
    if (result instanceof Result.SessionExpired) {
      sessions.expired(call.session());
      return new Outcome.Unknown("the write may or may not be applied: the session expired");
    }
    if (call.session() != null) {
      call.session().heard(clock.getAsLong());
    }
    if (result instanceof Result.AlreadyAcknowledged) {
      return new Outcome.Unknown("the write may or may not be applied: its result was forgotten");
    }
    if (result instanceof Result.OutsideWindow) {
      return invalid("the write didn't fit into the window of its session");
    }
    return written;
  }

  private void onUnserved(Call.Attempt attempt, boolean again, String why) {
    leave(attempt.node(), why);
    if (again) {
      Call call = attempt.call();
      if (call.refusals() % targets.size() != 0) {
        outbox.add(call);
      } else {
        int round = call.refusals() / targets.size();
        long pause = BACKOFF.toNanos() << Math.min(round - 1, DOUBLINGS);
        call.pause(clock.getAsLong() + pause);
      }
    }
  }

  private void leave(Node node, String why) {
    targets.failed(node, why, clock.getAsLong());
    // On the node's own system a ref that was resolved before the gateway was there is dead for
    // good.
    gatewayOf = null;
  }

  private Behavior<Command> onTick() {
    ticking = false;
    long now = clock.getAsLong();
    boolean ended = false;
    for (Call call : List.copyOf(calls)) {
      Call.Attempt current = call.current();
      if (call.isDue(now)) {
        finish(call, call.givenUp(Reason.UNAVAILABLE, "not served in time; " + targets.trouble()));
        ended = true;
      } else if (current != null && current.isOver(now)) {
        outbox.end(current.batch());
        long millis = TimeUnit.NANOSECONDS.toMillis(current.limit());
        leave(current.node(), "no answer within " + millis + " ms");
        call.timedOut(targets.isHeardSince(current.node(), current.sentAt()));
        outbox.add(call);
      } else if (call.resumes(now)) {
        outbox.add(call);
      }
    }
    if (ended) {
      outbox.purge();
    }
    if (!calls.isEmpty()) {
      tickSoon();
    }
    if (!outbox.isEmpty()) {
      flushSoon();
    }
    return deliver();
  }

  private void finish(Call call, Outcome outcome) {
    calls.remove(call);
    for (Call.Attempt attempt : call.unresolved()) {
      attempts.remove(attempt.id());
      outbox.end(attempt.batch());
    }
    call.finish(outcome);
  }

  /** The store will have no session of this client: its waiting writes can't be sent. */
  private void onNoSession(Outcome.Refused refusal) {
    outbox.writesWaiting().forEach(call -> finish(call, refusal));
    outbox.purge();
  }

  private Behavior<Command> onSessionCare() {
    sessions.care(clock.getAsLong());
    return this;
  }

  private Behavior<Command> onClose() {
    if (closing) {
      return this;
    }
    closing = true;
    giveUpAll();
    long deadline = clock.getAsLong() + CLOSING.toNanos();
    boolean wait = sessions.close(deadline, outcome -> getContext().getSelf().tell(Internal.STOP));
    deliver();
    return wait ? this : Behaviors.stopped();
  }

  private Behavior<Command> onPostStop() {
    giveUpAll();
    deliver();
    whenStopped.run();
    return this;
  }

  private void giveUpAll() {
    for (Call call : List.copyOf(calls)) {
      finish(call, call.givenUp(Reason.UNAVAILABLE, "the client was closed"));
    }
    outbox.purge();
  }

  private void gather(ActorRef<GatewayMessage.Replies> replyTo, Reply reply) {
    gathered.computeIfAbsent(replyTo, ref -> new ArrayList<>()).add(reply);
  }

  private Behavior<Command> deliver() {
    gathered.forEach((replyTo, replies) -> replyTo.tell(new GatewayMessage.Replies(replies)));
    gathered.clear();
    return this;
  }

  private static Outcome.Refused invalid(String detail) {
    return new Outcome.Refused(Reason.INVALID, detail);
  }
}
