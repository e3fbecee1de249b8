package synod.node;

import java.time.Duration;

/**
 * Decides when a node gives back what deleted keys still take of its disk while a quota is used up.
 * That takes a few rounds after each change of the store: the tables are merged, then snapshots of
 * the merged ones replace the older ones, which still hold the others. Then nothing is left to do
 * before something changes again.
 */
final class RoomMaker {
  /** Between two rounds, so that the disk has time for others. */
  static final Duration INTERVAL = Duration.ofSeconds(3);

  /** One to write out what is in memory, one to merge it, two for snapshots, and one in reserve. */
  static final int ROUNDS = 5;

  private Object lastState;
  private int roundsLeft;
  private long nextAt = Long.MIN_VALUE / 2;

  /**
   * To be called at intervals.
   *
   * @param isNeeded whether any node's quota is used up
   * @param state of the store: unequal to the last one if it, or what is kept of it, has changed
   * @param now in nanoseconds
   * @return whether a round is to be made now
   */
  boolean isDue(boolean isNeeded, Object state, long now) {
    if (!isNeeded) {
      roundsLeft = 0;
      lastState = null;
      return false;
    }
    if (!state.equals(lastState)) {
      lastState = state;
      roundsLeft = ROUNDS;
    }
    if (roundsLeft == 0 || now < nextAt) {
      return false;
    }
    roundsLeft--;
    nextAt = now + INTERVAL.toNanos();
    return true;
  }

  /** Whether rounds are still to come. */
  boolean isAtWork() {
    return roundsLeft > 0;
  }
}
