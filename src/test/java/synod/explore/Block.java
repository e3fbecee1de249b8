package synod.explore;

import java.util.Arrays;

/**
 * An acceptor and what concerns it alone: the messages on their way to it and from it, and the
 * votes that its disk has ever held. All lists ascend and are never written to.
 *
 * @param local the acceptor's state
 */
record Block(int local, int[] in, int[] out, int[] votes) {
  private static final int[] NONE = {};

  static final Block FIRST = new Block(Machine.ROOT, NONE, NONE, NONE);

  boolean hasVote(int vote) {
    return Arrays.binarySearch(votes, vote) >= 0;
  }

  /** The same list if nothing is new. */
  static int[] with(int[] list, int... more) {
    int[] all = list;
    for (int each : more) {
      int at = Arrays.binarySearch(all, each);
      if (at < 0) {
        int before = -at - 1;
        int[] wider = new int[all.length + 1];
        System.arraycopy(all, 0, wider, 0, before);
        wider[before] = each;
        System.arraycopy(all, before, wider, before + 1, all.length - before);
        all = wider;
      }
    }
    return all;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Block that
        && local == that.local
        && Arrays.equals(in, that.in)
        && Arrays.equals(out, that.out)
        && Arrays.equals(votes, that.votes);
  }

  @Override
  public int hashCode() {
    int hash = local;
    hash = hash * 0x9E3779B1 + Arrays.hashCode(in);
    hash = hash * 0x9E3779B1 + Arrays.hashCode(out);
    return hash * 0x9E3779B1 + Arrays.hashCode(votes);
  }
}
