package synod.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import synod.kv.CodecException;
import synod.node.NodeServices;
import synod.node.NodeStatus;
import synod.node.RelayMessage;
import synod.node.Showing;

/**
 * The whole cluster as seen at this node, for as long as somebody watches: gathers what this node
 * has to tell, and puts together what all nodes told. Nothing is gathered, sent or kept up while
 * nobody watches, but for the last of the rare events.
 */
final class ClusterView implements Showing, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterView.class);

  /** After the last reader has gone; it may come back and go on where it was. */
  private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(15);

  /**
   * A status is told again after this time, so that a new reader finds it among the last events.
   */
  private static final long STATUS_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** How often what changes all the time is told. */
  private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(1);

  /**
   * Readers get what is no news of a failure this often at most: each time costs as much as many
   * events.
   */
  private static final long PACE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private static final long KEEP_ALIVE_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** A node that wasn't heard for this long is said to be silent: twice its sign of life. */
  private static final long SILENT_NANOS = TimeUnit.MILLISECONDS.toNanos(1300);

  private final NodeServices services;
  private final EventCollector collector;
  private final ClusterFeed feed = new ClusterFeed(PACE_NANOS);
  private final Function<byte[], CompletionStage<byte[]>> orders;

  // Of the relay's thread alone

  private final Map<String, Long> heard = new HashMap<>();
  private final Set<String> silent = new HashSet<>();
  private final Set<String> unreadable = new HashSet<>();
  private NodeStatus.View told;
  private long toldAt;
  private long progressAt;
  private boolean watchedHere;

  // Of those who read

  private int readers;
  private boolean watching;
  private long idleSince;

  /**
   * @param orders carries out what another node was asked to have done here
   */
  ClusterView(NodeServices services, Function<byte[], CompletionStage<byte[]>> orders) {
    this.services = services;
    this.orders = orders;
    collector = new EventCollector(services.events());
    services.relay().tell(new RelayMessage.Open(this));
  }

  ClusterFeed feed() {
    return feed;
  }

  /** A request for keys was answered. */
  void answered(long nanos) {
    collector.answered(nanos);
  }

  /** Somebody begins to read. */
  synchronized void join() {
    readers++;
    if (!watching) {
      watching = true;
      feed.restart();
      services.relay().tell(new RelayMessage.WatchingHere(true));
    }
  }

  /** Somebody who had joined has gone. */
  synchronized void leave() {
    if (--readers == 0) {
      idleSince = System.nanoTime();
    }
  }

  synchronized int readers() {
    return readers;
  }

  /**
   * Has another node do something.
   *
   * @return fails if it doesn't answer within the time
   */
  CompletionStage<byte[]> ask(String node, byte[] request, long millis) {
    CompletableFuture<byte[]> answer = new CompletableFuture<>();
    services.relay().tell(new RelayMessage.Ask(node, request, answer));
    return answer.orTimeout(millis, TimeUnit.MILLISECONDS);
  }

  @Override
  public void watched(boolean anywhere, boolean here) {
    long now = System.nanoTime();
    if (here && !watchedHere) {
      heard.clear();
      silent.clear();
      services.config().nodes().forEach(node -> heard.put(node.name(), now));
    }
    watchedHere = here;
    told = null;
    progressAt = now;
    collector.watched(anywhere, here);
  }

  @Override
  public byte[] report() {
    List<Told> news = collector.drain();
    long now = System.nanoTime();
    NodeStatus.View view = services.status().view();
    boolean isDue = now - progressAt >= PROGRESS_NANOS;
    if (told == null || !view.isLikeButForProgress(told) || now - toldAt >= STATUS_NANOS) {
      told = view;
      toldAt = now;
      news.add(status());
    } else if (isDue && !view.equals(told)) {
      told = view;
      news.add(progress(view));
    }
    if (isDue) {
      news.add(collector.rates(name(), TimeUnit.NANOSECONDS.toMillis(now - progressAt)));
      progressAt = now;
    }
    return Told.encode(news);
  }

  @Override
  public byte[] past() {
    List<Told> past = new ArrayList<>(collector.rare());
    past.add(status());
    return Told.encode(past);
  }

  @Override
  public void received(String from, byte[] report) {
    heard.put(from, System.nanoTime());
    if (silent.remove(from)) {
      feed.forgetNumbers(from);
      feed.publish(List.of(about(from, "heard")));
    }
    try {
      feed.publish(Told.decode(from, report));
    } catch (CodecException e) {
      if (unreadable.add(from)) {
        LOG.warn("what {} shows of itself can't be read: {}", from, e.getMessage());
      }
    }
  }

  @Override
  public void tick() {
    long now = System.nanoTime();
    heard.forEach(
        (node, at) -> {
          if (now - at > SILENT_NANOS && !node.equals(name()) && silent.add(node)) {
            feed.publish(List.of(about(node, "silent")));
          }
        });
    feed.answerDue();
    feed.release(KEEP_ALIVE_NANOS);
    synchronized (this) {
      if (watching && readers == 0 && now - idleSince > LINGER_NANOS) {
        watching = false;
        services.relay().tell(new RelayMessage.WatchingHere(false));
      }
    }
  }

  @Override
  public CompletionStage<byte[]> answer(byte[] request) {
    return orders.apply(request);
  }

  @Override
  public void close() {
    feed.end();
    collector.close();
  }

  private String name() {
    return services.config().self().name();
  }

  private Told status() {
    long micros = EventJson.nowMicros();
    ObjectNode status =
        Json.mapper()
            .valueToTree(
                StatusJson.of(services.status(), services.config(), List.of(), micros / 1000));
    // What doesn't change is asked for once.
    status.remove(List.of("config", "recentSlots"));
    ObjectNode json = EventJson.head("status", name(), micros);
    json.set("status", status);
    return told(name(), "status", json);
  }

  /** Of a status that is told already, what has changed since. */
  private Told progress(NodeStatus.View view) {
    ObjectNode json = EventJson.head("progress", name(), EventJson.nowMicros());
    json.putPOJO("slots", StatusJson.Slots.of(view)).put("revision", view.revision());
    return told(name(), "progress", json);
  }

  /** What this node noticed of another. */
  private Told about(String node, String kind) {
    return told(node, kind, EventJson.head(kind, node, EventJson.nowMicros()).put("by", name()));
  }

  private static Told told(String node, String kind, ObjectNode json) {
    return new Told(node, 0, kind, 0, 0, Set.of(), Json.bytes(json));
  }
}
