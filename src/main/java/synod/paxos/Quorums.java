package synod.paxos;

import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The configured acceptors and how many of them make a phase-1 and a phase-2 quorum.
 *
 * <p>Quorums are counted over this fixed list, never over the acceptors that happen to be up. Every
 * phase-1 quorum meets every phase-2 quorum (flexible quorums): {@code phase1 + phase2 > n};
 * anything else can't be constructed.
 */
public class Quorums {
  private final SortedSet<String> acceptors;
  private final int phase1;
  private final int phase2;

  /**
   * @throws IllegalArgumentException if the list is empty or names an acceptor twice, a size lies
   *     outside 1..n, or the two kinds of quorum need not intersect
   */
  public Quorums(Collection<String> acceptors, int phase1, int phase2) {
    this.acceptors = Collections.unmodifiableSortedSet(new TreeSet<>(acceptors));
    this.phase1 = phase1;
    this.phase2 = phase2;
    int n = this.acceptors.size();
    if (n == 0) {
      throw new IllegalArgumentException("the list of acceptors is empty");
    }
    if (n != acceptors.size()) {
      throw new IllegalArgumentException("the list of acceptors names one twice: " + acceptors);
    }
    if (phase1 < 1 || phase1 > n || phase2 < 1 || phase2 > n) {
      throw new IllegalArgumentException(
          "quorum sizes must lie between 1 and "
              + n
              + ": phase1 = "
              + phase1
              + ", phase2 = "
              + phase2);
    }
    if (phase1 + phase2 <= n) {
      throw new IllegalArgumentException(
          "quorums of "
              + phase1
              + " (phase 1) and "
              + phase2
              + " (phase 2) of "
              + n
              + " acceptors need not intersect: phase1 + phase2 must exceed "
              + n);
    }
  }

  /** Majorities for both phases. */
  public static Quorums majority(Collection<String> acceptors) {
    int majority = acceptors.size() / 2 + 1;
    return new Quorums(acceptors, majority, majority);
  }

  /** The names of all configured acceptors, sorted. */
  public SortedSet<String> acceptors() {
    return acceptors;
  }

  public int size() {
    return acceptors.size();
  }

  public int phase1() {
    return phase1;
  }

  public int phase2() {
    return phase2;
  }

  public boolean isPhase1(Set<String> votes) {
    return count(votes) >= phase1;
  }

  public boolean isPhase2(Set<String> votes) {
    return count(votes) >= phase2;
  }

  /**
   * Whether these acceptors meet every phase-1 quorum, so that no proposer can finish phase 1
   * without one of them.
   */
  public boolean blocksPhase1(Set<String> votes) {
    return count(votes) >= size() - phase1 + 1;
  }

  /**
   * The highest value that the acceptors of some set that {@link #blocksPhase1} have all reached.
   *
   * @param values by acceptor; whoever is missing has reached 0, and other names don't count
   */
  public long reachedByBlocking(Map<String, Long> values) {
    return acceptors.stream()
        .map(acceptor -> values.getOrDefault(acceptor, 0L))
        .sorted(Comparator.reverseOrder())
        .skip(size() - phase1)
        .findFirst()
        .orElseThrow();
  }

  private int count(Set<String> votes) {
    Set<String> counted = new HashSet<>(votes);
    counted.retainAll(acceptors);
    return counted.size();
  }

  @Override
  public String toString() {
    return acceptors + " (q1 = " + phase1 + ", q2 = " + phase2 + ")";
  }
}
