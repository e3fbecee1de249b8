package synod.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import synod.http.ServerFixture.Answer;
import synod.node.NodeControls;
import synod.node.NodeEvent;
import synod.node.NodeStatus.RoleState;
import synod.paxos.Role;

/** A gateway that is stopped, silent or broken: every request ends all the same, and truthfully. */
class BrokenGatewayHttpTest {
  private final ServerFixture server = new ServerFixture();
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void whenTheGatewayIsStoppedItsWritesAreUnknownAndItsReadsRefusedAtOnce() throws Exception {
    server.gateway.silent = true;
    CompletableFuture<HttpResponse<String>> write = send("PUT", "/v1/kv/a?timeout=60s");
    CompletableFuture<HttpResponse<String>> read = send("GET", "/v1/kv/a?timeout=60s");
    arrived(2);

    publish(new NodeEvent.RoleStopped("n1", Role.GATEWAY, Duration.ofSeconds(3)));

    HttpResponse<String> written = write.get(5, TimeUnit.SECONDS);
    assertThat(written.statusCode()).isEqualTo(504);
    assertThat(written.body())
        .contains("the gateway of this node was stopped; the write may or may not be" + " applied");
    assertThat(read.get(5, TimeUnit.SECONDS).statusCode()).isEqualTo(503);
  }

  @Test
  void whileTheGatewayIsDownNothingIsSentAndAfterwardsItIsServedAgain() {
    publish(new NodeEvent.RoleFailed("n1", Role.GATEWAY, "bug"));
    Answer down = server.put("/v1/kv/a", "x");
    assertThat(down.status()).isEqualTo(503);
    assertThat(down.problem()).isEqualTo("unavailable");
    assertThat(down.header("Retry-After")).isEqualTo("1");
    assertThat(server.gateway.requests).isZero();

    publish(new NodeEvent.RoleResumed("n1", Role.GATEWAY, 2));
    assertThat(server.put("/v1/kv/a", "x").status()).isEqualTo(201);

    NodeControls.update(
        server.status,
        view -> NodeControls.with(view, Role.GATEWAY, NodeControls.role(RoleState.RECOVERING)));
    assertThat(server.put("/v1/kv/a", "x").status()).isEqualTo(503);
  }

  @Test
  void anotherRoleThatIsStoppedEndsNoRequest() throws Exception {
    server.gateway.silent = true;
    CompletableFuture<HttpResponse<String>> write = send("PUT", "/v1/kv/a?timeout=60s");
    arrived(1);
    publish(new NodeEvent.RoleStopped("n1", Role.ACCEPTOR, Duration.ofSeconds(3)));

    assertThat(server.get("/health/live").status()).isEqualTo(200);
    assertThat(write).isNotDone();
  }

  @Test
  void aGatewayThatSaysNothingIsNotWaitedForMuchLongerThanTheTimeout() throws Exception {
    server.gateway.silent = true;
    long start = System.nanoTime();
    CompletableFuture<HttpResponse<String>> write = send("PUT", "/v1/kv/a?timeout=200ms");
    CompletableFuture<HttpResponse<String>> read = send("GET", "/v1/kv/a?timeout=200ms");

    assertThat(write.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(504);
    assertThat(read.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(503);
    assertThat(System.nanoTime() - start)
        .isBetween(Duration.ofMillis(200).toNanos(), Duration.ofSeconds(5).toNanos());
  }

  @Test
  void anErrorInTheServerIsFoundInTheLogByItsIdAlone() {
    server.gateway.answer = request -> null;
    Answer answer;
    try (CapturedLog log = new CapturedLog(Routes.class.getName())) {
      answer = server.get("/v1/kv/a");
      assertThat(log.warnings())
          .singleElement()
          .satisfies(
              event -> {
                assertThat(event.getFormattedMessage())
                    .contains(answer.json().path("errorId").asText());
                assertThat(event.getThrowableProxy()).isNotNull();
              });
    }
    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.problem()).isEqualTo("internal");
    assertThat(answer.text()).doesNotContain("Exception", "synod.", "java.");
  }

  private CompletableFuture<HttpResponse<String>> send(String method, String target) {
    HttpRequest request =
        HttpRequest.newBuilder(server.uri(target))
            .method(method, BodyPublishers.ofString(method.equals("PUT") ? "x" : ""))
            .build();
    return client.sendAsync(request, BodyHandlers.ofString());
  }

  private void arrived(int requests) {
    ServerFixture.await(() -> server.gateway.requests >= requests);
  }

  private void publish(NodeEvent event) {
    NodeControls.publish(server.events, event);
  }
}
