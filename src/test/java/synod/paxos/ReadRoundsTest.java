package synod.paxos;

import static org.assertj.core.api.Assertions.assertThat;
import static synod.paxos.Effects.ballot;
import static synod.paxos.Effects.messages;
import static synod.paxos.Effects.receivers;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReadRoundsTest {
  private static final Ballot MINE = ballot(9, "a");

  private final ReadRounds rounds = new ReadRounds(MINE, Quorums.majority(List.of("a", "b", "c")));

  @Test
  void aRoundAsksEveryAcceptorWithItsOwnNonce() {
    request(1);

    List<Effect> questions = rounds.start(41, 7, 100);

    assertThat(receivers(questions, Message.Heartbeat.class)).containsExactly("a", "b", "c");
    assertThat(messages(questions, Message.Heartbeat.class))
        .containsOnly(new Message.Heartbeat(MINE, 41));
  }

  @Test
  void aConfirmedRoundAnswersAllItsReadersWithTheIndexOfItsStart() {
    request(1);
    request(2);
    rounds.start(41, 7, 100);

    assertThat(ack("a", 41, MINE)).isEmpty();
    assertThat(messages(ack("c", 41, ballot(3, "b")), Message.ReadIndex.class))
        .containsExactlyInAnyOrder(new Message.ReadIndex(1, 1, 7), new Message.ReadIndex(1, 2, 7));
    assertThat(rounds.isUnderWay()).isFalse();
  }

  @Test
  void answersToAnEarlierRoundConfirmNothing() {
    request(1);
    rounds.start(41, 7, 100);
    ack("a", 41, MINE);
    ack("b", 41, MINE);
    request(2);
    rounds.start(42, 8, 200);

    assertThat(ack("a", 41, MINE)).isEmpty();
    assertThat(ack("b", 41, MINE)).isEmpty();
    assertThat(ack("c", 40, MINE)).isEmpty();
    assertThat(rounds.isUnderWay()).isTrue();
  }

  @Test
  void votesOfTheRoundBeforeAreForgotten() {
    request(1);
    rounds.start(41, 7, 100);
    ack("a", 41, MINE);
    ack("b", 41, MINE);
    request(2);
    rounds.start(42, 8, 200);

    assertThat(ack("c", 42, MINE)).isEmpty();
  }

  @Test
  void anAcceptorThatPromisedAHigherBallotDoesNotConfirm() {
    request(1);
    rounds.start(41, 7, 100);

    ack("a", 41, MINE);
    assertThat(ack("b", 41, ballot(10, "b"))).isEmpty();
    assertThat(ack("c", 41, MINE)).isNotEmpty();
  }

  @Test
  void anAcceptorConfirmsOnceAndAStrangerNever() {
    request(1);
    rounds.start(41, 7, 100);

    ack("a", 41, MINE);
    assertThat(ack("a", 41, MINE)).isEmpty();
    assertThat(ack("x", 41, MINE)).isEmpty();
  }

  @Test
  void asManyMustConfirmAsMeetEveryPhase1Quorum() {
    ReadRounds flexible = new ReadRounds(MINE, new Quorums(List.of("a", "b", "c", "d", "e"), 2, 4));
    flexible.request("g", new Message.ReadIndexRequest(1, 1));
    flexible.start(41, 7, 100);

    for (String acceptor : List.of("a", "b", "c")) {
      assertThat(flexible.acknowledge(acceptor, new Message.HeartbeatAck(MINE, 41, MINE)))
          .isEmpty();
    }
    assertThat(flexible.acknowledge("d", new Message.HeartbeatAck(MINE, 41, MINE))).hasSize(1);
  }

  @Test
  void whatArrivesDuringARoundWaitsForTheNext() {
    request(1);
    rounds.start(41, 7, 100);
    request(2);

    assertThat(rounds.wantsRound()).isFalse();
    ack("a", 41, MINE);
    assertThat(messages(ack("b", 41, MINE), Message.ReadIndex.class))
        .containsExactly(new Message.ReadIndex(1, 1, 7));
    assertThat(rounds.wantsRound()).isTrue();
  }

  @Test
  void theQuestionIsRepeatedWithTheSameNonceToThoseWhoHaveNotAnswered() {
    request(1);
    rounds.start(41, 7, 100);
    ack("b", 41, MINE);

    List<Effect> repeats = rounds.repeat(200);

    assertThat(receivers(repeats, Message.Heartbeat.class)).containsExactly("a", "c");
    assertThat(messages(repeats, Message.Heartbeat.class))
        .containsOnly(new Message.Heartbeat(MINE, 41));
    assertThat(rounds.repeatAt()).isEqualTo(200);
  }

  private void request(long id) {
    rounds.request("g", new Message.ReadIndexRequest(1, id));
  }

  private List<Effect> ack(String acceptor, long nonce, Ballot promised) {
    return rounds.acknowledge(acceptor, new Message.HeartbeatAck(MINE, nonce, promised));
  }
}
