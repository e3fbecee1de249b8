package synod.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PaceTest {
  private static final long MILLI = 1_000_000;
  private static final int PART = 100_000;

  @Test
  void theRateIsKept() {
    Pace pace = new Pace(10_000_000);
    long begin = -3_000 * MILLI;
    long now = begin;
    for (int i = 0; i < 1000; i++) {
      now += Math.max(0, pace.rest(PART, now));
    }
    assertThat(now - begin).isBetween(9_900 * MILLI, 10_000 * MILLI);
  }

  @Test
  void aLateWakeUpIsCaughtUpWith() {
    Pace pace = new Pace(10_000_000);
    long now = 0;
    for (int i = 0; i < 1000; i++) {
      now += Math.max(0, pace.rest(PART, now));
      now += i % 3 == 0 ? 7 * MILLI : 0;
    }
    assertThat(now).isBetween(9_900 * MILLI, 10_010 * MILLI);
  }

  @Test
  void whoWasIdleDoesNotCatchUpWithAllOfIt() {
    Pace pace = new Pace(10_000_000);
    pace.rest(PART, 0);
    long begin = 60_000 * MILLI;
    long now = begin;
    for (int i = 0; i < 100; i++) {
      now += Math.max(0, pace.rest(PART, now));
    }
    assertThat(now - begin).isBetween(900 * MILLI, 1_000 * MILLI);
  }

  @Test
  void slowWorkDoesNotWait() {
    Pace pace = new Pace(10_000_000);
    for (int i = 0; i < 100; i++) {
      assertThat(pace.rest(PART, i * 100 * MILLI)).isNotPositive();
    }
  }
}
