package synod.explore;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import synod.paxos.PaxosSettings;
import synod.paxos.Quorums;

/**
 * A small world to be explored: acceptors a, b and c, proposers p and q, and what may happen to
 * them. What is left out here can't hide a breach; it only adds ways to breach.
 *
 * <ul>
 *   <li>A message stays in the network: it may be lost (it never arrives), overtake any other, and
 *       arrive any number of times. A retransmission is a copy of a message that is there already.
 *   <li>A campaign begins whenever its proposer likes, whatever it was about, for clocks only
 *       choose moments; so giving up, too, needs no step of its own. Pre-campaigns and heartbeats
 *       hold nobody back, but tell of other ballots and, through the learner, of the chosen prefix:
 *       so a campaign may begin at any slot up to the first that isn't chosen, and above any round
 *       that the other proposer has used.
 *   <li>A leader gets a command for each of its slots at once: one that comes later is an accept
 *       that takes longer.
 *   <li>Learners and gateways are not in it: what they tell proposers is covered by the above.
 * </ul>
 *
 * The number of campaigns bounds it, and the slots; crashes need no bound unless writes are slow.
 *
 * @param slots a leader proposes for no slot above this one
 * @param campaignsOfP how many times p campaigns at most
 * @param acceptorCrashes how many times acceptors stop and come back, all together, or {@link #ANY}
 * @param proposerCrashes how many times each proposer stops and comes back, or {@link #ANY}
 */
record World(
    String name,
    int slots,
    int campaignsOfP,
    int campaignsOfQ,
    int acceptorCrashes,
    int proposerCrashes,
    Set<Option> options) {
  static final int ANY = -1;

  static final List<String> ACCEPTORS = List.of("a", "b", "c");
  static final List<String> PROPOSERS = List.of("p", "q");

  /** Of promises, and of votes. */
  static final int QUORUM = 2;

  /** What more a world can have. */
  enum Option {
    /**
     * A write takes time: it completes some steps after it was begun, and a crash loses all that
     * haven't completed. Without this every write completes at once, which differs only by when its
     * replies leave, and a message whose write is lost is one that never arrived.
     */
    SLOW_WRITES,
    /**
     * Proposers hear of refusals, step down, and know of higher rounds from them alone. Without
     * this a refusal is lost, which makes a proposer only more stubborn.
     */
    REFUSALS,
    /**
     * Leaders hear the votes and propose one slot after the other, and what they say is chosen must
     * be. Without this a leader proposes all slots at once. It has no more to say then, so it comes
     * back as a follower at once, which makes fewer states.
     */
    VOTES,
    /** A promise comes in parts of one entry each. */
    PARTS,
    /**
     * For mistakes: of all rules only that a slot gets one value. A role that finds an invariant
     * broken stops there.
     */
    HARM_ONLY
  }

  static World of(String name, int slots, int campaignsOfP, int campaignsOfQ, Option... options) {
    EnumSet<Option> all = EnumSet.noneOf(Option.class);
    all.addAll(List.of(options));
    return new World(name, slots, campaignsOfP, campaignsOfQ, ANY, ANY, all);
  }

  /** The same world with a bounded number of crashes. */
  World crashes(int ofAcceptors, int ofEachProposer) {
    return new World(name, slots, campaignsOfP, campaignsOfQ, ofAcceptors, ofEachProposer, options);
  }

  /** The same world with one more option. */
  World with(Option option) {
    EnumSet<Option> more = EnumSet.of(option);
    more.addAll(options);
    return new World(
        name, slots, campaignsOfP, campaignsOfQ, acceptorCrashes, proposerCrashes, more);
  }

  boolean has(Option option) {
    return options.contains(option);
  }

  int campaigns(int proposer) {
    return proposer == 0 ? campaignsOfP : campaignsOfQ;
  }

  Quorums quorums() {
    return Quorums.majority(ACCEPTORS);
  }

  PaxosSettings settings() {
    return new PaxosSettings(
        Duration.ofSeconds(1),
        Duration.ofSeconds(10),
        Duration.ofSeconds(20),
        Duration.ofSeconds(1),
        has(Option.VOTES) ? 1 : slots,
        1,
        has(Option.PARTS) ? 1 : 1 << 20);
  }

  @Override
  public String toString() {
    return "%d slot%s, campaigns %d + %d, crashes of acceptors %s, of each proposer %s%s"
        .formatted(
            slots,
            slots == 1 ? "" : "s",
            campaignsOfP,
            campaignsOfQ,
            number(acceptorCrashes),
            number(proposerCrashes),
            options.isEmpty() ? "" : ", " + options);
  }

  private static String number(int count) {
    return count == ANY ? "any" : Integer.toString(count);
  }
}
