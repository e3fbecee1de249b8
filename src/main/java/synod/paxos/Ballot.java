package synod.paxos;

import java.util.Comparator;
import java.util.Objects;

/**
 * A proposal number ("Paxos Made Simple" §2.2): totally ordered, and never used by two proposers or
 * twice by one.
 *
 * <p>{@code round} is made durable before its first use; {@code incarnation} is a fresh random
 * value for each start of the proposer's process, so that even a proposer that lost its disk can't
 * repeat a ballot.
 *
 * @param round the campaign's number, at least 1 for a real ballot
 * @param proposer the name of the node whose proposer owns this ballot
 * @param incarnation tells apart two lives of the same proposer
 */
public record Ballot(long round, String proposer, long incarnation) implements Comparable<Ballot> {
  /** Lower than every ballot that a proposer uses. */
  public static final Ballot NONE = new Ballot(0, "", 0);

  private static final Comparator<Ballot> ORDER =
      Comparator.comparingLong(Ballot::round)
          .thenComparing(Ballot::proposer)
          .thenComparingLong(Ballot::incarnation);

  public Ballot {
    Objects.requireNonNull(proposer, "proposer");
  }

  @Override
  public int compareTo(Ballot other) {
    return ORDER.compare(this, other);
  }

  public boolean isBelow(Ballot other) {
    return compareTo(other) < 0;
  }

  public boolean isAbove(Ballot other) {
    return compareTo(other) > 0;
  }

  /** The form used in logs and events: {@code round.proposer}. */
  @Override
  public String toString() {
    return round + "." + (proposer.isEmpty() ? "-" : proposer);
  }
}
