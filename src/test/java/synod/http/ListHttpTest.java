package synod.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import synod.http.ServerFixture.Answer;

/** Lists over HTTP: all keys of a prefix come, in order of their bytes, page by page. */
class ListHttpTest {
  private static ServerFixture server;

  @BeforeAll
  static void start() {
    server = new ServerFixture();
    for (int i = 0; i < 25; i++) {
      server.put(String.format("/v1/kv/user/%02d", i), "v" + i);
    }
    server.put("/v1/kv/%FFbytes", "x");
    server.put("/v1/kv/%FF%26a=b+c%20d", "y");
    server.put("/v1/kv/other", "z");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void pagesFollowEachOtherByNext() {
    List<String> keys = new ArrayList<>();
    String next = "";
    int pages = 0;
    boolean more = true;
    while (more) {
      JsonNode page = server.get("/v1/kv?prefix=user/&limit=10&after=" + next).json();
      page.path("entries").forEach(entry -> keys.add(entry.path("key").asText()));
      more = page.path("more").asBoolean();
      next = page.path("next").asText();
      assertThat(page.get("next").isNull()).isEqualTo(!more);
      pages++;
    }

    assertThat(pages).isEqualTo(3);
    assertThat(keys).hasSize(25).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void anEntryCarriesKeyValueAndRevisions() {
    Answer answer = server.get("/v1/kv?prefix=user/07");

    JsonNode entry = answer.json().path("entries").path(0);
    assertThat(entry.path("key").asText()).isEqualTo("user/07");
    assertThat(entry.path("key64").asText()).isEqualTo("dXNlci8wNw==");
    assertThat(entry.path("value64").asText()).isEqualTo("djc=");
    assertThat(entry.path("createRevision").asLong()).isEqualTo(8);
    assertThat(entry.path("modRevision").asLong()).isEqualTo(8);
    assertThat(entry.path("version").asLong()).isEqualTo(1);
    assertThat(answer.json().path("revision").asLong()).isGreaterThanOrEqualTo(28);
    assertThat(answer.header("Synod-Store-Revision"))
        .isEqualTo(answer.json().path("revision").asText());
  }

  @Test
  void aKeyThatIsNoTextComesInBase64AndPagesAllTheSame() {
    JsonNode page = server.get("/v1/kv?prefix=%FF&limit=1").json();

    assertThat(page.at("/entries/0").has("key")).isFalse();
    assertThat(page.at("/entries/0/key64").asText()).isEqualTo("/yZhPWIrYyBk");
    assertThat(page.path("next").asText()).isEqualTo("%FF%26a%3Db%2Bc%20d");
    JsonNode last = server.get("/v1/kv?prefix=%FF&after=" + page.path("next").asText()).json();
    assertThat(last.path("entries")).hasSize(1);
    assertThat(last.at("/entries/0/value64").asText()).isEqualTo("eA==");
  }

  @Test
  void withoutAPrefixAllKeysComeAtMostAHundred() {
    for (int i = 0; i < 100; i++) {
      server.put("/v1/kv/zz/" + i, "");
    }
    JsonNode page = server.get("/v1/kv").json();

    assertThat(page.path("entries")).hasSize(100);
    assertThat(page.path("more").asBoolean()).isTrue();
    assertThat(server.get("/v1/kv?limit=1000&consistency=stale").json().path("entries"))
        .hasSize(128);
    for (int i = 0; i < 100; i++) {
      server.delete("/v1/kv/zz/" + i);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "limit=0              | query parameter limit must lie between 1 and 1000, not 0",
        "limit=-3             | query parameter limit must lie between 1 and 1000, not -3",
        "limit=1001           | query parameter limit must lie between 1 and 1000, not 1001",
        "limit=ten            | query parameter limit must be a whole number, not ten",
        "limit=               | query parameter limit must be a whole number, not ",
        "limit=99999999999999999999 | query parameter limit must be a whole number",
        "prefx=a              | unknown query parameter prefx; known here are [after, consistency,",
        "prefix=a&prefix=b    | query parameter prefix is given twice",
        "prefix=%zz           | the address must have everything percent-encoded",
        "consistency=eventual | query parameter consistency must be linearizable or stale",
        "min-revision=3       | query parameter min-revision needs consistency=stale",
        "consistency=stale&min-revision=-1 | query parameter min-revision must be at least 0",
        "timeout=0s           | query parameter timeout must lie between 1ms and 60000ms",
        "timeout=2            | query parameter timeout must be a duration such as 500ms",
        "timeout=soon         | query parameter timeout must be a duration such as 500ms",
        "timeout=2h           | query parameter timeout must lie between 1ms and 60000ms",
        "timeout=-1s          | query parameter timeout must lie between 0 and 1000 days",
        "timeout=P9999999D    | query parameter timeout must lie between 0 and 1000 days",
        "timeout=%FF          | query parameter timeout is not UTF-8",
      })
  void aWrongParameterIsNamed(String query, String detail) {
    String raw =
        server.raw("GET /v1/kv?" + query + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

    assertThat(raw).startsWith("HTTP/1.1 400 ").contains("application/problem+json");
    assertThat(raw).contains("\"detail\":\"" + detail);
  }

  @Test
  void aPrefixBeyondTheLengthOfAKeyIsRefused() {
    assertThat(server.get("/v1/kv?prefix=" + "%FF".repeat(4097)).detail())
        .isEqualTo("the prefix has 4097 bytes; at most 4096 are allowed");
  }
}
