package synod.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionIdTest {
  @ParameterizedTest
  @ValueSource(strings = {"1-0", "17-3", "9223372036854775807-2147483647"})
  void whatClientsSeeIsReadBack(String text) {
    assertThat(SessionId.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "-", "-1", "0-0", "1", "1-", "1--1", "x-1", "1-x", "1-0 ", "1-99999999999"})
  void anythingElseIsRefusedAndNamed(String text) {
    assertThatThrownBy(() -> SessionId.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("slot-index")
        .hasMessageEndingWith(": " + text);
  }
}
