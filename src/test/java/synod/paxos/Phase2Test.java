package synod.paxos;

import static org.assertj.core.api.Assertions.assertThat;
import static synod.paxos.Effects.ballot;
import static synod.paxos.Effects.messages;
import static synod.paxos.Effects.millis;
import static synod.paxos.Effects.receivers;
import static synod.paxos.Effects.value;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class Phase2Test {
  private static final Ballot MINE = ballot(9, "a");
  private static final Quorums THREE = Quorums.majority(List.of("a", "b", "c"));

  private Phase2 phase2 = leader(Effects.settings(2, 100, 1_000), 5);
  private long now;

  // What the promises reported

  @Test
  void reportedValuesAreProposedAgainAtTheNewBallotAndGapsAreFilledWithNoOps() {
    phase2 = leader(Effects.settings(10, 100, 1_000), 5, entry(6, 3, "six"), entry(8, 2, "eight"));
    submit(1, "new");

    assertThat(proposals(phase2.propose(now)))
        .containsExactly("5=", "6=six", "7=", "8=eight", "9=new");
    assertThat(phase2.recoverUpTo()).isEqualTo(8);
  }

  @Test
  void nothingIsProposedBelowTheFirstUnchosenSlot() {
    phase2 = leader(Effects.settings(10, 100, 1_000), 5, entry(7, 3, "seven"));

    assertThat(phase2.propose(now))
        .allSatisfy(effect -> assertThat(slotOf(effect)).isGreaterThanOrEqualTo(5));
  }

  @Test
  void noReadIndexBeforeEveryReportedSlotIsChosen() {
    phase2 = leader(Effects.settings(1, 100, 1_000), 5, entry(6, 3, "six"));
    phase2.propose(now);
    assertThat(phase2.isRecovered()).isFalse();

    choose(5);
    phase2.propose(now);
    assertThat(phase2.isRecovered()).isFalse();

    choose(6);
    assertThat(phase2.isRecovered()).isTrue();
    assertThat(phase2.chosenUpTo()).isEqualTo(6);
  }

  @Test
  void withNothingReportedEverythingBelowTheFirstUnchosenSlotMayBeRead() {
    assertThat(phase2.isRecovered()).isTrue();
    assertThat(phase2.chosenUpTo()).isEqualTo(4);
  }

  // Window and batches

  @Test
  void everyConfiguredAcceptorIsAsked() {
    submit(1, "v");

    assertThat(receivers(phase2.propose(now), Message.Accept.class)).containsExactly("a", "b", "c");
  }

  @Test
  void noMoreSlotsAreInFlightThanTheWindowAllows() {
    phase2 = leader(Effects.settings(2, 1, 1_000), 5);
    submit(1, "one");
    submit(2, "two");
    submit(3, "three");

    assertThat(proposals(phase2.propose(now))).containsExactly("5=one", "6=two");
    assertThat(phase2.propose(now)).isEmpty();
    choose(6);
    assertThat(proposals(phase2.propose(now))).containsExactly("7=three");
  }

  @Test
  void whatThePromisesReportedIsProposedAgainInAWindowOfItsOwn() {
    phase2 = leader(Effects.settings(2, 100, 1_000), 1, entry(100, 3, "last"));
    submit(1, "new");

    assertThat(proposals(phase2.propose(now))).hasSize(Phase2.RECOVERY_WINDOW);
    long chosen = 0;
    while (!phase2.isRecovered()) {
      choose(++chosen);
      assertThat(proposals(phase2.propose(now)).size()).isLessThanOrEqualTo(1);
    }
    assertThat(chosen).isEqualTo(100);
    assertThat(phase2.canPropose()).isFalse();
    choose(101);
    submit(2, "newer");
    assertThat(proposals(phase2.propose(now))).containsExactly("102=newer");
  }

  @Test
  void largeValuesAreProposedAgainOnlyAsManyAsThePipelineIsDeep() {
    String large = "x".repeat((int) Phase2.RECOVERY_BYTES);
    phase2 =
        leader(
            Effects.settings(2, 100, 1_000),
            1,
            entry(1, 3, large),
            entry(2, 3, large),
            entry(3, 3, large));

    assertThat(proposals(phase2.propose(now))).hasSize(2);
    choose(1);
    assertThat(proposals(phase2.propose(now))).hasSize(1);
  }

  @Test
  void whatIsQueuedGoesIntoOneSlotUpToTheBatchSize() {
    phase2 = leader(Effects.settings(3, 10, 1_000), 5);
    submit(1, "1234");
    submit(2, "5678");
    submit(3, "9012");
    submit(4, "a value beyond the size of a batch");
    submit(5, "x");

    assertThat(proposals(phase2.propose(now)))
        .containsExactly("5=1234+5678", "6=9012", "7=a value beyond the size of a batch");
  }

  @Test
  void aRepeatedSubmissionTakesNoSecondSlotWhileTheFirstIsQueuedOrInFlight() {
    submit(1, "v");
    submit(1, "v");
    assertThat(proposals(phase2.propose(now))).containsExactly("5=v");
    submit(1, "v");
    assertThat(phase2.propose(now)).isEmpty();
  }

  @Test
  void aSubmissionThatWasChosenMayComeAgain() {
    submit(1, "v");
    phase2.propose(now);
    choose(5);

    submit(1, "v");
    assertThat(proposals(phase2.propose(now))).containsExactly("6=v");
  }

  @Test
  void theSameNumberOfAnotherGatewayOrAnotherLifeIsAnotherSubmission() {
    phase2.submit("g", new Message.Submit(1, 1, value("a")));
    phase2.submit("h", new Message.Submit(1, 1, value("b")));
    phase2.submit("g", new Message.Submit(2, 1, value("c")));

    assertThat(proposals(phase2.propose(now))).containsExactly("5=a+b+c");
  }

  @Test
  void submissionsBeyondTheQueuesBoundAreDroppedAndMayComeAgain() {
    byte[] large = new byte[1 << 20];
    for (long id = 1; id <= Phase2.MAX_QUEUED_BYTES / large.length; id++) {
      phase2.submit("g", new Message.Submit(1, id, large));
    }
    phase2.submit("g", new Message.Submit(1, 1_000, value("dropped")));
    phase2.propose(now);
    phase2.submit("g", new Message.Submit(1, 1_000, value("taken")));

    long slot = 5;
    while (slot < 200) {
      choose(slot++);
      List<String> proposed =
          messages(phase2.propose(now), Message.Accept.class).stream()
              .filter(accept -> accept.value().length < 100)
              .map(accept -> new String(accept.value(), StandardCharsets.UTF_8))
              .distinct()
              .toList();
      if (!proposed.isEmpty()) {
        assertThat(proposed).containsExactly("taken");
        return;
      }
    }
    throw new AssertionError("the repeated submission was never proposed");
  }

  // Votes

  @Test
  void aSlotIsChosenWithTheVoteThatMakesTheQuorumAndOnlyOnce() {
    submit(1, "v");
    phase2.propose(now);

    assertThat(phase2.vote("a", 5)).isNull();
    Phase2.ChosenSlot chosen = phase2.vote("b", 5);
    assertThat(chosen.votes()).containsExactlyInAnyOrder("a", "b");
    assertThat(chosen.value()).isEqualTo(value("v"));
    assertThat(phase2.vote("c", 5)).isNull();
  }

  @Test
  void anAcceptorsVoteCountsOnceAndAStrangersNever() {
    submit(1, "v");
    phase2.propose(now);

    phase2.vote("a", 5);
    assertThat(phase2.vote("a", 5)).isNull();
    assertThat(phase2.vote("x", 5)).isNull();
  }

  @Test
  void theChosenPrefixEndsAtTheFirstSlotInFlight() {
    phase2 = leader(Effects.settings(3, 1, 1_000), 5);
    submit(1, "a");
    submit(2, "b");
    submit(3, "c");
    phase2.propose(now);

    choose(6);
    assertThat(phase2.chosenUpTo()).isEqualTo(4);
    choose(5);
    assertThat(phase2.chosenUpTo()).isEqualTo(6);
  }

  // Repeats

  @Test
  void unansweredAcceptsAreRepeatedToThoseWhoHaveNotVotedAtGrowingIntervals() {
    submit(1, "v");
    phase2.propose(now);
    phase2.vote("b", 5);

    now = millis(10) - 1;
    assertThat(phase2.repeat(now)).isEmpty();
    long interval = millis(10);
    for (int i = 0; i < 8; i++) {
      now = phase2.repeatAt();
      List<Effect> repeats = phase2.repeat(now);
      assertThat(receivers(repeats, Message.Accept.class)).containsExactly("a", "c");
      assertThat(proposals(repeats)).containsExactly("5=v");
      interval = Math.min(2 * interval, millis(100));
      assertThat(phase2.repeatAt() - now).isEqualTo(interval);
    }
  }

  @Test
  void aChosenSlotIsNotRepeated() {
    submit(1, "v");
    phase2.propose(now);
    choose(5);

    assertThat(phase2.repeatAt()).isEqualTo(Long.MAX_VALUE);
    assertThat(phase2.repeat(millis(1_000))).isEmpty();
  }

  private void submit(long id, String commands) {
    phase2.submit("g", new Message.Submit(1, id, value(commands)));
  }

  private void choose(long slot) {
    phase2.vote("a", slot);
    phase2.vote("c", slot);
  }

  private static Phase2 leader(PaxosSettings settings, long from, Entry... reported) {
    Phase1 phase1 = new Phase1(MINE, from, THREE);
    phase1.promise("a", new Message.Promise(MINE, from, List.of(reported), 0, 1));
    phase1.promise("b", new Message.Promise(MINE, from, List.of(), 0, 1));
    return new Phase2(phase1, THREE, settings, Phase2Test::join);
  }

  private static byte[] join(List<byte[]> submissions) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (byte[] submission : submissions) {
      if (joined.size() > 0) {
        joined.write('+');
      }
      joined.writeBytes(submission);
    }
    return joined.toByteArray();
  }

  /** What is proposed, as {@code slot=value}, once for all acceptors. */
  private static List<String> proposals(List<? extends Effect> effects) {
    return messages(effects, Message.Accept.class).stream()
        .peek(accept -> assertThat(accept.ballot()).isEqualTo(MINE))
        .map(accept -> accept.slot() + "=" + new String(accept.value(), StandardCharsets.UTF_8))
        .distinct()
        .collect(Collectors.toList());
  }

  private static long slotOf(Effect effect) {
    return ((Message.Accept) ((Effect.Send) effect).message()).slot();
  }

  private static Entry entry(long slot, long round, String value) {
    return new Entry(slot, ballot(round, "b"), value(value));
  }
}
