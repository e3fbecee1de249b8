package synod.node;

import static org.assertj.core.api.Assertions.assertThat;

import akka.cluster.ConfigValidation;
import akka.cluster.Invalid;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import org.junit.jupiter.api.Test;

/** Nodes that don't agree on who votes must not end up in one cluster. */
class FingerprintCheckerTest {
  private final FingerprintChecker checker = new FingerprintChecker();

  @Test
  void nodesWithTheSameFingerprintMayJoin() {
    assertThat(checker.check(config("a"), config("a"))).isNotInstanceOf(Invalid.class);
  }

  @Test
  void anotherFingerprintIsRefusedAndBothAreNamed() {
    ConfigValidation answer = checker.check(config("a"), config("b"));

    assertThat(answer).isInstanceOf(Invalid.class);
    assertThat(answer.toString()).contains("fingerprint a, here b");
  }

  @Test
  void aNodeWithoutAFingerprintIsRefused() {
    assertThat(checker.check(ConfigFactory.empty(), config("b"))).isInstanceOf(Invalid.class);
  }

  @Test
  void theCheckerIsAskedForTheFingerprintAlone() {
    assertThat(checker.requiredKeys().mkString(" ")).isEqualTo("synod.cluster.fingerprint");
  }

  private static Config config(String fingerprint) {
    return ConfigFactory.parseString("synod.cluster.fingerprint = " + fingerprint);
  }
}
