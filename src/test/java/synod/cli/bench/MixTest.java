package synod.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MixTest {
  @Test
  void kindsComeInTheirRatio() {
    Mix mix = Mix.parse("get:3,put:1,delete:0");
    SplittableRandom random = new SplittableRandom(1);
    int gets = 0;
    for (int i = 0; i < 100_000; i++) {
      Kind kind = mix.pick(random);
      assertThat(kind).isNotEqualTo(Kind.DELETE);
      gets += kind == Kind.GET ? 1 : 0;
    }

    assertThat((double) gets).isCloseTo(75_000, within(1_000.0));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "get | get:90",
        "get:x | get:90",
        "scan:1 | unknown operation \"scan\"",
        "get:1,get:2 | twice",
        "get:0 | all weights are 0",
        "get:1, | unknown operation \"\""
      })
  void whatIsNoMixIsSaidToBeNone(String text, String why) {
    assertThatThrownBy(() -> Mix.parse(text.strip())).hasMessageContaining(why.strip());
  }
}
