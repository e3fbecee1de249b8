package synod.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;
import synod.node.LocalAccess;

/**
 * Asks nodes over HTTP how they are, with what their own configuration says that this takes. Never
 * throws because of what a node answers or doesn't, only if a file of the configuration can't be
 * used. May be called from any thread; blocks for two seconds at most.
 */
final class NodeProbe {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final int PRECONDITION_FAILED = 412;

  private final ObjectMapper json = new ObjectMapper();
  private final LocalAccess access;

  /** Null until something is asked: a cluster must be stopped also when its files are gone. */
  private HttpClient client;

  private Optional<String> token;

  NodeProbe(LocalAccess access) {
    this.access = access;
  }

  private synchronized HttpClient client() {
    if (client == null) {
      HttpClient.Builder builder =
          HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE);
      try {
        access.trust().ifPresent(builder::sslContext);
        token = access.token();
      } catch (IOException e) {
        throw new CommandFailedException("the nodes can't be asked: " + e.getMessage(), e);
      }
      client = builder.build();
    }
    return client;
  }

  /**
   * Why the node can't serve reads and writes now; nothing if it can. To know, has a write chosen
   * that can't take effect: its condition is a revision that no key ever has. A delete, for a quota
   * that is used up is no reason to wait.
   */
  Optional<String> whyNotServing(LocalNode node) {
    Optional<String> notReady = whyNotReady(node);
    if (notReady.isPresent()) {
      return notReady;
    }
    HttpRequest.Builder write =
        request(node, "/v1/kv/synod-probe?timeout=1s")
            .header("If-Match", "\"" + Long.MAX_VALUE + "\"")
            .DELETE();
    return whyNot(write, PRECONDITION_FAILED, "takes no writes yet");
  }

  /** Why the node says that it isn't ready; nothing if it is. */
  Optional<String> whyNotReady(LocalNode node) {
    return whyNot(request(node, "/health/ready"), 200, "isn't ready yet");
  }

  /** Why the node needs help; nothing if it is well, ready or not. */
  Optional<String> whyNotLive(LocalNode node) {
    return whyNot(request(node, "/health/live"), 200, "isn't well");
  }

  /** Which role is still reading back what it must remember; nothing if none is. */
  Optional<String> whyRecovering(LocalNode node) {
    return status(node)
        .flatMap(
            status ->
                status.path("roles").properties().stream()
                    .filter(role -> role.getValue().path("state").asText().equals("recovering"))
                    .map(role -> "the " + role.getKey() + " is recovering")
                    .findFirst());
  }

  /** The node's own account of itself; nothing if it gives none. */
  Optional<JsonNode> status(LocalNode node) {
    try {
      HttpResponse<String> response = send(request(node, "/v1/status"));
      return response.statusCode() == 200
          ? Optional.of(json.readTree(response.body()))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private Optional<String> whyNot(HttpRequest.Builder request, int expected, String otherwise) {
    try {
      HttpResponse<String> response = send(request);
      return response.statusCode() == expected
          ? Optional.empty()
          : Optional.of(reason(response.body()).orElse(otherwise));
    } catch (SSLHandshakeException e) {
      return Optional.of("is not trusted: " + e.getMessage());
    } catch (IOException e) {
      return Optional.of("doesn't answer yet");
    }
  }

  /** What an answer of the problem type says. */
  private Optional<String> reason(String body) {
    try {
      JsonNode answer = json.readTree(body);
      String detail = answer.path("detail").asText();
      return Optional.of(detail.isEmpty() ? answer.path("title").asText() : detail)
          .filter(reason -> !reason.isEmpty());
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private static HttpRequest.Builder request(LocalNode node, String path) {
    return HttpRequest.newBuilder(URI.create(node.url() + path)).timeout(PATIENCE);
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
    HttpClient asking = client();
    token.ifPresent(shown -> request.header("Authorization", "Bearer " + shown));
    try {
      return asking.send(request.build(), BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailedException("interrupted", e);
    }
  }
}
