package synod.http;

import akka.NotUsed;
import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.japi.Pair;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import akka.util.ByteStringBuilder;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
    ByteStringBuilder first = new ByteStringBuilder();
    first.append(EventStreams.RETRY);
    first.append(hello(name, start - 1));
    if (!last.isEmpty() && resumed == 0) {
      first.append(lost(name, start - 1, -1));
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
    return Source.single(first.result()).concat(rest);
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
    ByteStringBuilder text = new ByteStringBuilder();
    if (gone > 0) {
      long next = chunk.told().isEmpty() ? chunk.from() : chunk.told().get(0).id();
      text.append(lost(name, next - 1, gone));
    }
    for (ClusterFeed.Numbered told : chunk.told()) {
      text.append(told.told().event(name + "-" + told.id()));
    }
    // Also a sign of life; whoever resumes has seen everything up to here.
    text.append(ByteString.fromString("id: " + name + "-" + (chunk.from() - 1) + "\n\n"));
    return text.result();
  }

  private ByteString hello(String name, long id) {
    ObjectNode json = EventJson.head("hello", node, EventJson.nowMicros()).put("stream", name);
    return event("hello", name + "-" + id, json);
  }

  /**
   * @param events -1 if it isn't known how many
   */
  private ByteString lost(String name, long id, long events) {
    ObjectNode json = EventJson.head("lost", node, EventJson.nowMicros());
    json.put("events", events < 0 ? null : events);
    json.put(
        "detail",
        events < 0
            ? "this is another stream than before: events in between are lost"
            : "lost " + events + " events: the reader was too slow, or away for too long");
    return event("lost", name + "-" + id, json);
  }

  private ByteString event(String kind, String id, ObjectNode json) {
    return new Told(node, 0, kind, 0, 0, Set.of(), Json.bytes(json)).event(id);
  }
}
