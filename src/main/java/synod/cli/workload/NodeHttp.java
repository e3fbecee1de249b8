package synod.cli.workload;

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
import synod.check.Operation;
import synod.cli.CommandFailedException;
import synod.cli.LocalNode;

/** What is asked of nodes over HTTP. May be shared by threads. */
public final class NodeHttp {
  private final ObjectMapper json = new ObjectMapper();
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(1))
          .build();
  private final Duration margin;

  /** A write's place in its session. */
  record Stamp(String session, long sequence) {}

  /**
   * @param margin how much longer than the node may take for a request to wait for its answer, so
   *     that the node's own word comes first
   */
  public NodeHttp(Duration margin) {
    this.margin = margin;
  }

  /**
   * A put or a delete, with its condition.
   *
   * @throws IOException if the node can't be reached, or the answer is lost
   */
  HttpResponse<byte[]> write(LocalNode node, Operation write, Stamp stamp, Duration timeout)
      throws IOException {
    HttpRequest.Builder request = key(node, write, "", timeout);
    request
        .header("Synod-Session", stamp.session())
        .header("Synod-Sequence", Long.toString(stamp.sequence()))
        .header("Synod-Acknowledged", Long.toString(stamp.sequence() - 1));
    Operation.Condition condition = write.condition();
    if (condition instanceof Operation.Condition.Absent) {
      request.header("If-None-Match", "*");
    } else if (condition instanceof Operation.Condition.Present) {
      request.header("If-Match", "*");
    } else if (condition instanceof Operation.Condition.ModRevision expected) {
      request.header("If-Match", "\"" + expected.revision() + "\"");
    }
    return send(
        write instanceof Operation.Put put
            ? request.PUT(BodyPublishers.ofByteArray(put.value().toArray())).build()
            : request.DELETE().build());
  }

  /** A read of either kind. */
  HttpResponse<byte[]> read(LocalNode node, Operation read, Duration timeout) throws IOException {
    String query =
        read instanceof Operation.StaleGet stale
            ? "&consistency=stale&min-revision=" + stale.minRevision()
            : "";
    return send(key(node, read, query, timeout).build());
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

  public JsonNode status(LocalNode node) throws IOException {
    return json.readTree(get(node, "/v1/status").body());
  }

  /** Whatever the node answers. */
  public HttpResponse<byte[]> get(LocalNode node, String path) throws IOException {
    return send(request(node, path, Duration.ZERO).build());
  }

  /**
   * @return whether the node did it
   */
  public boolean post(LocalNode node, String path, Object body) throws IOException {
    return sendJson(node, "POST", path, body);
  }

  public boolean put(LocalNode node, String path, Object body) throws IOException {
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

  private HttpRequest.Builder key(
      LocalNode node, Operation operation, String query, Duration timeout) {
    String key = new String(operation.key().toArray(), StandardCharsets.UTF_8);
    String path =
        "/v1/kv/"
            + URLEncoder.encode(key, StandardCharsets.UTF_8)
            + "?timeout="
            + timeout.toMillis()
            + "ms";
    return request(node, path + query, timeout);
  }

  private HttpRequest.Builder request(LocalNode node, String path, Duration timeout) {
    return HttpRequest.newBuilder(URI.create(node.url() + path)).timeout(timeout.plus(margin));
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
