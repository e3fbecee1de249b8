package synod.http;

import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.HttpCharsets;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.MediaTypes;
import akka.http.javadsl.model.headers.RawHeader;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import java.util.Map;

/** Responses that are streams of server-sent events. */
final class EventStreams {
  private static final ContentType EVENT_STREAM =
      MediaTypes.customWithFixedCharset("text", "event-stream", HttpCharsets.UTF_8, Map.of(), false)
          .toContentType();

  /** How long a reader that was cut off is to wait before it comes again. */
  static final ByteString RETRY = ByteString.fromString("retry: 1000\n");

  private EventStreams() {}

  /** Neither kept nor held back on the way, by proxies either. */
  static HttpResponse respond(Source<ByteString, ?> events) {
    return HttpResponse.create()
        .addHeader(RawHeader.create("Cache-Control", "no-store"))
        .addHeader(RawHeader.create("X-Accel-Buffering", "no"))
        .withEntity(HttpEntities.createChunked(EVENT_STREAM, events));
  }
}
