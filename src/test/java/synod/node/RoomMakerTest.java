package synod.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When a node over its quota gives room back. */
class RoomMakerTest {
  private static final long INTERVAL = RoomMaker.INTERVAL.toNanos();

  private final RoomMaker room = new RoomMaker();
  private long now = -5;

  private boolean isDue(boolean isNeeded, long revision) {
    now += INTERVAL;
    return room.isDue(isNeeded, revision, now);
  }

  private int rounds(long revision) {
    int rounds = 0;
    for (int i = 0; i < 100; i++) {
      rounds += isDue(true, revision) ? 1 : 0;
    }
    return rounds;
  }

  @Test
  void withoutNeedNothingIsDone() {
    assertThat(isDue(false, 1)).isFalse();
    assertThat(isDue(false, 2)).isFalse();
    assertThat(room.isAtWork()).isFalse();
  }

  @Test
  void eachChangeTakesAFewRoundsAndThenThereIsRest() {
    assertThat(rounds(7)).isEqualTo(RoomMaker.ROUNDS);
    assertThat(room.isAtWork()).isFalse();
    assertThat(rounds(8)).isEqualTo(RoomMaker.ROUNDS);
  }

  @Test
  void betweenRoundsThereIsTime() {
    assertThat(isDue(true, 1)).isTrue();
    assertThat(room.isDue(true, 2, now + INTERVAL - 1)).isFalse();
    assertThat(room.isAtWork()).isTrue();
    assertThat(room.isDue(true, 2, now + INTERVAL)).isTrue();
  }

  @Test
  void itEndsWithTheNeedAndBeginsAnewWithTheNext() {
    assertThat(isDue(true, 1)).isTrue();
    assertThat(isDue(false, 1)).isFalse();
    assertThat(room.isAtWork()).isFalse();
    assertThat(rounds(1)).isEqualTo(RoomMaker.ROUNDS);
  }
}
