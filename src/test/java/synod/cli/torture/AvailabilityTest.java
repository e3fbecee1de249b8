package synod.cli.torture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** For how long nothing could be written. */
class AvailabilityTest {
  private final Availability availability = new Availability();

  private void acknowledged(long... times) {
    for (long time : times) {
      availability.acknowledged(time);
    }
  }

  @Test
  void theLongestGapCountsWhereverItLies() {
    acknowledged(10, 20, 70, 80);
    assertThat(availability.longestGapNanos(10, 80)).isEqualTo(50);
    assertThat(availability.longestGapNanos(10, 20)).isEqualTo(10);
  }

  @Test
  void theEndsOfTheTimeAreEndsOfGaps() {
    acknowledged(50, 60);
    assertThat(availability.longestGapNanos(0, 70)).isEqualTo(50);
    assertThat(availability.longestGapNanos(40, 100)).isEqualTo(40);
    assertThat(availability.longestGapNanos(52, 58)).isEqualTo(6);
  }

  @Test
  void theOrderInWhichThreadsTellDoesNotMatter() {
    acknowledged(30, 10, 20);
    assertThat(availability.longestGapNanos(10, 30)).isEqualTo(10);
  }

  @Test
  void manyAreKept() {
    for (int i = 0; i < 200_000; i++) {
      availability.acknowledged(i);
    }
    assertThat(availability.longestGapNanos(0, 199_999)).isEqualTo(1);
    assertThat(availability.longestGapNanos(0, 200_500)).isEqualTo(501);
  }
}
