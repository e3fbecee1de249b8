package synod.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import synod.http.ServerFixture.Answer;

/** Sessions over HTTP: a write that is repeated with its number happens once. */
class SessionHttpTest {
  private static ServerFixture server;

  @BeforeAll
  static void start() {
    server = new ServerFixture();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void aRepeatedWriteIsAnsweredAsTheFirstTime() {
    String session = open();
    Answer first = put(session, 1, "one");
    server.put("/v1/kv/once", "somebody else");

    Answer repeated = put(session, 1, "one");

    assertThat(repeated.status()).isEqualTo(first.status());
    assertThat(repeated.text()).isEqualTo(first.text());
    assertThat(server.get("/v1/kv/once").text()).isEqualTo("somebody else");
  }

  @Test
  void sixteenWritesMayBeOutstandingUnlessTheClientSaysOtherwise() {
    String session = open();
    put(session, 17, "seventeen");

    assertThat(put(session, 2, "still new").status()).isEqualTo(200);
    Answer acknowledged = put(session, 1, "too late");
    assertThat(acknowledged.status()).isEqualTo(409);
    assertThat(acknowledged.problem()).isEqualTo("already-acknowledged");

    String wide = open();
    assertThat(put(wide, 1000, "x", "Synod-Acknowledged", "0").status()).isEqualTo(200);
    assertThat(put(wide, 1, "y", "Synod-Acknowledged", "0").status()).isEqualTo(200);
  }

  @Test
  void aSessionLivesAsLongAsItIsAskedTo() {
    assertThat(server.json("POST", "/v1/sessions", "{\"ttl\":\"90s\"}").json().path("ttlMillis"))
        .hasToString("90000");
    assertThat(server.send("POST", "/v1/sessions?ttl=PT1H", "").json().path("ttlMillis"))
        .hasToString("3600000");
    assertThat(server.json("POST", "/v1/sessions", "{}").json().path("ttlMillis"))
        .hasToString("600000");
    assertThat(server.json("POST", "/v1/sessions", "{\"ttl\":null}").status()).isEqualTo(201);
  }

  @Test
  void aClosedSessionWritesNothing() {
    String session = open();
    put(session, 1, "open");

    assertThat(server.delete("/v1/sessions/" + session).status()).isEqualTo(204);
    Answer late = put(session, 2, "late");
    assertThat(late.status()).isEqualTo(410);
    assertThat(late.problem()).isEqualTo("session-expired");
    assertThat(late.text()).contains("outcome unknown");
    assertThat(server.get("/v1/kv/once").text()).isEqualTo("open");
    assertThat(server.delete("/v1/sessions/" + session).status()).isEqualTo(410);
  }

  @Test
  void keepingAliveIsANumberedCommandToo() {
    String path = "/v1/sessions/" + open() + "/keep-alive";

    assertThat(server.send("POST", path, "", "Synod-Sequence", "1").status()).isEqualTo(204);
    assertThat(server.send("POST", path, "").detail())
        .startsWith("header Synod-Sequence is missing");
    assertThat(
            server
                .send("POST", "/v1/sessions/9999-0/keep-alive", "", "Synod-Sequence", "1")
                .status())
        .isEqualTo(410);
  }

  @Test
  void anotherCommandUnderAUsedNumberIsAConflict() {
    String session = open();
    server.send("POST", "/v1/sessions/" + session + "/keep-alive", "", "Synod-Sequence", "1");

    assertThat(put(session, 1, "x").problem()).isEqualTo("conflict");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Synod-Session: 17        | header Synod-Session: not a session id (slot-index, as in"
            + " 17-0)",
        "Synod-Session: 17-0      | header Synod-Sequence is missing",
        "Synod-Sequence: 1        | header Synod-Sequence needs Synod-Session",
        "Synod-Acknowledged: 1    | header Synod-Acknowledged needs Synod-Session",
        "Synod-Session: 17-0, Synod-Sequence: 0 | header Synod-Sequence must be at least 1, not 0",
        "Synod-Session: 17-0, Synod-Sequence: x | header Synod-Sequence must be a whole number",
        "Synod-Session: 17-0, Synod-Sequence: 2, Synod-Acknowledged: 2 | sequence 2 does not fit",
        "Synod-Session: 17-0, Synod-Sequence: 2000, Synod-Acknowledged: 1 | sequence 2000 does not",
        "Synod-Session: 17-0, Synod-Sequence: 2, Synod-Acknowledged: -1 | header"
            + " Synod-Acknowledged",
      })
  void aWrongHeaderIsNamed(String headers, String detail) {
    Answer answer = server.delete("/v1/kv/x", headers.split(": |, "));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.detail()).startsWith(detail);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"ttl\":\"10\"}        | 400 | field ttl must be a duration such as 500ms, 2s or 10m, not"
            + " 10",
        "{\"ttl\":\"1ms\"}       | 400 | the session's ttl (ms) is 1; it must be from 1000 to"
            + " 86400000",
        "{\"ttl\":\"30d\"}       | 400 | the session's ttl (ms) is 2592000000; it must be from"
            + " 1000",
        "{\"ttl\":7}             | 400 | field ttl must be a duration such as 500ms, 2s or 10m, not"
            + " 7",
        "{\"ttl\":[1]}           | 400 | the body is not the JSON that is expected here: field ttl:"
            + " ",
        "{\"tll\":\"10m\"}       | 400 | the body is not the JSON that is expected here: unknown"
            + " field tll",
        "{\"ttl\":\"1m\",\"ttl\":\"2m\"} | 400 | the body is not the JSON that is expected here:"
            + " Dupl",
        "{\"ttl\":               | 400 | the body is not the JSON that is expected here: ",
        "{} {}                   | 400 | the body is not the JSON that is expected here: Trailing"
            + " token",
        "[]                      | 400 | the body is not the JSON that is expected here: ",
        "null                    | 400 | the body must be a JSON object, not null",
        "ttl=10m                 | 400 | the body is not the JSON that is expected here: ",
      })
  void aWrongBodyIsExplained(String body, int status, String detail) {
    Answer answer = server.json("POST", "/v1/sessions", body);

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.detail()).startsWith(detail).doesNotContain("java.", "synod.", "com.");
    if (detail.contains("expected here")) {
      assertThat(answer.detail()).containsPattern("line 1, column \\d+");
    }
  }

  @Test
  void aBodyOfAnotherKindIsNotGuessedAt() {
    Answer answer = server.send("POST", "/v1/sessions", "ttl=10m", "Content-Type", "text/plain");

    assertThat(answer.status()).isEqualTo(415);
    assertThat(answer.problem()).isEqualTo("unsupported-media-type");
    assertThat(server.json("POST", "/v1/sessions", " ".repeat(70_000)).status()).isEqualTo(413);
    assertThat(server.json("POST", "/v1/sessions?ttl=1m", "{\"ttl\":\"1m\"}").detail())
        .isEqualTo("give ttl as a query parameter or in the body, not both");
  }

  private static String open() {
    Answer opened = server.send("POST", "/v1/sessions", "");
    assertThat(opened.status()).isEqualTo(201);
    String session = opened.json().path("session").asText();
    assertThat(opened.header("Location")).isEqualTo("/v1/sessions/" + session);
    return session;
  }

  private static Answer put(String session, long sequence, String value, String... more) {
    String[] headers = new String[4 + more.length];
    headers[0] = "Synod-Session";
    headers[1] = session;
    headers[2] = "Synod-Sequence";
    headers[3] = Long.toString(sequence);
    System.arraycopy(more, 0, headers, 4, more.length);
    return server.put("/v1/kv/once", value, headers);
  }
}
