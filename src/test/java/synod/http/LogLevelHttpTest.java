package synod.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import synod.http.ServerFixture.Answer;

class LogLevelHttpTest {
  private static final ServerFixture SERVER = new ServerFixture();
  private static final Logger LOG = LoggerFactory.getLogger("synod.test.of.levels");

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  @Test
  void aLevelIsSetForAllLoggersBelowANameAndTakenBack() {
    assertThat(LOG.isTraceEnabled()).isFalse();
    Answer set = SERVER.put("/v1/log-level?logger=synod.test.of&level=TRACE", "");
    assertThat(set.status()).isEqualTo(200);
    assertThat(LOG.isTraceEnabled()).isTrue();
    assertThat(SERVER.get("/v1/log-level").json().at("/levels/synod.test.of").asText())
        .isEqualTo("trace");

    SERVER.put("/v1/log-level?logger=synod.test.of&level=inherit", "");
    assertThat(LOG.isTraceEnabled()).isFalse();
    assertThat(SERVER.get("/v1/log-level").json().path("levels").has("synod.test.of")).isFalse();
    assertThat(SERVER.get("/v1/log-level").json().path("levels").has("root")).isTrue();
  }

  @Test
  void badInputIsNamed() {
    assertThat(SERVER.put("/v1/log-level?logger=no.such&level=info", "").detail())
        .isEqualTo("no logger's name begins with no.such");
    assertThat(SERVER.put("/v1/log-level?logger=root&level=inherit", "").detail())
        .isEqualTo(
            "query parameter level must be one of trace, debug, info, warn, error, not inherit");
    assertThat(SERVER.put("/v1/log-level?logger=synod.test", "").detail()).contains("not null");
  }
}
