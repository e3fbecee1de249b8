package synod.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.management.ManagementFactory;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import synod.http.ServerFixture.Answer;
import synod.kv.KvLimits;
import synod.kv.Result;
import synod.node.Operation;
import synod.node.Outcome;

/** Keys over HTTP: what is written is read back byte for byte, and every outcome has its status. */
class KeyHttpTest {
  private static ServerFixture server;

  @BeforeAll
  static void start() {
    server = new ServerFixture();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @AfterEach
  void gatewayBehavesAgain() {
    server.gateway.answer = null;
    server.gateway.silent = false;
  }

  @Test
  void aValueIsReadBackWithItsRevisions() {
    Answer first = server.put("/v1/kv/greeting", "hello");
    assertThat(first.status()).isEqualTo(201);
    assertThat(first.json().path("version").asLong()).isEqualTo(1);
    long created = first.json().path("revision").asLong();
    assertThat(first.header("ETag")).isEqualTo("\"" + created + "\"");
    assertThat(first.header("Synod-Revision")).isEqualTo(Long.toString(created));
    assertThat(Long.parseLong(first.header("Synod-Slot"))).isGreaterThan(1);
    assertThat(first.header("Synod-Node")).isEqualTo("n1");

    Answer second = server.put("/v1/kv/greeting", "hello again");
    assertThat(second.status()).isEqualTo(200);
    assertThat(second.json().path("version").asLong()).isEqualTo(2);
    assertThat(second.json().has("previous")).isFalse();

    Answer read = server.get("/v1/kv/greeting");
    assertThat(read.status()).isEqualTo(200);
    assertThat(read.text()).isEqualTo("hello again");
    assertThat(read.header("Content-Type")).isEqualTo("application/octet-stream");
    assertThat(read.header("ETag")).isEqualTo(second.header("ETag"));
    assertThat(read.header("Synod-Create-Revision")).isEqualTo(Long.toString(created));
    assertThat(read.header("Synod-Version")).isEqualTo("2");
    assertThat(Long.parseLong(read.header("Synod-Store-Revision"))).isGreaterThan(created);
    assertThat(Long.parseLong(read.header("Synod-Applied-Slot")))
        .isGreaterThanOrEqualTo(Long.parseLong(second.header("Synod-Slot")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a%2Fb",
        "a/b",
        "%00",
        "%FF%FE",
        "%C3",
        "%2E%2E",
        "%2e",
        "a%20b",
        "a+b",
        "a%3Fb%23c",
        "%E2%82%AC",
        "status",
        "kv/kv",
        "a//b",
        "%25",
        "a;b=c:@&!$'()*,"
      })
  void aKeyIsBytes(String encoded) {
    byte[] value = encoded.getBytes(UTF_8);
    assertThat(server.put("/v1/kv/" + encoded, encoded).status()).isIn(200, 201);

    assertThat(server.get("/v1/kv/" + encoded).bytes()).isEqualTo(value);
    byte[] key = Percent.decodePath(encoded);
    assertThat(server.get("/v1/kv/" + everyByte(key)).bytes()).isEqualTo(value);
    assertThat(server.delete("/v1/kv/" + everyByte(key)).status()).isEqualTo(200);
    assertThat(server.get("/v1/kv/" + encoded).status()).isEqualTo(404);
  }

  @Test
  void aSlashInTheKeyIsTheSameEncodedOrNot() {
    server.put("/v1/kv/dir%2Ffile", "x");

    assertThat(server.get("/v1/kv/dir/file").text()).isEqualTo("x");
  }

  @Test
  void dotsInAKeyLeadNowhereElse() {
    assertThat(server.raw("GET /v1/kv/../status HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 404 ")
        .contains("key-not-found");
  }

  @Test
  void theLongestKeyAndTheLargestValueAreStored() {
    String key = "k".repeat(KvLimits.MAX_KEY_BYTES - 1) + "%FF";
    byte[] value = new byte[KvLimits.MAX_VALUE_BYTES];
    new Random(7).nextBytes(value);

    Answer put = server.send("PUT", "/v1/kv/" + key, BodyPublishers.ofByteArray(value));
    assertThat(put.status()).as(put.text()).isEqualTo(201);
    assertThat(server.get("/v1/kv/" + everyByte(Percent.decodePath(key))).bytes()).isEqualTo(value);
    server.delete("/v1/kv/" + key);
  }

  @Test
  void aValueMayBeEmptyAndIsNotAMissingOne() {
    assertThat(server.put("/v1/kv/empty", "").status()).isEqualTo(201);

    Answer read = server.get("/v1/kv/empty");
    assertThat(read.status()).isEqualTo(200);
    assertThat(read.bytes()).isEmpty();
  }

  @Test
  void aMissingKeyIsNotFoundAtARevision() {
    Answer read = server.get("/v1/kv/nobody");

    assertThat(read.status()).isEqualTo(404);
    assertThat(read.problem()).isEqualTo("key-not-found");
    assertThat(read.header("Synod-Store-Revision"))
        .isEqualTo(read.json().path("revision").asText());
  }

  @Test
  void headSaysWhatGetWouldSayWithoutTheValue() {
    server.put("/v1/kv/head", "12345");

    Answer head = server.send("HEAD", "/v1/kv/head", BodyPublishers.noBody());
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.bytes()).isEmpty();
    assertThat(head.header("ETag")).isEqualTo(server.get("/v1/kv/head").header("ETag"));
    assertThat(server.send("HEAD", "/v1/kv/none", BodyPublishers.noBody()).status()).isEqualTo(404);
  }

  @Test
  void deletingGivesTheRevisionAndDeletingNothingIsNotFound() {
    long revision = server.put("/v1/kv/gone", "x").json().path("revision").asLong();

    Answer deleted = server.delete("/v1/kv/gone");
    assertThat(deleted.status()).isEqualTo(200);
    assertThat(deleted.json().path("revision").asLong()).isEqualTo(revision + 1);
    assertThat(deleted.header("ETag")).isNull();

    Answer again = server.delete("/v1/kv/gone");
    assertThat(again.status()).isEqualTo(404);
    assertThat(again.problem()).isEqualTo("key-not-found");
    assertThat(again.json().has("revision")).isFalse();
    assertThat(Long.parseLong(again.header("Synod-Slot")))
        .isGreaterThan(Long.parseLong(deleted.header("Synod-Slot")));
  }

  @Test
  void thePreviousValueComesWhenAskedFor() {
    assertThat(server.put("/v1/kv/prev?prev=true", "one").json().get("previous").isNull()).isTrue();

    JsonNode previous = server.put("/v1/kv/prev?prev=true", "two").json().path("previous");
    assertThat(previous.path("key").asText()).isEqualTo("prev");
    assertThat(previous.path("value64").asText()).isEqualTo("b25l");
    assertThat(previous.path("version").asLong()).isEqualTo(1);
    assertThat(server.delete("/v1/kv/prev?prev=true").json().at("/previous/value64").asText())
        .isEqualTo("dHdv");
  }

  @Test
  void aConditionalWriteTakesPlaceOnlyAtItsRevision() {
    String first = server.put("/v1/kv/cas", "1", "If-None-Match", "*").header("ETag");
    Answer created = server.put("/v1/kv/cas", "x", "If-None-Match", "*");
    assertThat(created.status()).isEqualTo(412);
    assertThat(created.problem()).isEqualTo("condition-failed");
    assertThat(created.json().path("currentRevision").asText()).isEqualTo(first.replace("\"", ""));

    assertThat(server.put("/v1/kv/cas", "2", "If-Match", first).status()).isEqualTo(200);
    assertThat(server.put("/v1/kv/cas", "3", "If-Match", first).status()).isEqualTo(412);
    assertThat(server.delete("/v1/kv/cas", "If-Match", first).status()).isEqualTo(412);
    assertThat(server.get("/v1/kv/cas").text()).isEqualTo("2");
    assertThat(server.put("/v1/kv/cas", "4", "If-Match", "*").status()).isEqualTo(200);
    assertThat(server.delete("/v1/kv/cas", "If-Match", "*").status()).isEqualTo(200);

    Answer absent = server.put("/v1/kv/cas", "5", "If-Match", "*");
    assertThat(absent.status()).isEqualTo(412);
    assertThat(absent.json().get("currentRevision").isNull()).isTrue();
  }

  @Test
  void aReaderThatHoldsTheRevisionIsToldSo() {
    String tag = server.put("/v1/kv/cached", "x").header("ETag");

    Answer same = server.get("/v1/kv/cached", "If-None-Match", "\"99999\", " + tag);
    assertThat(same.status()).isEqualTo(304);
    assertThat(same.header("ETag")).isEqualTo(tag);
    assertThat(same.bytes()).isEmpty();
    assertThat(server.get("/v1/kv/cached", "If-None-Match", "\"99999\"").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "If-Match      | 17         | If-Match must be * or one revision in quotation marks",
        "If-Match      | \"abc\"      | the revision in If-Match must be a whole number, not abc",
        "If-Match      | \"0\"        | the revision in If-Match must be at least 1, not 0",
        "If-Match      | \"1\", \"2\" | the revision in If-Match must be a whole number",
        "If-None-Match | \"1\"        | If-None-Match of a write must be *",
      })
  void aConditionThatIsNoneIsRefused(String header, String value, String detail) {
    Answer answer = server.put("/v1/kv/condition", "x", header, value);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.detail()).startsWith(detail);
    assertThat(server.put("/v1/kv/c", "x", "If-Match", "*", "If-None-Match", "*").detail())
        .isEqualTo("give one of If-Match and If-None-Match, not both");
  }

  @Test
  void aStaleReadIsAskedOfTheReplicaAloneAndMayWaitForARevision() {
    long revision = server.put("/v1/kv/stale", "x").json().path("revision").asLong();
    List<Operation> asked = new CopyOnWriteArrayList<>();
    server.gateway.answer =
        request -> {
          asked.add(request.operation());
          return server.gateway.serve(request);
        };

    String stale = "/v1/kv/stale?consistency=stale";
    assertThat(server.get(stale).text()).isEqualTo("x");
    assertThat(server.get(stale + "&min-revision=" + revision).text()).isEqualTo("x");
    assertThat(server.get(stale + "&min-revision=" + (revision + 5)).status()).isEqualTo(503);
    assertThat(server.get("/v1/kv/stale?consistency=linearizable").text()).isEqualTo("x");
    assertThat(asked)
        .map(Object::getClass)
        .containsExactly(
            Operation.StaleRead.class,
            Operation.StaleRead.class,
            Operation.StaleRead.class,
            Operation.LinearizableRead.class);
    assertThat(((Operation.StaleRead) asked.get(1)).minRevision()).isEqualTo(revision);
  }

  @Test
  void theTimeoutIsTheRequestsOwnOrTheConfiguredOne() {
    List<Long> timeouts = new CopyOnWriteArrayList<>();
    server.gateway.answer =
        request -> {
          timeouts.add(request.timeoutMillis());
          return server.gateway.serve(request);
        };
    server.get("/v1/kv/t");
    server.get("/v1/kv/t?timeout=250ms");
    server.put("/v1/kv/t?timeout=PT3S", "x");
    server.delete("/v1/kv/t", "Synod-Timeout", "1m");
    server.delete("/v1/kv/t?timeout=2s", "Synod-Timeout", "1m");

    assertThat(timeouts).containsExactly(5_000L, 250L, 3_000L, 60_000L, 2_000L);
  }

  @Test
  void everyOutcomeHasItsStatus() {
    assertOutcome(new Outcome.Unknown("outcome unknown: who knows"), 504, "outcome-unknown");
    assertOutcome(refused(Outcome.Reason.INVALID), 400, "invalid-request");
    assertOutcome(refused(Outcome.Reason.OVERLOADED), 503, "overloaded");
    assertOutcome(refused(Outcome.Reason.UNAVAILABLE), 503, "unavailable");
    assertOutcome(refused(Outcome.Reason.QUOTA_EXCEEDED), 507, "quota-exceeded");
    assertOutcome(new Outcome.Written(new Result.SessionExpired(), 7), 410, "session-expired");
    assertOutcome(
        new Outcome.Written(new Result.AlreadyAcknowledged(), 7), 409, "already-acknowledged");
    assertOutcome(new Outcome.Written(new Result.OutsideWindow(), 7), 400, "invalid-request");
    assertOutcome(new Outcome.Written(new Result.Done(), 7), 409, "conflict");
  }

  private static void assertOutcome(Outcome outcome, int status, String problem) {
    server.gateway.answer = request -> outcome;
    Answer answer = server.put("/v1/kv/outcome", "x");
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    assertThat(answer.problem()).isEqualTo(problem);
    assertThat(answer.header("Retry-After")).isEqualTo(status == 503 ? "1" : null);
  }

  private static Outcome refused(Outcome.Reason reason) {
    return new Outcome.Refused(reason, "no");
  }

  @Test
  void hundredsOfRequestsAtOnceAreAllAnswered() {
    HttpClient client = HttpClient.newHttpClient();
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      HttpRequest put =
          HttpRequest.newBuilder(server.uri("/v1/kv/parallel/" + i % 10))
              .PUT(BodyPublishers.ofString("v" + i))
              .build();
      answers.add(client.sendAsync(put, BodyHandlers.ofString()));
    }

    assertThat(answers).allSatisfy(answer -> assertThat(answer.join().statusCode()).isIn(200, 201));
    assertThat(server.get("/v1/kv?prefix=parallel/").json().path("entries")).hasSize(10);
  }

  /** On machines of two cores, where a future without an executor of its own starts threads. */
  @Test
  void requestsStartNoThreads() {
    server.put("/v1/kv/threads", "x");
    long before = ManagementFactory.getThreadMXBean().getTotalStartedThreadCount();
    for (int i = 0; i < 100; i++) {
      server.put("/v1/kv/threads", "x");
      server.get("/v1/kv/threads");
    }

    assertThat(ManagementFactory.getThreadMXBean().getTotalStartedThreadCount() - before)
        .isLessThan(50);
  }

  private static String everyByte(byte[] key) {
    StringBuilder encoded = new StringBuilder();
    for (byte b : key) {
      encoded.append(String.format("%%%02x", b));
    }
    return encoded.toString();
  }
}
