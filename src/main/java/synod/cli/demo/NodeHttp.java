package synod.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import synod.cli.CommandFailedException;
import synod.cli.LocalNode;

/** What the demo asks of nodes over HTTP. May be shared by threads. */
final class NodeHttp {
  /**
   * Longer than any request is allowed to take at the node, so that the node's own word comes
   * first.
   */
  private static final Duration MARGIN = Duration.ofSeconds(2);

  private final ObjectMapper json = new ObjectMapper();
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(1))
          .build();

  /** A write's place in its session. */
  record Stamp(String session, long sequence) {}

  /**
   * @throws IOException if the node can't be reached, or the answer is lost
   */
  HttpResponse<byte[]> put(LocalNode node, String key, String value, Stamp stamp, Duration timeout)
      throws IOException {
    return send(key(node, key, timeout, stamp).PUT(BodyPublishers.ofString(value)).build());
  }

  HttpResponse<byte[]> delete(LocalNode node, String key, Stamp stamp, Duration timeout)
      throws IOException {
    return send(key(node, key, timeout, stamp).DELETE().build());
  }

  HttpResponse<byte[]> get(LocalNode node, String key, Duration timeout) throws IOException {
    return send(key(node, key, timeout, null).build());
  }

  /** The new session's id; any other answer is an {@link IOException}. */
  String openSession(LocalNode node, Duration timeout) throws IOException {
    HttpResponse<byte[]> answer =
        send(
            request(node, "/v1/sessions?timeout=" + timeout.toMillis() + "ms", timeout)
                .POST(BodyPublishers.noBody())
                .build());
    if (answer.statusCode() != 201) {
      throw new IOException("no session: " + new String(answer.body(), StandardCharsets.UTF_8));
    }
    return json.readTree(answer.body()).path("session").asText();
  }

  JsonNode status(LocalNode node) throws IOException {
    return json.readTree(send(request(node, "/v1/status", Duration.ZERO).build()).body());
  }

  /**
   * @return whether the node did it
   */
  boolean post(LocalNode node, String path, Object body) throws IOException {
    return sendJson(node, "POST", path, body);
  }

  boolean put(LocalNode node, String path, Object body) throws IOException {
    return sendJson(node, "PUT", path, body);
  }

  private boolean sendJson(LocalNode node, String method, String path, Object body)
      throws IOException {
    BodyPublisher content = BodyPublishers.ofByteArray(json.writeValueAsBytes(body));
    int status =
        send(request(node, path, Duration.ZERO)
                .header("Content-Type", "application/json")
                .method(method, content)
                .build())
            .statusCode();
    return status / 100 == 2;
  }

  private static HttpRequest.Builder key(
      LocalNode node, String key, Duration timeout, Stamp stamp) {
    String path =
        "/v1/kv/"
            + URLEncoder.encode(key, StandardCharsets.UTF_8)
            + "?timeout="
            + timeout.toMillis()
            + "ms";
    HttpRequest.Builder request = request(node, path, timeout);
    if (stamp != null) {
      request
          .header("Synod-Session", stamp.session())
          .header("Synod-Sequence", Long.toString(stamp.sequence()))
          .header("Synod-Acknowledged", Long.toString(stamp.sequence() - 1));
    }
    return request;
  }

  private static HttpRequest.Builder request(LocalNode node, String path, Duration timeout) {
    return HttpRequest.newBuilder(URI.create(node.url() + path)).timeout(timeout.plus(MARGIN));
  }

  private HttpResponse<byte[]> send(HttpRequest request) throws IOException {
    try {
      return client.send(request, BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailedException("interrupted", e);
    }
  }
}
