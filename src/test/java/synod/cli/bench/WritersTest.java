package synod.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WritersTest {
  private final Workload workload =
      new Workload(new Keys(100, 16), 10, Distribution.uniform(100), 1);
  private final HeldDriver driver = new HeldDriver();
  private final Gaps gaps = new Gaps(1, System.nanoTime());

  private Writers start(Duration patience) {
    return new Writers(List.of(driver), workload, gaps, patience);
  }

  @Test
  void aClientHasOneWriteUnderWayAndBeginsTheNextWhenItSucceeded() {
    Writers writers = start(Duration.ofHours(1));
    for (int i = 0; i < 5; i++) {
      assertThat(driver.underWay()).isEqualTo(1);
      driver.succeedOne();
    }
    assertThat(gaps.fewest()).isEqualTo(5);
    assertThat(driver.sent()).hasSize(6);
    writers.stop();
    driver.succeedOne();
    assertThat(driver.sent()).hasSize(6);
  }

  @Test
  void aClientThatGetsNoAnswerTriesAnotherWriteAndALateAnswerCounts() {
    Writers writers = start(Duration.ofMillis(1));
    awaitSent(2);
    writers.stop();
    driver.succeedOne();

    assertThat(gaps.fewest()).isEqualTo(1);
  }

  @Test
  void aClientWhoseWriteFailsTriesAnother() {
    Writers writers = start(Duration.ofHours(1));
    driver.failOne("no leader");
    awaitSent(2);

    assertThat(gaps.fewest()).isZero();
    assertThat(driver.underWay()).isEqualTo(1);
    writers.stop();
  }

  private void awaitSent(int writes) {
    while (driver.sent().size() < writes) {
      Thread.onSpinWait();
    }
  }
}
