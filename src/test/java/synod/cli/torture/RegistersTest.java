package synod.cli.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import synod.cli.torture.Registers.Register;

/** What is written to stays few, and what one key sees stays little. */
class RegistersTest {
  private final Registers registers = new Registers();
  private final Random random = new Random(3);

  @Test
  void fewKeysAreInUseAndEachForAWhileOnly() {
    Map<Register, Integer> uses = new HashMap<>();
    for (int i = 0; i < 20_000; i++) {
      Register drawn = registers.draw(random);
      assertThat(registers.current()).hasSize(8).contains(drawn);
      uses.merge(drawn, 1, Integer::sum);
    }
    assertThat(uses.values()).allMatch(count -> count <= 300);
    assertThat(uses.keySet().stream().map(Register::key).distinct()).hasSize(uses.size());
  }

  @Test
  void aRetiredKeyIsNeverUsedAgain() {
    Register retired = registers.draw(random);
    registers.retire(retired);
    for (int i = 0; i < 5_000; i++) {
      assertThat(registers.draw(random)).isNotEqualTo(retired);
    }
  }

  @Test
  void retiringAKeyThatWasReplacedLeavesTheNewOneInUse() {
    Register first = registers.draw(random);
    registers.retire(first);
    var current = registers.current();
    registers.retire(first);
    assertThat(registers.current()).isEqualTo(current);
  }
}
