package synod.node;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorRefResolver;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Carries what nodes show of themselves to the nodes where somebody watches, in one message for all
 * that happened within a short time, and requests from one node to another. Speaks over the nodes'
 * own connections, with their certificates. Does nothing while nobody watches; what is lost on the
 * way stays lost.
 */
final class RelayActor extends AbstractBehavior<RelayMessage> {
  static final String NAME = "relay";

  /** Between two reports: what happens is seen that much later. */
  private static final Duration REPORT_INTERVAL = Duration.ofMillis(200);

  /** A node that watches says so this often, and is reported to for three times as long. */
  private static final Duration RENEWAL = Duration.ofSeconds(1);

  /** A node with nothing new to tell says at least that, after this time. */
  private static final Duration SIGN_OF_LIFE = Duration.ofMillis(600);

  private static final byte[] NOTHING = {};

  /** Requests that wait for their answers. */
  private static final int MAX_ASKED = 100;

  private final NodeConfig config;
  private final String fingerprint;
  private final TimerScheduler<RelayMessage> timers;
  private final Map<String, ActorRef<CborSerializable>> peers = new HashMap<>();

  /** Nodes that watch this one, with the time at which that ends unless they renew it. */
  private final Map<String, Long> watchers = new HashMap<>();

  private final Map<Long, CompletableFuture<byte[]>> asked =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, CompletableFuture<byte[]>> eldest) {
          return size() > MAX_ASKED;
        }
      };

  /** Null until the node has something to show. */
  private Showing showing;

  private boolean watchingHere;
  private long nextId;
  private long renewAt;
  private long signOfLifeAt;

  private RelayActor(
      ActorContext<RelayMessage> context, TimerScheduler<RelayMessage> timers, NodeConfig config) {
    super(context);
    this.timers = timers;
    this.config = config;
    this.fingerprint = config.fingerprint();
  }

  static Behavior<RelayMessage> create(NodeConfig config) {
    return Behaviors.setup(
        context -> Behaviors.withTimers(timers -> new RelayActor(context, timers, config)));
  }

  @Override
  public Receive<RelayMessage> createReceive() {
    return newReceiveBuilder()
        .onMessage(RelayMessage.Open.class, this::onOpen)
        .onMessage(RelayMessage.WatchingHere.class, this::onWatchingHere)
        .onMessage(RelayMessage.Tick.class, tick -> onTick())
        .onMessage(RelayMessage.Ask.class, this::onAsk)
        .onMessage(RelayMessage.Answered.class, this::onAnswered)
        .onMessage(RelayMessage.FromNode.class, this::onFromNode)
        .build();
  }

  private Behavior<RelayMessage> onOpen(RelayMessage.Open open) {
    showing = open.showing();
    return this;
  }

  private Behavior<RelayMessage> onWatchingHere(RelayMessage.WatchingHere change) {
    if (watchingHere != change.watching()) {
      watchingHere = change.watching();
      renewAt = System.nanoTime();
      if (watchingHere) {
        watchedBySomebody();
        showing.received(config.self().name(), showing.past());
      }
      return onTick();
    }
    return this;
  }

  private Behavior<RelayMessage> onTick() {
    long now = System.nanoTime();
    watchers.values().removeIf(until -> until - now < 0);
    if (!watchingHere && watchers.isEmpty()) {
      timers.cancelAll();
      showing.watched(false, false);
      return this;
    }
    byte[] report = showing.report();
    if (report.length > 0 || signOfLifeAt - now <= 0) {
      signOfLifeAt = now + SIGN_OF_LIFE.toNanos();
      watchers.keySet().forEach(node -> send(node, RelayMessage.Kind.REPORT, 0, report));
      if (watchingHere) {
        showing.received(config.self().name(), report);
      }
    }
    if (watchingHere) {
      if (renewAt - now <= 0) {
        renewAt = now + RENEWAL.toNanos();
        for (NodeConfig.Node node : config.nodes()) {
          send(node.name(), RelayMessage.Kind.WATCH, 0, NOTHING);
        }
      }
      showing.tick();
    }
    return this;
  }

  private void watchedBySomebody() {
    showing.watched(true, watchingHere);
    if (!timers.isTimerActive(RelayMessage.Tick.class)) {
      signOfLifeAt = System.nanoTime();
      timers.startTimerWithFixedDelay(
          RelayMessage.Tick.class, new RelayMessage.Tick(), REPORT_INTERVAL);
    }
  }

  private Behavior<RelayMessage> onAsk(RelayMessage.Ask ask) {
    asked.put(++nextId, ask.answer());
    send(ask.to(), RelayMessage.Kind.REQUEST, nextId, ask.request());
    return this;
  }

  private Behavior<RelayMessage> onAnswered(RelayMessage.Answered done) {
    send(done.request().from(), RelayMessage.Kind.ANSWER, done.request().id(), done.answer());
    return this;
  }

  private Behavior<RelayMessage> onFromNode(RelayMessage.FromNode message) {
    if (showing == null || !message.fingerprint().equals(fingerprint) || !knows(message.from())) {
      return this;
    }
    switch (message.kind()) {
      case WATCH -> onWatch(message.from());
      case REPORT -> {
        if (watchingHere) {
          showing.received(message.from(), message.bytes());
        }
      }
      case REQUEST ->
          showing
              .answer(message.bytes())
              .thenAccept(
                  answer ->
                      getContext().getSelf().tell(new RelayMessage.Answered(message, answer)));
      case ANSWER -> {
        CompletableFuture<byte[]> waiting = asked.remove(message.id());
        if (waiting != null) {
          waiting.complete(message.bytes());
        }
      }
    }
    return this;
  }

  private void onWatch(String node) {
    long until = System.nanoTime() + RENEWAL.multipliedBy(3).toNanos();
    if (watchers.put(node, until) == null) {
      watchedBySomebody();
      send(node, RelayMessage.Kind.REPORT, 0, showing.past());
    }
  }

  private void send(String to, RelayMessage.Kind kind, long id, byte[] bytes) {
    if (to.equals(config.self().name())) {
      return;
    }
    peers
        .computeIfAbsent(to, this::resolve)
        .tell(new RelayMessage.FromNode(fingerprint, config.self().name(), kind, id, bytes));
  }

  private boolean knows(String name) {
    return config.nodes().stream().anyMatch(node -> node.name().equals(name));
  }

  private ActorRef<CborSerializable> resolve(String name) {
    NodeConfig.Node node = config.node(name);
    return ActorRefResolver.get(getContext().getSystem())
        .resolveActorRef(Peers.systemPath(config, node, NAME));
  }
}
