package synod.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import akka.NotUsed;
import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.japi.Pair;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * {@code /v1/events}: what happens in the whole cluster, as server-sent events. A reader that was
 * cut off goes on behind the event whose id it names, as long as that is kept.
 */
final class EventsHandler {
  private static final int MAX_READERS = 64;

  private final ClusterView view;
  private final String node;

  EventsHandler(ClusterView view, String node) {
    this.view = view;
    this.node = node;
  }

  CompletionStage<HttpResponse> handle(HttpRequest request, Target target) {
    EventFilter filter = EventFilter.of(target);
    String last = request.getHeader("Last-Event-ID").map(HttpHeader::value).orElse("");
    if (view.readers() >= MAX_READERS) {
      throw new Problem(
          Problem.Type.OVERLOADED,
          "this node serves " + MAX_READERS + " readers of events already");
    }
    AtomicBoolean here = new AtomicBoolean();
    Source<ByteString, NotUsed> events =
        Source.lazySource(
                () -> {
                  view.join();
                  here.set(true);
                  return stream(filter, last);
                })
            .watchTermination(
                (started, end) -> {
                  end.whenComplete(
                      (done, failure) -> {
                        if (here.get()) {
                          view.leave();
                        }
                      });
                  return NotUsed.getInstance();
                });
    return CompletableFuture.completedFuture(EventStreams.respond(events));
  }

  private Source<ByteString, NotUsed> stream(EventFilter filter, String last) {
    ClusterFeed feed = view.feed();
    String name = feed.name();
    long resumed = resumed(name, last);
    // A new reader gets what is kept, and isn't told that there was more before.
    long start = Math.max(1, resumed);
    ByteArrayOutputStream first = new ByteArrayOutputStream();
    hello(name, start - 1, first);
    if (!last.isEmpty() && resumed == 0) {
      lost(name, start - 1, -1, first);
    }
    boolean[] isFirst = {resumed == 0};
    Source<ByteString, NotUsed> rest =
        Source.unfoldAsync(
            start,
            from ->
                feed.read(from, filter)
                    .thenApply(
                        chunk -> {
                          if (chunk == null) {
                            return Optional.empty();
                          }
                          long gone = isFirst[0] ? 0 : chunk.lost();
                          isFirst[0] = false;
                          return Optional.of(Pair.create(chunk.from(), text(name, chunk, gone)));
                        }));
    return Source.single(EventStreams.RETRY.concat(bytes(first))).concat(rest);
  }

  /** The number behind the last event that was read; 0 if that is none of this stream. */
  private static long resumed(String name, String last) {
    if (!last.startsWith(name + "-")) {
      return 0;
    }
    return Values.number(
            "header Last-Event-ID", last.substring(name.length() + 1), 0, Long.MAX_VALUE - 1)
        + 1;
  }

  private ByteString text(String name, ClusterFeed.Chunk chunk, long gone) {
    // In one piece: a stream of many small ones costs more to send than to make.
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    if (gone > 0) {
      long next = chunk.told().isEmpty() ? chunk.from() : chunk.told().get(0).id();
      lost(name, next - 1, gone, text);
    }
    for (ClusterFeed.Numbered told : chunk.told()) {
      told.told().appendEvent(name + "-" + told.id(), text);
    }
    // Also a sign of life; whoever resumes has seen everything up to here.
    text.writeBytes(("id: " + name + "-" + (chunk.from() - 1) + "\n\n").getBytes(UTF_8));
    return bytes(text);
  }

  private static ByteString bytes(ByteArrayOutputStream text) {
    return ByteString.fromArrayUnsafe(text.toByteArray());
  }

  private void hello(String name, long id, ByteArrayOutputStream to) {
    ObjectNode json = EventJson.head("hello", node, EventJson.nowMicros()).put("stream", name);
    event("hello", name + "-" + id, json, to);
  }

  /**
   * @param events -1 if it isn't known how many
   */
  private void lost(String name, long id, long events, ByteArrayOutputStream to) {
    ObjectNode json = EventJson.head("lost", node, EventJson.nowMicros());
    json.put("events", events < 0 ? null : events);
    json.put(
        "detail",
        events < 0
            ? "this is another stream than before: events in between are lost"
            : "lost " + events + " events: the reader was too slow, or away for too long");
    event("lost", name + "-" + id, json, to);
  }

  private void event(String kind, String id, ObjectNode json, ByteArrayOutputStream to) {
    new Told(node, 0, kind, 0, 0, Set.of(), Json.bytes(json)).appendEvent(id, to);
  }
}
