package synod.explore;

/**
 * What can happen to a role, as a number. A message that is received is at least 0, all else below.
 */
final class Input {
  /** The first write under way becomes durable, and what rests on it leaves. */
  static final int COMPLETE = -1;

  /** The role stops, loses its memory and what isn't written, and comes back. */
  static final int CRASH = -2;

  private static final int CAMPAIGN = -100;
  private static final int SLOTS = 16;

  private Input() {}

  /**
   * @param from the sender's place among the acceptors or the proposers
   */
  static int receive(int from, int message) {
    return message << 2 | from;
  }

  static boolean isReceive(int input) {
    return input >= 0;
  }

  static int from(int input) {
    return input & 3;
  }

  static int message(int input) {
    return input >> 2;
  }

  /**
   * A proposer campaigns.
   *
   * @param from the first slot that its learner doesn't know to be chosen, less than 16
   * @param heardOf the highest round of the other proposer that it was told of, 0 for none
   */
  static int campaign(int from, int heardOf) {
    return CAMPAIGN - from - SLOTS * heardOf;
  }

  static boolean isCampaign(int input) {
    return input <= CAMPAIGN;
  }

  static int campaignFrom(int input) {
    return (CAMPAIGN - input) % SLOTS;
  }

  static int heardOf(int input) {
    return (CAMPAIGN - input) / SLOTS;
  }
}
