package synod.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class MeterTest {
  private static final int KEYS = 200;

  /** What a slow disk can't take within a write's time isn't put under way. */
  @ParameterizedTest
  @CsvSource({"100, 128", "65536, 64", "1048576, 4"})
  void fillingKeepsFourMebibytesUnderWayAtMost(int valueBytes, int underWay) throws Exception {
    HeldDriver driver = new HeldDriver();
    List<Integer> seen = new ArrayList<>();
    Workload workload = new Workload(new Keys(KEYS, 16), valueBytes, Distribution.uniform(KEYS), 1);
    try (Meter meter = new Meter(workload);
        Target target = new Target("held", NoServers.of("a"), () -> driver)) {
      meter.fill(
          target,
          () -> {
            seen.add(driver.underWay());
            while (driver.underWay() > 0) {
              driver.succeedOne();
            }
          });
    }

    assertThat(seen).startsWith(underWay);
    assertThat(driver.sent()).hasSize(KEYS);
  }
}
