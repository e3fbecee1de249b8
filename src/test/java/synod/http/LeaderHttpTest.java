package synod.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import synod.http.ServerFixture.Answer;
import synod.node.LeaderMessage.Result;

class LeaderHttpTest {
  private static final ServerFixture SERVER = new ServerFixture();

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  private static Answer move(Result result, String query) {
    SERVER.moveResult = result;
    SERVER.lastMove = null;
    return SERVER.send("POST", "/v1/leader" + query, "");
  }

  @Test
  void theAnswerSaysWhoLeadsAndWhetherItDidBefore() {
    Answer moved = move(Result.MOVED, "?node=n1&timeout=700ms");
    assertThat(moved.status()).isEqualTo(200);
    assertThat(moved.text()).isEqualTo("{\"leader\":\"n1\",\"round\":7,\"moved\":true}");
    assertThat(SERVER.lastMove.to()).isEqualTo("n1");
    assertThat(SERVER.lastMove.patience()).isEqualTo(Duration.ofMillis(700));

    assertThat(move(Result.LED_ALREADY, "?node=n1").text())
        .isEqualTo("{\"leader\":\"n1\",\"round\":7,\"moved\":false}");
  }

  @Test
  void whenItDoesNotHappenTheAnswerSaysWhy() {
    Answer late = move(Result.NOT_IN_TIME, "?node=n1&timeout=700ms");
    assertThat(late.status()).isEqualTo(504);
    assertThat(late.problem()).isEqualTo("outcome-unknown");
    assertThat(late.detail())
        .isEqualTo("n1 did not take over within 700 ms; the last leader heard of is n2");

    Answer leaderless = move(Result.NO_LEADER, "?node=n1");
    assertThat(leaderless.status()).isEqualTo(503);
    assertThat(leaderless.problem()).isEqualTo("unavailable");
    assertThat(leaderless.detail()).startsWith("no leader with a quorum is heard");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''           | query parameter node is missing: which one shall lead?",
        "?node=n9     | query parameter node: no node is named n9; nodes that may lead are n1",
        "?node=n2     | query parameter node: n2 runs no proposer and can't lead",
        "?node=n1&x=1 | unknown query parameter x; known here are [node, timeout]",
        "?node=n1&timeout=0 | query parameter timeout must",
      })
  void badInputIsNamedAndNobodyIsAsked(String query, String detail) {
    Answer answer = move(Result.MOVED, query);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.detail()).startsWith(detail);
    assertThat(SERVER.lastMove).isNull();
  }
}
