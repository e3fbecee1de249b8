package synod.paxos;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Confirms leadership for batches of reads.
 *
 * <p>A round starts after its reads arrived, carries a nonce of its own and counts only answers to
 * that nonce. It is confirmed by acceptors whose promise was not above the leader's ballot and
 * without which no phase 1 can complete: so no higher ballot had chosen anything when the last of
 * its reads arrived. One round is under way at a time; what arrives meanwhile shares the next.
 */
final class ReadRounds {
  private final Ballot ballot;
  private final Quorums quorums;

  private final Set<Reader> waiting = new LinkedHashSet<>();
  private final Set<Reader> confirming = new LinkedHashSet<>();

  /** Invariant: acceptors that answered the present nonce with a promise not above the ballot. */
  private final Set<String> confirmedBy = new HashSet<>();

  private long nonce;
  private long readIndex;
  private long repeatAt;

  private record Reader(String gateway, long incarnation, long id) {}

  ReadRounds(Ballot ballot, Quorums quorums) {
    this.ballot = ballot;
    this.quorums = quorums;
  }

  void request(String gateway, Message.ReadIndexRequest request) {
    waiting.add(new Reader(gateway, request.incarnation(), request.id()));
  }

  boolean wantsRound() {
    return confirming.isEmpty() && !waiting.isEmpty();
  }

  boolean isUnderWay() {
    return !confirming.isEmpty();
  }

  long repeatAt() {
    return repeatAt;
  }

  /**
   * @param chosenUpTo every slot up to this one is chosen, and every slot that the promises
   *     reported lies below it
   */
  List<Effect> start(long newNonce, long chosenUpTo, long repeatRoundAt) {
    confirming.addAll(waiting);
    waiting.clear();
    confirmedBy.clear();
    nonce = newNonce;
    readIndex = chosenUpTo;
    return repeat(repeatRoundAt);
  }

  /** The round's question once more, to everybody who hasn't answered. */
  List<Effect> repeat(long repeatRoundAt) {
    repeatAt = repeatRoundAt;
    List<Effect> questions = new ArrayList<>();
    for (String acceptor : quorums.acceptors()) {
      if (!confirmedBy.contains(acceptor)) {
        questions.add(
            new Effect.Send(acceptor, Role.ACCEPTOR, new Message.Heartbeat(ballot, nonce)));
      }
    }
    return questions;
  }

  /**
   * @return the answers to the readers, if this confirms the round
   */
  List<Effect> acknowledge(String acceptor, Message.HeartbeatAck ack) {
    if (confirming.isEmpty() || ack.nonce() != nonce || ack.promised().isAbove(ballot)) {
      return List.of();
    }
    confirmedBy.add(acceptor);
    if (!quorums.blocksPhase1(confirmedBy)) {
      return List.of();
    }
    List<Effect> answers = new ArrayList<>();
    for (Reader reader : confirming) {
      answers.add(
          new Effect.Send(
              reader.gateway(),
              Role.GATEWAY,
              new Message.ReadIndex(reader.incarnation(), reader.id(), readIndex)));
    }
    confirming.clear();
    return answers;
  }
}
