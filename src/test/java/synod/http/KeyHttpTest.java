package synod.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import synod.http.ServerFixture.Answer;

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

  private static String everyByte(byte[] key) {
    StringBuilder encoded = new StringBuilder();
    for (byte b : key) {
      encoded.append(String.format("%%%02x", b));
    }
    return encoded.toString();
  }
}
