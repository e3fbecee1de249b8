package synod.http;

import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpCharsets;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.MediaTypes;
import akka.http.javadsl.model.headers.RawHeader;
import akka.util.ByteString;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The live page and its parts, from the class path alone. A strict policy lets it load nothing from
 * elsewhere, run no script but its own files, and speak to the nodes of this cluster alone.
 */
final class PageHandler {
  private static final String DIRECTORY = "/synod/page/";
  private static final ContentType CSS = MediaTypes.TEXT_CSS.toContentType(HttpCharsets.UTF_8);
  private static final ContentType JAVASCRIPT =
      MediaTypes.applicationWithFixedCharset("javascript", HttpCharsets.UTF_8, "js")
          .toContentType();

  /** There is nothing else to be had, whatever the class path holds. */
  private static final Map<String, ContentType> FILES =
      Map.ofEntries(
          Map.entry("index.html", ContentTypes.TEXT_HTML_UTF8),
          Map.entry("page.css", CSS),
          Map.entry("uPlot.min.css", CSS),
          Map.entry("uPlot.esm.js", JAVASCRIPT),
          Map.entry("api.js", JAVASCRIPT),
          Map.entry("controls.js", JAVASCRIPT),
          Map.entry("dom.js", JAVASCRIPT),
          Map.entry("keys.js", JAVASCRIPT),
          Map.entry("main.js", JAVASCRIPT),
          Map.entry("model.js", JAVASCRIPT),
          Map.entry("nodes.js", JAVASCRIPT),
          Map.entry("plots.js", JAVASCRIPT),
          Map.entry("seen.js", JAVASCRIPT),
          Map.entry("sequence.js", JAVASCRIPT),
          Map.entry("stream.js", JAVASCRIPT),
          Map.entry("strip.js", JAVASCRIPT),
          Map.entry("summary.js", JAVASCRIPT),
          Map.entry("timeline.js", JAVASCRIPT),
          Map.entry("votes.js", JAVASCRIPT));

  private final List<HttpHeader> headers;

  /** Read when first asked for. */
  private final Map<String, ByteString> read = new ConcurrentHashMap<>();

  PageHandler(Origins origins) {
    headers =
        List.of(
            RawHeader.create(
                "Content-Security-Policy",
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self' "
                    + String.join(" ", origins.all())
                    + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
            RawHeader.create("X-Content-Type-Options", "nosniff"),
            RawHeader.create("Referrer-Policy", "no-referrer"),
            RawHeader.create("Cache-Control", "no-cache"));
  }

  HttpResponse file(String name) {
    ContentType type = FILES.get(name);
    if (type == null) {
      throw new Problem(Problem.Type.NOT_FOUND, "there is nothing at this path");
    }
    ByteString bytes = read.computeIfAbsent(name, PageHandler::bytes);
    return HttpResponse.create().addHeaders(headers).withEntity(HttpEntities.create(type, bytes));
  }

  private static ByteString bytes(String name) {
    try (InputStream in = PageHandler.class.getResourceAsStream(DIRECTORY + name)) {
      if (in == null) {
        throw new IllegalStateException(DIRECTORY + name + " is not on the class path");
      }
      return ByteString.fromArrayUnsafe(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
