package synod.http;

import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.headers.RawRequestURI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A request's target as it stood on the wire: the path still encoded, the query parameters decoded
 * to bytes on demand. Every parameter must be known and given once, so that a typing error is an
 * answer and not a surprise.
 */
final class Target {
  private final String path;
  private final Map<String, String> parameters;

  private Target(String path, Map<String, String> parameters) {
    this.path = path;
    this.parameters = parameters;
  }

  /**
   * @throws Problem if a parameter is given twice
   */
  static Target of(HttpRequest request) {
    String raw = raw(request);
    int query = raw.indexOf('?');
    return new Target(path(request), query < 0 ? Map.of() : parse(raw.substring(query + 1)));
  }

  /** The path alone, still percent-encoded; never fails. */
  static String path(HttpRequest request) {
    String raw = raw(request);
    int query = raw.indexOf('?');
    return withoutAuthority(query < 0 ? raw : raw.substring(0, query));
  }

  /** Still percent-encoded. */
  String path() {
    return path;
  }

  /**
   * @throws Problem if another parameter than these is given
   */
  Target only(Set<String> known) {
    for (String name : parameters.keySet()) {
      if (!known.contains(name)) {
        throw Problem.invalid(
            "unknown query parameter "
                + name
                + (known.isEmpty()
                    ? "; there are none here"
                    : "; known here are " + new TreeSet<>(known)));
      }
    }
    return this;
  }

  boolean has(String name) {
    return parameters.containsKey(name);
  }

  byte[] bytes(String name) {
    return Percent.decodeQuery(parameters.getOrDefault(name, ""));
  }

  /** The parameter as text, or null if it isn't given. */
  String text(String name) {
    if (!has(name)) {
      return null;
    }
    String text = Percent.text(bytes(name));
    if (text == null) {
      throw Problem.invalid("query parameter " + name + " is not UTF-8");
    }
    return text;
  }

  /** Given as {@code true} or {@code false}; false if not given. */
  boolean flag(String name) {
    String text = text(name);
    if (text == null || text.equals("false")) {
      return false;
    }
    if (!text.equals("true")) {
      throw Problem.invalid("query parameter " + name + " must be true or false, not " + text);
    }
    return true;
  }

  long number(String name, long smallest, long largest, long otherwise) {
    String text = text(name);
    return text == null
        ? otherwise
        : Values.number("query parameter " + name, text, smallest, largest);
  }

  /** The duration, or null if it isn't given. */
  Duration duration(String name) {
    String text = text(name);
    return text == null ? null : Values.duration("query parameter " + name, text);
  }

  private static Map<String, String> parse(String query) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String pair : query.split("&")) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        String name =
            Percent.text(Percent.decodeQuery(equals < 0 ? pair : pair.substring(0, equals)));
        if (parameters.put(name == null ? pair : name, equals < 0 ? "" : pair.substring(equals + 1))
            != null) {
          throw Problem.invalid("query parameter " + name + " is given twice");
        }
      }
    }
    return parameters;
  }

  private static String raw(HttpRequest request) {
    return request
        .getHeader(RawRequestURI.class)
        .map(RawRequestURI::uri)
        .orElseThrow(() -> new IllegalStateException("raw-request-uri-header is off"));
  }

  /** Proxies may send the absolute form, {@code http://host:port/path}. */
  private static String withoutAuthority(String path) {
    int scheme = path.startsWith("/") ? -1 : path.indexOf("://");
    if (scheme < 0) {
      return path;
    }
    int slash = path.indexOf('/', scheme + 3);
    return slash < 0 ? "/" : path.substring(slash);
  }
}
