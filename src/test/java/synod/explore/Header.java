package synod.explore;

import java.util.Arrays;

/**
 * What may still happen, and what is chosen. Numbers are never written to once they are in here.
 */
record Header(int[] numbers) {
  private static final int CAMPAIGNS = 0;
  private static final int PROPOSER_CRASHES = 2;
  private static final int ACCEPTOR_CRASHES = 4;
  private static final int CHOSEN = 5;

  static Header first(World world) {
    int[] numbers = new int[CHOSEN + world.slots()];
    for (int p = 0; p < 2; p++) {
      numbers[CAMPAIGNS + p] = world.campaigns(p);
      numbers[PROPOSER_CRASHES + p] = world.proposerCrashes();
    }
    numbers[ACCEPTOR_CRASHES] = world.acceptorCrashes();
    return new Header(numbers);
  }

  boolean mayCampaign(int proposer) {
    return numbers[CAMPAIGNS + proposer] != 0;
  }

  Header afterCampaign(int proposer) {
    return oneLess(CAMPAIGNS + proposer);
  }

  boolean proposerMayCrash(int proposer) {
    return numbers[PROPOSER_CRASHES + proposer] != 0;
  }

  Header afterProposerCrash(int proposer) {
    return oneLess(PROPOSER_CRASHES + proposer);
  }

  boolean acceptorMayCrash() {
    return numbers[ACCEPTOR_CRASHES] != 0;
  }

  Header afterAcceptorCrash() {
    return oneLess(ACCEPTOR_CRASHES);
  }

  private Header oneLess(int place) {
    return numbers[place] == World.ANY ? this : with(place, numbers[place] - 1);
  }

  /** The number of the value chosen at a slot, 0 if none is. */
  int chosen(int slot) {
    return numbers[CHOSEN + slot - 1];
  }

  Header withChosen(int slot, int value) {
    return with(CHOSEN + slot - 1, value);
  }

  /** Every slot up to this one is chosen. */
  int chosenUpTo() {
    int slot = 0;
    while (CHOSEN + slot < numbers.length && numbers[CHOSEN + slot] != 0) {
      slot++;
    }
    return slot;
  }

  private Header with(int place, int number) {
    int[] changed = numbers.clone();
    changed[place] = number;
    return new Header(changed);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Header that && Arrays.equals(numbers, that.numbers);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(numbers);
  }
}
