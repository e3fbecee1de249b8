package synod.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import synod.http.ServerFixture.Answer;
import synod.node.AccessTokens;
import synod.node.NodeConfig;

/** What a request may do with no token, a wrong one, and each kind of token. */
class AuthorizationHttpTest {
  private static final String READ = "reader-0123456789";
  private static final String WRITE = "writer-0123456789";
  private static final String CHAOS = "wrecker-0123456789";
  private static final String BACKUP = "keeper-0123456789";

  @TempDir private static Path directory;
  private static AccessTokens tokens;
  private static ServerFixture server;

  @BeforeAll
  static void start() throws IOException {
    Path file =
        Files.createFile(
            directory.resolve("tokens"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(
        file, "read %s\nwrite %s\nchaos %s\nbackup %s\n".formatted(READ, WRITE, CHAOS, BACKUP));
    tokens = AccessTokens.read(file);
    server = server(true);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static ServerFixture server(boolean chaosOverHttp) {
    return new ServerFixture(
        ServerFixture.config(
            0, new NodeConfig.Security(Optional.empty(), Optional.of(tokens), chaosOverHttp)));
  }

  /** Any request, with a body where one may be. */
  private static Answer send(ServerFixture to, String method, String path, String... headers) {
    return to.send(
        method,
        path,
        method.startsWith("P") ? BodyPublishers.ofString("{}") : BodyPublishers.noBody(),
        headers);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // resource                    | none | read | write | chaos
        "GET    /health/live           | 200  | 200  | 200   | 200",
        "GET    /health/ready          | 200  | 200  | 200   | 200",
        "HEAD   /health/ready          | 200  | 200  | 200   | 200",
        "GET    /v1/status             | 401  | 200  | 200   | 200",
        "GET    /metrics               | 401  | 200  | 200   | 200",
        "HEAD   /metrics               | 401  | 200  | 200   | 200",
        "GET    /v1/kv/a?timeout=0     | 401  | 400  | 400   | 400",
        "GET    /v1/kv?timeout=0       | 401  | 400  | 400   | 400",
        "GET    /v1/digest?timeout=0   | 401  | 400  | 400   | 400",
        "PUT    /v1/kv/a?timeout=0     | 401  | 403  | 400   | 403",
        "DELETE /v1/kv/a?timeout=0     | 401  | 403  | 400   | 403",
        "PATCH  /v1/kv/a               | 401  | 403  | 405   | 403",
        "PUT    /v1/kv/../../health/live?timeout=0 | 401 | 403 | 400 | 403",
        "POST   /v1/sessions?timeout=0 | 401  | 403  | 400   | 403",
        "DELETE /v1/sessions/x         | 401  | 403  | 400   | 403",
        "POST   /v1/sessions/x/keep-alive | 401 | 403 | 400  | 403",
        "GET    /v1/watch?from=0       | 401  | 400  | 400   | 400",
        "POST   /v1/compact            | 401  | 403  | 400   | 403",
        "POST   /v1/leader             | 401  | 403  | 400   | 403",
        "GET    /v1/log-level          | 401  | 200  | 200   | 200",
        "PUT    /v1/log-level?level=x  | 401  | 403  | 400   | 403",
        "GET    /v1/snapshot           | 401  | 403  | 403   | 403",
        "HEAD   /v1/snapshot           | 405  | 405  | 405   | 405",
        "GET    /v1/chaos              | 401  | 403  | 403   | 200",
        "PUT    /v1/chaos              | 401  | 403  | 403   | 415",
        "POST   /v1/chaos/kill         | 401  | 403  | 403   | 415",
        "POST   /v1/%63haos/kill       | 401  | 403  | 403   | 415",
      })
  void eachTokenDoesWhatItAllowsAndNothingElse(
      String request, int without, int read, int write, int chaos) {
    String[] words = request.split("\\s+");

    assertThat(send(server, words[0], words[1]).status()).isEqualTo(without);
    assertThat(send(server, words[0], words[1], bearer(READ)).status()).isEqualTo(read);
    assertThat(send(server, words[0], words[1], bearer(WRITE)).status()).isEqualTo(write);
    assertThat(send(server, words[0], words[1], bearer(CHAOS)).status()).isEqualTo(chaos);
  }

  @Test
  void aTokenForBackupsReadsButDoesNotWrite() {
    assertThat(send(server, "GET", "/v1/snapshot?timeout=0", bearer(BACKUP)).status())
        .isEqualTo(400);
    assertThat(send(server, "GET", "/v1/status", bearer(BACKUP)).status()).isEqualTo(200);
    assertThat(send(server, "PUT", "/v1/kv/a", bearer(BACKUP)).status()).isEqualTo(403);
    assertThat(send(server, "GET", "/v1/chaos", bearer(BACKUP)).status()).isEqualTo(403);
  }

  private static String[] bearer(String token) {
    return new String[] {"Authorization", "Bearer " + token};
  }

  @Test
  void withoutATokenTheAnswerSaysHowToShowOne() {
    Answer answer = send(server, "GET", "/v1/status");

    assertThat(answer.problem()).isEqualTo("unauthorized");
    assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"synod\"");
    assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
  }

  @ParameterizedTest
  @CsvSource({
    "Bearer not-one-of-them, invalid_token",
    "Bearer reader-012345678, invalid_token",
    "Bearer reader-0123456789x, invalid_token",
    "Basic cmVhZGVyLTAxMjM0NTY3ODk6, ''",
    "reader-0123456789, ''",
  })
  void whatIsNoTokenIsRefusedAndNotRepeated(String header, String error) {
    Answer answer = send(server, "GET", "/v1/kv/a", "Authorization", header);

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.problem()).isEqualTo("unauthorized");
    assertThat(answer.header("WWW-Authenticate")).contains(error);
    assertThat(answer.text()).doesNotContain(header.substring(header.indexOf(' ') + 1));
  }

  @Test
  void aTokenThatLacksThePermissionIsToldWhichOne() {
    Answer answer = send(server, "PUT", "/v1/kv/a", bearer(READ));

    assertThat(answer.problem()).isEqualTo("forbidden");
    assertThat(answer.detail()).contains("permission write").doesNotContain(READ);
    assertThat(answer.header("WWW-Authenticate")).contains("insufficient_scope");
  }

  @Test
  void theSchemeMayBeWrittenInAnyCase() {
    assertThat(send(server, "GET", "/v1/status", "Authorization", "bearer " + READ).status())
        .isEqualTo(200);
  }

  @Test
  void theStatusShowsNoToken() {
    assertThat(send(server, "GET", "/v1/status", bearer(READ)).text())
        .doesNotContain(READ, WRITE, CHAOS);
  }

  @Test
  void chaosOverHttpIsOffUnlessItIsSwitchedOn() {
    try (ServerFixture calm = server(false)) {
      Answer allowed = send(calm, "POST", "/v1/chaos/kill", bearer(CHAOS));
      assertThat(allowed.status()).isEqualTo(403);
      assertThat(allowed.problem()).isEqualTo("chaos-off");
      assertThat(send(calm, "GET", "/v1/chaos", bearer(WRITE)).problem()).isEqualTo("forbidden");
    }
    try (ServerFixture byDefault =
        new ServerFixture(ServerFixture.config(0, NodeConfig.Security.NONE))) {
      assertThat(send(byDefault, "GET", "/v1/chaos").problem()).isEqualTo("chaos-off");
      assertThat(send(byDefault, "GET", "/v1/status").status()).isEqualTo(200);
    }
  }
}
