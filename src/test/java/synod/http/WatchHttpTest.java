package synod.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import synod.kv.FormatVersion;

/** Watching a real node that is a cluster of its own. */
class WatchHttpTest {
  @TempDir static Path directory;
  private static OneNode node;

  /** An event as it was sent. */
  private record Event(String id, String type, JsonNode data) {}

  @BeforeAll
  static void start() throws Exception {
    node = new OneNode(directory);
    ServerFixture.await(
        () ->
            json(send("GET", "/v1/status", "")).at("/version/cluster").asInt()
                == FormatVersion.LATEST);
  }

  @AfterAll
  static void stop() throws Exception {
    node.close();
  }

  @Test
  void whatChangesFromNowOnIsToldAsItHappens() throws Exception {
    try (BufferedReader events = watch("/v1/watch?prefix=now/")) {
      Event start = next(events);
      assertThat(start.type()).isEqualTo("progress");
      long revision = put("now/a", "1");
      put("other", "x");
      send("DELETE", "/v1/kv/now/a", "");

      Event put = next(events);
      assertThat(put.id()).isEqualTo(Long.toString(revision));
      assertThat(put.type()).isEqualTo("put");
      assertThat(put.data().toString())
          .isEqualTo(
              "{\"type\":\"put\",\"revision\":%d,\"key\":\"now/a\",\"key64\":\"bm93L2E=\","
                      .formatted(revision)
                  + "\"value64\":\"MQ==\",\"createRevision\":%d,\"version\":1}"
                      .formatted(revision));
      Event delete = next(events);
      assertThat(delete.data().toString())
          .isEqualTo(
              "{\"type\":\"delete\",\"revision\":%d,\"key\":\"now/a\",\"key64\":\"bm93L2E=\"}"
                  .formatted(revision + 2));
    }
  }

  @Test
  void theHistoryFromARevisionOnIsToldWithoutAGapAndSoIsWhatComes() throws Exception {
    long first = put("all/0", "v");
    for (int i = 1; i < 1_500; i++) {
      put("all/" + i, "v");
    }
    try (BufferedReader events = watch("/v1/watch?prefix=all/&from=" + first)) {
      assertThat(next(events).id()).isEqualTo(Long.toString(first - 1));
      for (int i = 0; i < 1_500; i++) {
        assertThat(next(events).data().path("key").asText()).isEqualTo("all/" + i);
      }
      put("all/last", "v");
      assertThat(next(events).data().path("key").asText()).isEqualTo("all/last");
    }
  }

  @Test
  void aReaderThatWasCutOffGoesOnBehindTheIdThatItNames() throws Exception {
    long first = put("cut/a", "1");
    put("cut/b", "2");
    try (BufferedReader events =
        watch("/v1/watch?prefix=cut/&from=1", "Last-Event-ID", Long.toString(first))) {
      next(events);
      assertThat(next(events).data().path("key").asText()).isEqualTo("cut/b");
    }
  }

  @Test
  void aSlowReaderIsWaitedForAndMissesNothing() throws Exception {
    String large = "x".repeat(100_000);
    long first = put("slow/0", large);
    try (BufferedReader events = watch("/v1/watch?prefix=slow/&from=" + first)) {
      for (int i = 1; i < 200; i++) {
        put("slow/" + i, large);
      }
      next(events);
      for (int i = 0; i < 200; i++) {
        assertThat(next(events).data().path("key").asText()).isEqualTo("slow/" + i);
      }
    }
  }

  @Test
  void whatWasCompactedIsNamedAndNotSkipped() throws Exception {
    long first = put("old", "1");
    long second = put("old", "2");
    assertThat(send("POST", "/v1/compact?revision=" + first, "").body())
        .isEqualTo("{\"compacted\":" + first + "}");

    HttpResponse<String> refused = send("GET", "/v1/watch?prefix=old&from=" + first, "");
    assertThat(refused.statusCode()).isEqualTo(410);
    assertThat(json(refused).path("type").asText()).isEqualTo("urn:synod:compacted");
    assertThat(json(refused).path("compacted").asLong()).isEqualTo(first);
    try (BufferedReader events = watch("/v1/watch?prefix=old&from=" + second)) {
      next(events);
      assertThat(next(events).data().path("value64").asText()).isEqualTo("Mg==");
    }
    assertThat(send("GET", "/v1/kv/old", "").body()).isEqualTo("2");
    assertThat(json(send("GET", "/v1/status", "")).at("/history/compacted").asLong())
        .isGreaterThanOrEqualTo(first);
  }

  @Test
  void badInputIsNamed() {
    assertThat(detail("GET", "/v1/watch?from=0")).contains("from");
    assertThat(detail("GET", "/v1/watch?form=1")).contains("unknown query parameter form");
    assertThat(detail("POST", "/v1/compact")).contains("revision is missing");
    assertThat(detail("POST", "/v1/compact?revision=x")).contains("revision");
    HttpResponse<String> future = send("POST", "/v1/compact?revision=1000000000", "");
    assertThat(future.statusCode()).isEqualTo(409);
    assertThat(json(future).path("detail").asText()).contains("the store is at revision");
  }

  private static String detail(String method, String target) {
    HttpResponse<String> response = send(method, target, "");
    assertThat(response.statusCode()).isEqualTo(400);
    return json(response).path("detail").asText();
  }

  private static BufferedReader watch(String target, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(node.uri(target));
    if (headers.length > 0) {
      request.headers(headers);
    }
    var response = OneNode.CLIENT.send(request.build(), BodyHandlers.ofInputStream());
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).contains("text/event-stream");
    return new BufferedReader(new InputStreamReader(response.body(), UTF_8));
  }

  private static Event next(BufferedReader events) throws IOException {
    List<String> fields = new ArrayList<>();
    for (String line = events.readLine(); line != null; line = events.readLine()) {
      if (!line.isEmpty()) {
        fields.add(line);
      } else if (fields.stream().anyMatch(field -> field.startsWith("data: "))) {
        JsonNode data = Json.mapper().readTree(field(fields, "data: "));
        return new Event(field(fields, "id: "), field(fields, "event: "), data);
      } else {
        fields.clear();
      }
    }
    throw new AssertionError("the stream ended");
  }

  private static String field(List<String> fields, String name) {
    return fields.stream()
        .filter(field -> field.startsWith(name))
        .map(field -> field.substring(name.length()))
        .findFirst()
        .orElse(null);
  }

  private static long put(String key, String value) {
    return json(send("PUT", "/v1/kv/" + key, value)).path("revision").asLong();
  }

  private static JsonNode json(HttpResponse<String> response) {
    return OneNode.json(response);
  }

  private static HttpResponse<String> send(
      String method, String target, String body, String... headers) {
    return node.send(method, target, body, headers);
  }
}
