package synod.http;

import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpMethods;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.headers.RawHeader;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import synod.node.NodeConfig;

/**
 * Lets the page of one node speak to the others (CORS), so that it outlives the node that it came
 * from. Pages from anywhere else may not read answers, nor send what needs to be asked for first.
 */
final class Origins {
  private static final String LOOPBACK = "127.0.0.1";
  private static final String ORIGIN = "Access-Control-Allow-Origin";

  private final Set<String> all = new LinkedHashSet<>();

  Origins(NodeConfig config) {
    String scheme = config.security().tls().isPresent() ? "https" : "http";
    for (NodeConfig.Node node : config.nodes()) {
      all.add(origin(scheme, node.host(), node.httpPort()));
      if (node.host().equals(LOOPBACK)) {
        // The same to people who type it.
        all.add(origin(scheme, "localhost", node.httpPort()));
      }
    }
  }

  private static String origin(String scheme, String host, int port) {
    return scheme + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  /** Where the cluster's pages come from. */
  Set<String> all() {
    return all;
  }

  /** The answer to a browser that asks what a page of another node may send. */
  Optional<HttpResponse> preflight(HttpRequest request) {
    if (!request.method().equals(HttpMethods.OPTIONS)
        || request.getHeader("Access-Control-Request-Method").isEmpty()) {
      return Optional.empty();
    }
    return allowed(request)
        .map(
            origin ->
                HttpResponse.create()
                    .withStatus(204)
                    .addHeaders(
                        List.of(
                            RawHeader.create(ORIGIN, origin),
                            RawHeader.create("Vary", "Origin"),
                            RawHeader.create(
                                "Access-Control-Allow-Methods", "GET, PUT, POST, DELETE"),
                            RawHeader.create(
                                "Access-Control-Allow-Headers",
                                "Authorization, Content-Type, If-Match, If-None-Match, Last-Event-ID"),
                            RawHeader.create("Access-Control-Max-Age", "600"))));
  }

  HttpResponse mark(HttpRequest request, HttpResponse response) {
    return allowed(request)
        .map(
            origin ->
                response.addHeaders(
                    List.of(
                        RawHeader.create(ORIGIN, origin),
                        RawHeader.create("Vary", "Origin"),
                        RawHeader.create(
                            "Access-Control-Expose-Headers",
                            "ETag, Synod-Node, Synod-Revision, Synod-Slot"))))
        .orElse(response);
  }

  private Optional<String> allowed(HttpRequest request) {
    return request.getHeader("Origin").map(HttpHeader::value).filter(all::contains);
  }
}
