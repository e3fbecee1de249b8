package synod.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeysTest {
  @ParameterizedTest
  @CsvSource({"16, 1", "256, 2", "4096, 3", "20000, 7", "20000, 16", "2000, 40"})
  void keysAreDifferentAndOfTheLengthAskedFor(int count, int bytes) {
    Keys keys = new Keys(count, bytes);
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < count; i++) {
      String key = new String(keys.key(i), StandardCharsets.US_ASCII);
      assertThat(key).hasSize(bytes).matches("[0-9a-f]+");
      seen.add(key);
    }

    assertThat(seen).hasSize(count);
  }

  @Test
  void moreKeysThanThereCanBeAreRefused() {
    assertThatThrownBy(() -> new Keys(17, 1)).hasMessageContaining("only 16 keys of 1 bytes");
  }
}
