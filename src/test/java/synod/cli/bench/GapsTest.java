package synod.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GapsTest {
  @Test
  void theGapIsTheLongestTimeInWhichNobodySucceeded() {
    Gaps gaps = new Gaps(2, 1_000);
    gaps.succeeded(0, 1_100);
    gaps.succeeded(1, 1_150);
    gaps.succeeded(0, 1_650);
    gaps.succeeded(1, 1_700);

    assertThat(gaps.longestNanos()).isEqualTo(500);
    assertThat(gaps.longestOfClientNanos()).isEqualTo(550);
    assertThat(gaps.fewest()).isEqualTo(2);
  }

  @Test
  void aGapThatIsOpenWhenTheFaultStrikesCountsFromItsBeginning() {
    Gaps gaps = new Gaps(1, 0);
    gaps.succeeded(0, 900);
    gaps.succeeded(0, 1_000);
    gaps.restart();

    assertThat(gaps.longestNanos()).isZero();
    assertThat(gaps.fewest()).isZero();
    gaps.succeeded(0, 1_300);
    gaps.succeeded(0, 1_310);
    assertThat(gaps.longestNanos()).isEqualTo(300);
    assertThat(gaps.longestOfClientNanos()).isEqualTo(300);
  }

  @Test
  void successesThatAreToldLateMakeNoGap() {
    Gaps gaps = new Gaps(2, 0);
    gaps.succeeded(0, 100);
    gaps.succeeded(1, 90);
    gaps.succeeded(0, 110);

    assertThat(gaps.longestNanos()).isEqualTo(100);
  }

  @Test
  void aGapThatIsStillOpenCountsWhenTheLongestIsTaken() {
    Gaps gaps = new Gaps(1, 0);
    gaps.succeeded(0, 100);

    assertThat(gaps.takeLongestNanos(150)).isEqualTo(100);
    assertThat(gaps.takeLongestNanos(400)).isEqualTo(300);
    gaps.succeeded(0, 500);
    gaps.succeeded(0, 510);
    assertThat(gaps.takeLongestNanos(520)).isEqualTo(400);
  }
}
