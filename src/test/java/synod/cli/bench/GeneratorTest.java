package synod.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BooleanSupplier;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GeneratorTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Workload workload =
      new Workload(new Keys(100, 16), 10, Distribution.uniform(100), 1);
  private final HeldDriver driver = new HeldDriver();
  private final Outcomes outcomes = new Outcomes();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

  @AfterEach
  void end() {
    timer.shutdownNow();
  }

  private ClosedLoop closed(Workload.Source... sources) {
    return new ClosedLoop(driver, sources, outcomes, timer);
  }

  private Workload.Source puts() {
    return workload.draw(Mix.of(Kind.PUT));
  }

  @Test
  void aClosedLoopKeepsItsNumberUnderWayUntilItIsStopped() throws Exception {
    ClosedLoop loop = closed(puts(), puts(), puts());
    loop.start();
    assertThat(driver.underWay()).isEqualTo(3);
    for (int i = 0; i < 10; i++) {
      driver.succeedOne();
      assertThat(driver.underWay()).isEqualTo(3);
    }

    loop.stop();
    assertThat(loop.awaitIdle(Duration.ZERO)).isFalse();
    driver.succeedOne();
    driver.failOne("too late");
    driver.succeedOne();

    assertThat(loop.awaitIdle(PATIENCE)).isTrue();
    assertThat(driver.underWay()).isZero();
    assertThat(outcomes.successes()).isEqualTo(12);
    assertThat(outcomes.take().getTotalCount()).isEqualTo(12);
  }

  @Test
  void whatFailsIsCountedAndTriedAgain() throws Exception {
    ClosedLoop loop = closed(workload.fill());
    loop.start();
    driver.failOne("no leader");
    await(() -> driver.underWay() == 1);

    assertThat(driver.sent().get(1)).isEqualTo(driver.sent().get(0));
    assertThat(outcomes.failures()).isEqualTo(1);
    assertThat(outcomes.lastFailure()).isEqualTo("no leader");
  }

  @Test
  void fillingPutsEveryKeyOnceAndEndsByItself() throws Exception {
    Workload.Source fill = workload.fill();
    ClosedLoop loop = closed(fill, fill);
    loop.start();
    while (driver.underWay() > 0) {
      driver.succeedOne();
    }

    assertThat(loop.awaitIdle(PATIENCE)).isTrue();
    assertThat(driver.sent().stream().map(put -> new String(put.key())).distinct()).hasSize(100);
    assertThat(driver.sent()).hasSize(100).allMatch(put -> put.value().length == 10);
  }

  @Test
  void anOpenLoopCountsTheTimeThatAnOperationHadToWaitForItsTurn() throws Exception {
    // One at a time, and the first is held up: those behind it are late although they take no time.
    OpenLoop loop = new OpenLoop(driver, puts(), outcomes, 1, 1_000);
    loop.start();
    await(() -> overdue(loop).getTotalCount() >= 100);
    for (int i = 0; i < 50; i++) {
      driver.succeedOne();
      await(() -> driver.underWay() == 1);
    }

    Histogram times = outcomes.take();
    assertThat(times.getTotalCount()).isEqualTo(50);
    assertThat(times.getMinValue()).isGreaterThan(40_000_000);
    loop.stop();
    driver.succeedOne();
    assertThat(loop.awaitIdle(PATIENCE)).isTrue();
  }

  @Test
  void whatAnOpenLoopOwesIsCountedWithTheTimeItIsLate() throws Exception {
    OpenLoop loop = new OpenLoop(driver, puts(), outcomes, 2, 1_000);
    loop.start();
    await(() -> driver.underWay() == 2);
    await(() -> overdue(loop).getTotalCount() >= 100);

    Histogram overdue = overdue(loop);
    assertThat(driver.underWay()).isEqualTo(2);
    assertThat(overdue.getMaxValue()).isGreaterThanOrEqualTo(98_000_000);
    assertThat(overdue.getValueAtPercentile(50))
        .isBetween(overdue.getMaxValue() / 3, 2 * overdue.getMaxValue() / 3);
    loop.stop();
    driver.succeedOne();
    driver.succeedOne();
    assertThat(loop.awaitIdle(PATIENCE)).isTrue();
  }

  private static Histogram overdue(OpenLoop loop) {
    Histogram overdue = new Histogram(3);
    loop.addOverdue(overdue, System.nanoTime());
    return overdue;
  }

  private static void await(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      Thread.onSpinWait();
    }
  }
}
