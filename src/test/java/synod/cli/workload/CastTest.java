package synod.cli.workload;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CastTest {
  private static final JsonNode UP = acceptor("up", 0);
  private static final JsonNode STOPPED = acceptor("down", 300);
  private static final JsonNode FAILED = acceptor("down", 0);

  private static JsonNode acceptor(String state, long backInMillis) {
    return new ObjectMapper()
        .valueToTree(
            Map.of(
                "roles", Map.of("acceptor", Map.of("state", state, "backInMillis", backInMillis))));
  }

  /** What failed by itself, or takes long to come back, is the store's own fault. */
  @Test
  void onlyAcceptorsThatChaosStoppedExcuseTheLackOfAQuorum() {
    assertThat(new Cast(Map.of("n1", STOPPED, "n2", STOPPED, "n3", UP)).lacksQuorum(3)).isTrue();
    assertThat(new Cast(Map.of("n1", STOPPED, "n2", UP, "n3", UP)).lacksQuorum(3)).isFalse();
    assertThat(new Cast(Map.of("n1", STOPPED, "n2", FAILED, "n3", UP)).lacksQuorum(3)).isFalse();
    assertThat(new Cast(Map.of("n1", STOPPED)).lacksQuorum(3)).isFalse();
    assertThat(new Cast(Map.of("n1", STOPPED, "n2", STOPPED)).lacksQuorum(4)).isTrue();
  }
}
