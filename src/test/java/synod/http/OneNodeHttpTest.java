package synod.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import synod.kv.KvLimits;
import synod.paxos.Role;

/** HTTP before a real node that is a cluster of its own: disk, actors, sockets and all. */
class OneNodeHttpTest {
  @TempDir static Path directory;
  private static OneNode node;
  private static String firstMetrics;

  @BeforeAll
  static void start() throws Exception {
    node = new OneNode(directory);
    firstMetrics = node.send("GET", "/metrics", "").body();
  }

  @AfterAll
  static void stop() throws Exception {
    node.close();
  }

  @Test
  void whatIsWrittenIsReadAndListed() {
    assertThat(send("PUT", "/v1/kv/fruit/%00apple", "red").statusCode()).isEqualTo(201);
    assertThat(send("PUT", "/v1/kv/fruit/pear", "green").statusCode()).isEqualTo(201);

    assertThat(send("GET", "/v1/kv/fruit/%00apple", "").body()).isEqualTo("red");
    assertThat(send("GET", "/v1/kv/fruit/pear?consistency=stale", "").body()).isEqualTo("green");
    JsonNode page = json(send("GET", "/v1/kv?prefix=fruit/", ""));
    assertThat(page.path("entries")).hasSize(2);
    assertThat(send("DELETE", "/v1/kv/fruit/pear", "").statusCode()).isEqualTo(200);
    assertThat(send("DELETE", "/v1/kv/fruit/pear", "").statusCode()).isEqualTo(404);
  }

  @Test
  void whatHappenedBeforeTheNodeServedIsCountedAndNoFirstLifeIsAReturn() {
    assertThat(firstMetrics.lines())
        .contains("synod_role_resumes_total{role=\"learner\"} 0.0")
        .anyMatch(line -> line.matches("synod_elections_total [1-9].*"));
  }

  @Test
  void theLargestValueComesBackByteForByte() throws Exception {
    byte[] value = new byte[KvLimits.MAX_VALUE_BYTES];
    new Random(3).nextBytes(value);
    HttpRequest put =
        HttpRequest.newBuilder(node.uri("/v1/kv/large"))
            .PUT(BodyPublishers.ofByteArray(value))
            .build();

    assertThat(OneNode.CLIENT.send(put, BodyHandlers.ofString()).statusCode()).isIn(200, 201);
    HttpRequest get = HttpRequest.newBuilder(node.uri("/v1/kv/large")).build();
    assertThat(OneNode.CLIENT.send(get, BodyHandlers.ofByteArray()).body()).isEqualTo(value);
  }

  @Test
  void aSessionIsOpenedUsedKeptAliveAndClosed() {
    String session = json(send("POST", "/v1/sessions", "")).path("session").asText();
    String[] first = {"Synod-Session", session, "Synod-Sequence", "1"};
    HttpResponse<String> put = send("PUT", "/v1/kv/s", "one", first);
    send("PUT", "/v1/kv/s", "two");

    assertThat(send("PUT", "/v1/kv/s", "one", first).body()).isEqualTo(put.body());
    assertThat(send("GET", "/v1/kv/s", "").body()).isEqualTo("two");
    assertThat(
            send("POST", "/v1/sessions/" + session + "/keep-alive", "", "Synod-Sequence", "2")
                .statusCode())
        .isEqualTo(204);
    assertThat(send("DELETE", "/v1/sessions/" + session, "").statusCode()).isEqualTo(204);
    assertThat(send("PUT", "/v1/kv/s", "one", first).statusCode()).isEqualTo(410);
  }

  @Test
  void manyClientsAtOnceAreAllServed() {
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      HttpRequest.Builder request = HttpRequest.newBuilder(node.uri("/v1/kv/many/" + i % 7));
      answers.add(
          OneNode.CLIENT.sendAsync(
              i % 2 == 0
                  ? request.PUT(BodyPublishers.ofString("v" + i)).build()
                  : request.GET().build(),
              BodyHandlers.ofString()));
    }

    assertThat(answers)
        .allSatisfy(answer -> assertThat(answer.join().statusCode()).isIn(200, 201, 404));
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void aRoleThatIsStoppedIsShownAndServiceGoesOnAfterwards(Role role) {
    long stops = stops(role);
    String order = "{\"role\":\"" + role.label() + "\",\"downtime\":\"300ms\"}";
    HttpResponse<String> killed =
        send("POST", "/v1/chaos/kill", order, "Content-Type", "application/json");
    assertThat(killed.statusCode()).as(killed.body()).isEqualTo(200);

    ServerFixture.await(() -> stops(role) == stops + 1);
    ServerFixture.await(() -> state(role).equals("up"));
    ServerFixture.await(
        () -> List.of(200, 201).contains(send("PUT", "/v1/kv/after", "x").statusCode()));
    assertThat(send("GET", "/v1/kv/after", "").body()).isEqualTo("x");
  }

  @Test
  void theDigestStandsForTheState() {
    send("PUT", "/v1/kv/digest", "1");
    JsonNode before = json(send("GET", "/v1/digest", ""));
    send("PUT", "/v1/kv/digest", "2");
    JsonNode after = json(send("GET", "/v1/digest", ""));

    assertThat(before.path("sha256").asText()).hasSize(64);
    assertThat(after.path("sha256")).isNotEqualTo(before.path("sha256"));
    assertThat(after.path("slot").asLong()).isGreaterThan(before.path("slot").asLong());
  }

  private static long stops(Role role) {
    return status().at("/roles/" + role.label() + "/stops").asLong();
  }

  private static String state(Role role) {
    return status().at("/roles/" + role.label() + "/state").asText();
  }

  private static JsonNode status() {
    return json(send("GET", "/v1/status", ""));
  }

  private static JsonNode json(HttpResponse<String> response) {
    return OneNode.json(response);
  }

  private static HttpResponse<String> send(
      String method, String target, String body, String... headers) {
    return node.send(method, target, body, headers);
  }
}
