package synod.cli.workload;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TallyTest {
  private static final long MILLI = 1_000_000;

  private final Tally tally = new Tally();

  private void succeedAt(long millis) {
    Tally.Sample done = new Tally.Sample("c1", Tally.Kind.GET, "k", "n1", "v", "1", 5);
    tally.succeeded(done, millis * MILLI);
  }

  @Test
  void theLongestTimeWithoutASuccessIsCountedUpToTheEnd() {
    tally.start(0);
    succeedAt(30);
    succeedAt(80);
    tally.stop(150 * MILLI);

    assertThat(tally.longestGapMillis()).isEqualTo(70);
    assertThat(tally.longestGapWithQuorumMillis()).isEqualTo(70);
  }

  @Test
  void timeWithoutAQuorumIsNobodysFault() {
    tally.start(0);
    tally.withoutQuorum(0, 300 * MILLI);
    tally.withoutQuorum(400 * MILLI, 600 * MILLI);
    succeedAt(600);
    succeedAt(900);
    // Of this 50 ms lie before a success.
    tally.withoutQuorum(850 * MILLI, 950 * MILLI);
    tally.stop(1_250 * MILLI);

    assertThat(tally.longestGapMillis()).isEqualTo(600);
    assertThat(tally.longestGapWithQuorumMillis()).isEqualTo(300);
  }
}
