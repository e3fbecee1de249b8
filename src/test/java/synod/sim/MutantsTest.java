package synod.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The simulation has teeth: each of these mistakes is caught within its budget of schedules. */
class MutantsTest {
  static List<Mistake> mistakes() {
    return Mistake.ALL;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mistakes")
  void aMistakeIsCaughtWithinItsBudget(Mistake mistake) {
    assertThat(mistake.hunt(1, mistake.budget())).as(mistake.name()).isNotNull();
  }
}
