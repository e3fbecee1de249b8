package synod.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import synod.http.ServerFixture.Answer;
import synod.kv.KvLimits;

/**
 * Whatever arrives on the port: one clear answer, nothing proposed, nothing in the log, and the
 * next request is served.
 */
class BadInputHttpTest {
  private static ServerFixture server;
  private CapturedLog log;
  private int requestsBefore;

  @BeforeAll
  static void start() {
    server = new ServerFixture();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void watch() {
    log = new CapturedLog(Logger.ROOT_LOGGER_NAME);
    requestsBefore = server.gateway.requests;
  }

  @AfterEach
  void nothingWasProposedNorLoggedAndTheServerIsWell() {
    log.close();
    assertThat(log.warnings()).isEmpty();
    assertThat(server.gateway.requests).isEqualTo(requestsBefore);
    assertThat(server.put("/v1/kv/well", "yes").status()).isIn(200, 201);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET    | /page/nothing.js             | 404 | not-found",
        "GET    | /v1                          | 404 | not-found",
        "GET    | /v1/kvx/a                    | 404 | not-found",
        "GET    | /v2/kv/a                     | 404 | not-found",
        "GET    | /v1/sessions/1-0/renew       | 404 | not-found",
        "GET    | //v1/kv/a                    | 404 | not-found",
        "PUT    | /v1/kv/                      | 400 | invalid-request",
        "GET    | /v1/kv/                      | 400 | invalid-request",
        "GET    | /v1/kv/a?timeout=1s&tiemout=2s | 400 | invalid-request",
        "PUT    | /v1/kv/a?ttl=5s              | 400 | invalid-request",
        "PUT    | /v1/kv/a?prev=yes            | 400 | invalid-request",
        "DELETE | /v1/kv/a?limit=1             | 400 | invalid-request",
        "GET    | /v1/status?verbose           | 400 | invalid-request",
        "DELETE | /v1/sessions/x               | 400 | invalid-request",
        "DELETE | /v1/sessions/0-0             | 400 | invalid-request",
      })
  void aRequestForNothingIsAProblem(String method, String target, int status, String problem) {
    Answer answer = server.send(method, target, BodyPublishers.noBody());

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.problem()).isEqualTo(problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POST   | /v1/kv/a        | GET, HEAD, PUT, DELETE",
        "PATCH  | /v1/kv/a        | GET, HEAD, PUT, DELETE",
        "PUT    | /v1/kv          | GET, HEAD",
        "GET    | /v1/sessions    | POST",
        "GET    | /v1/sessions/1-0 | DELETE",
        "PUT    | /v1/sessions/1-0/keep-alive | POST",
        "DELETE | /v1/chaos       | GET, HEAD, PUT",
        "GET    | /v1/chaos/kill  | POST",
        "POST   | /v1/status      | GET, HEAD",
        "PUT    | /health/live    | GET, HEAD",
        "DELETE | /metrics        | GET, HEAD",
      })
  void aWrongMethodIsToldTheRightOnes(String method, String target, String allowed) {
    Answer answer = server.send(method, target, BodyPublishers.noBody());

    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.problem()).isEqualTo("method-not-allowed");
    assertThat(answer.header("Allow")).isEqualTo(allowed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/snapshot", "/v1/watch", "/v1/events"})
  void noStreamIsMadeForItsHeadersAlone(String target) {
    Answer answer = server.send("HEAD", target, BodyPublishers.noBody());

    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.header("Allow")).isEqualTo("GET");
    assertThat(answer.bytes()).isEmpty();
  }

  @Test
  void aMissingKeyIsPointedToTheList() {
    assertThat(server.get("/v1/kv/?prefix=a").detail())
        .isEqualTo("the key is empty; keys are listed at /v1/kv");
  }

  @Test
  void aKeyThatIsTooLongIsRefused() {
    Answer answer = server.put("/v1/kv/" + "k".repeat(KvLimits.MAX_KEY_BYTES + 1), "x");

    assertThat(answer.status()).isEqualTo(414);
    assertThat(answer.problem()).isEqualTo("key-too-long");
    assertThat(answer.detail()).isEqualTo("the key has 4097 bytes; at most 4096");
  }

  @Test
  void aValueOfOneByteTooManyIsRefusedHoweverItComes() {
    byte[] value = new byte[KvLimits.MAX_VALUE_BYTES + 1];
    Answer whole = server.send("PUT", "/v1/kv/big", BodyPublishers.ofByteArray(value));
    Answer inChunks =
        server.send(
            "PUT",
            "/v1/kv/big",
            BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(value)));

    for (Answer answer : new Answer[] {whole, inChunks}) {
      assertThat(answer.status()).isEqualTo(413);
      assertThat(answer.problem()).isEqualTo("too-large");
      assertThat(answer.detail())
          .isEqualTo("the value is larger than the 1048576 bytes that are allowed");
    }
  }

  @Test
  void aBodyWithoutEndIsAnsweredAndCutOff() throws IOException {
    try (Socket socket = server.connect()) {
      OutputStream out = socket.getOutputStream();
      out.write(
          "PUT /v1/kv/endless HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
              .getBytes(ISO_8859_1));
      byte[] chunk = ("10000\r\n" + "x".repeat(0x10000) + "\r\n").getBytes(ISO_8859_1);
      long sent = 0;
      try {
        while (sent < 64 << 20) {
          out.write(chunk);
          sent += chunk.length;
        }
      } catch (SocketException e) {
        assertThat(e).hasMessageMatching("Broken pipe|Connection reset.*");
      }

      byte[] head = socket.getInputStream().readNBytes(12);
      assertThat(new String(head, ISO_8859_1)).isEqualTo("HTTP/1.1 413");
      assertThat(sent).isGreaterThan(Bodies.DISCARDED_AT_MOST).isLessThan(64 << 20);
    }
  }

  @Test
  void aHugeBodyThatIsOnlyAnnouncedIsRefusedAtOnce() {
    String answer =
        server.raw("PUT /v1/kv/huge HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000000\r\n\r\nabc");

    assertThat(answer).startsWith("HTTP/1.1 413 ").contains("Connection: close", "too-large");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PUT /v1/kv/cut HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nonly this",
        "PUT /v1/kv/cut HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        "PUT /v1/kv/cut HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab",
        "PUT /v1/kv/cut HTTP/1.1\r\nHost: x\r\nContent-Le",
        "PUT /v1/kv/cut HTTP",
        "",
      })
  void aRequestThatIsCutOffDoesNothing(String start) throws IOException {
    server.raw(start);
    try (Socket reset = server.connect()) {
      reset.getOutputStream().write(start.getBytes(ISO_8859_1));
      reset.setSoLinger(true, 0);
    }
    assertThat(server.get("/health/live").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET /v1/kv/a%zz HTTP/1.1             | 400",
        "GET /v1/kv/a%2 HTTP/1.1              | 400",
        "GET /v1/kv/\u00e9 HTTP/1.1           | 400",
        "GET /v1/kv/a\"b HTTP/1.1             | 400",
        "GET /v1/kv/a b HTTP/1.1              | 505",
        "GET /v1/kv/a HTTP/3.7                | 505",
        "BREW /v1/kv/a HTTP/1.1               | 501",
        "GET http://other/v1/kv/a HTTP/1.1    | 400",
      })
  void aBrokenRequestLineIsAProblemToo(String line, int status) {
    String answer = server.raw(line + "\r\nHost: x\r\nConnection: close\r\n\r\n");

    assertThat(answer)
        .startsWith("HTTP/1.1 " + status + " ")
        .contains("Content-Type: application/problem+json", "\"status\":" + status);
  }

  @Test
  void anAddressOrHeaderBeyondAllBoundsIsAProblem() {
    assertThat(server.get("/v1/kv/" + "%00".repeat(20_000)).status()).isEqualTo(414);
    assertThat(server.get("/v1/kv/a", "X-Long", "x".repeat(20_000)).status()).isIn(400, 431);
  }

  @Test
  void noiseOnThePortDoesNoHarm() {
    Random random = new Random(42);
    for (int i = 0; i < 50; i++) {
      byte[] noise = new byte[random.nextInt(4000)];
      random.nextBytes(noise);
      server.raw(noise);
    }
    byte[] tlsHello = {0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, (byte) 0xfc, 0x03, 0x03};
    assertThat(server.raw(tlsHello)).doesNotContain("Exception", "\tat ");
    assertThat(server.raw("\r\n\r\n\r\n\0\0\0")).doesNotContain("Exception", "\tat ");
  }
}
