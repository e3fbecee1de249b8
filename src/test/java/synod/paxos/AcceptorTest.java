package synod.paxos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static synod.paxos.Effects.ballot;
import static synod.paxos.Effects.events;
import static synod.paxos.Effects.messages;
import static synod.paxos.Effects.millis;
import static synod.paxos.Effects.persist;
import static synod.paxos.Effects.receivers;
import static synod.paxos.Effects.sends;
import static synod.paxos.Effects.value;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import synod.sim.MemoryAcceptorLog;

class AcceptorTest {
  private static final Ballot LOW = ballot(1, "a");
  private static final Ballot MIDDLE = ballot(2, "b");
  private static final Ballot HIGH = ballot(3, "a");

  private static final Quorums QUORUMS = Quorums.majority(List.of("self", "a", "b"));

  private final MemoryAcceptorLog disk = new MemoryAcceptorLog();
  private Acceptor acceptor = restarted(Effects.SETTINGS);
  private long now;

  // Promises

  @Test
  void aPromiseLeavesOnlyWithItsRecordDurable() {
    List<Effect> effects = prepare(LOW, 1);

    assertThat(sends(effects)).isEmpty();
    assertThat(persist(effects).records()).containsExactly(new DurableRecord.Promised(LOW));
    assertThat(messages(complete(effects), Message.Promise.class))
        .containsExactly(new Message.Promise(LOW, 1, List.of(), 0, 1));
  }

  @Test
  void aRepeatedPrepareIsPromisedAgainOnceTheFirstPromiseIsDurable() {
    Effect.Persist first = persist(prepare(LOW, 1));
    Effect.Persist second = persist(prepare(LOW, 1));

    assertThat(second.id()).isGreaterThan(first.id());
    assertThat(second.records()).isEmpty();
    assertThat(messages(second.release(), Message.Promise.class)).hasSize(1);
  }

  @Test
  void aPrepareBelowThePromiseIsRejectedWithThePromise() {
    complete(prepare(HIGH, 1));

    List<Effect> effects = prepare(MIDDLE, 1);

    assertThat(messages(effects, Message.Rejected.class))
        .containsExactly(new Message.Rejected(MIDDLE, HIGH));
    assertThat(acceptor.promised()).isEqualTo(HIGH);
  }

  @Test
  void aRepeatOfAnEarlierPrepareIsJudgedByThePresentPromise() {
    complete(prepare(LOW, 1));
    complete(prepare(HIGH, 1));

    assertThat(messages(prepare(LOW, 1), Message.Rejected.class)).hasSize(1);
  }

  @Test
  void aPromiseReportsAllThatWasAcceptedFromTheAskedSlotOn() {
    complete(accept(LOW, 1, "one"));
    complete(accept(LOW, 2, "two"));
    complete(accept(LOW, 4, "four"));

    Message.Promise promise = onlyPromise(complete(prepare(HIGH, 2)));

    assertThat(promise.entries())
        .containsExactly(new Entry(2, LOW, value("two")), new Entry(4, LOW, value("four")));
    assertThat(promise.next()).isZero();
  }

  @Test
  void aPromiseReportsWhatIsStillBeingWrittenAndLeavesBehindIt() {
    List<Effect> unfinished = accept(LOW, 3, "new");

    List<Effect> effects = prepare(HIGH, 1);

    assertThat(persist(effects).id()).isGreaterThan(persist(unfinished).id());
    assertThat(onlyPromise(persist(effects).release()).entries())
        .containsExactly(new Entry(3, LOW, value("new")));
  }

  @Test
  void aPromiseReportsTheLatestValueOfASlotThoughAnOlderOneIsOnDisk() {
    complete(accept(LOW, 1, "old"));
    accept(MIDDLE, 1, "new");

    assertThat(onlyPromise(persist(prepare(HIGH, 1)).release()).entries())
        .containsExactly(new Entry(1, MIDDLE, value("new")));
  }

  @Test
  void aLongPromiseComesInPartsThatTogetherHoldEverythingOnce() {
    acceptor = restarted(Effects.settings(2, 100, 10));
    List<Entry> expected = new ArrayList<>();
    for (long slot = 1; slot <= 20; slot++) {
      List<Effect> effects = accept(LOW, slot, "12345");
      if (slot <= 17) {
        complete(effects); // the last three are still being written
      }
      expected.add(new Entry(slot, LOW, value("12345")));
    }

    List<Entry> reported = new ArrayList<>();
    int parts = 0;
    for (long from = 3; from != 0; parts++) {
      Message.Promise part = onlyPromise(persist(prepare(HIGH, from)).release());
      assertThat(part.from()).isEqualTo(from);
      reported.addAll(part.entries());
      from = part.next();
    }

    assertThat(parts).isGreaterThan(5);
    assertThat(reported).isEqualTo(expected.subList(2, 20));
  }

  // Acceptances

  @Test
  void aVoteLeavesOnlyWithItsEntryDurable() {
    List<Effect> effects = accept(LOW, 1, "v");

    assertThat(sends(effects)).isEmpty();
    assertThat(persist(effects).records())
        .contains(new DurableRecord.Accepted(new Entry(1, LOW, value("v"))));
    List<Effect.Released> released = complete(effects);
    assertThat(messages(released, Message.Accepted.class))
        .containsExactly(new Message.Accepted(LOW, 1));
    assertThat(receivers(released, Message.AcceptedEntries.class)).containsExactly("self");
    assertThat(events(released, ProtocolEvent.EntryAccepted.class)).hasSize(1);
  }

  @Test
  void anAcceptAboveThePromiseRaisesItInTheSameWrite() {
    complete(prepare(LOW, 1));

    List<Effect> effects = accept(HIGH, 1, "v");

    assertThat(persist(effects).records())
        .containsExactly(
            new DurableRecord.Promised(HIGH),
            new DurableRecord.Accepted(new Entry(1, HIGH, value("v"))));
    assertThat(messages(prepare(MIDDLE, 1), Message.Rejected.class)).hasSize(1);
    assertThat(messages(accept(MIDDLE, 2, "w"), Message.Rejected.class)).hasSize(1);
  }

  @Test
  void anAcceptBelowThePromiseIsRejectedAndLeavesNoTrace() {
    complete(prepare(HIGH, 1));

    List<Effect> effects = accept(MIDDLE, 1, "v");

    assertThat(messages(effects, Message.Rejected.class))
        .containsExactly(new Message.Rejected(MIDDLE, HIGH));
    assertThat(Effects.only(effects, Effect.Persist.class)).isEmpty();
    assertThat(acceptor.lastSlot()).isZero();
  }

  @Test
  void aRepeatedAcceptIsVotedForAgainWithoutAnotherRecord() {
    List<Effect> first = accept(LOW, 1, "v");
    List<Effect> whileWriting = accept(LOW, 1, "v");
    complete(first);
    List<Effect> afterwards = accept(LOW, 1, "v");

    for (List<Effect> repeat : List.of(whileWriting, afterwards)) {
      assertThat(persist(repeat).records()).isEmpty();
      assertThat(messages(persist(repeat).release(), Message.Accepted.class))
          .containsExactly(new Message.Accepted(LOW, 1));
    }
    assertThat(persist(whileWriting).id()).isGreaterThan(persist(first).id());
  }

  @Test
  void aRepeatedAcceptIsRejectedOnceAHigherBallotIsPromised() {
    complete(accept(LOW, 1, "v"));
    complete(prepare(HIGH, 1));

    assertThat(messages(accept(LOW, 1, "v"), Message.Rejected.class))
        .containsExactly(new Message.Rejected(LOW, HIGH));
  }

  @Test
  void anotherValueAtTheSameSlotAndBallotIsABreach() {
    complete(accept(LOW, 1, "v"));

    assertThatThrownBy(() -> accept(LOW, 1, "w")).isInstanceOf(InvariantViolation.class);
  }

  @Test
  void aHigherBallotReplacesTheValueOfASlot() {
    complete(accept(LOW, 1, "v"));
    complete(accept(HIGH, 1, "w"));

    assertThat(disk.entry(1)).contains(new Entry(1, HIGH, value("w")));
  }

  @Test
  void aLateCompletionOfAnEarlierWriteDoesNotUncoverTheOldValue() {
    Effect.Persist first = persist(accept(LOW, 1, "old"));
    accept(MIDDLE, 1, "new");
    disk.write(first.records());
    acceptor.persisted(first.id());

    assertThat(onlyPromise(persist(prepare(HIGH, 1)).release()).entries())
        .containsExactly(new Entry(1, MIDDLE, value("new")));
  }

  @Test
  void withoutALearnerBesideNobodyIsToldOfTheEntry() {
    acceptor = new Acceptor("self", false, QUORUMS, Effects.SETTINGS, disk, now);

    assertThat(receivers(complete(accept(LOW, 1, "v")), Message.AcceptedEntries.class)).isEmpty();
  }

  @Test
  void aRestartedAcceptorKnowsWhatItPromisedAndAccepted() {
    complete(prepare(LOW, 1));
    complete(accept(MIDDLE, 5, "v"));

    acceptor = restarted(Effects.SETTINGS);

    assertThat(acceptor.promised()).isEqualTo(MIDDLE);
    assertThat(acceptor.lastSlot()).isEqualTo(5);
    assertThat(messages(prepare(LOW, 1), Message.Rejected.class)).hasSize(1);
    assertThat(onlyPromise(complete(prepare(HIGH, 1))).entries())
        .containsExactly(new Entry(5, MIDDLE, value("v")));
  }

  @Test
  void whileSpaceIsLowNewEntriesAreRefusedAndTheRestGoesOn() {
    complete(accept(LOW, 1, "v"));
    acceptor.setLowSpace(true);

    assertThat(accept(LOW, 2, "w")).isEmpty();
    assertThat(messages(complete(accept(LOW, 1, "v")), Message.Accepted.class)).hasSize(1);
    assertThat(messages(complete(prepare(HIGH, 1)), Message.Promise.class)).hasSize(1);

    acceptor.setLowSpace(false);
    assertThat(messages(complete(accept(HIGH, 2, "w")), Message.Accepted.class)).hasSize(1);
  }

  @Test
  void anEntryRefusedForLackOfSpaceDoesNotRaiseThePromise() {
    acceptor.setLowSpace(true);

    accept(HIGH, 1, "v");

    assertThat(acceptor.promised()).isEqualTo(Ballot.NONE);
  }

  // A disk that stands still

  private static final int MEBIBYTE = 1 << 20;

  private List<Effect> acceptLarge(Ballot ballot, long slot) {
    return receive(new Message.Accept(ballot, slot, new byte[MEBIBYTE]));
  }

  /** Has it accept, in ascending slots, until it takes no more; returns the writes under way. */
  private List<List<Effect>> fillUp(Ballot ballot) {
    List<List<Effect>> waiting = new ArrayList<>();
    for (List<Effect> more = acceptLarge(ballot, 1);
        !more.isEmpty();
        more = acceptLarge(ballot, waiting.size() + 1)) {
      waiting.add(more);
      assertThat(waiting.size() * (long) MEBIBYTE).isLessThanOrEqualTo(Unwritten.MAX);
    }
    return waiting;
  }

  @Test
  void noMoreWaitsForTheDiskThanFitsAndWhatDidNotFitIsAcceptedLater() {
    List<List<Effect>> waiting = fillUp(LOW);

    assertThat(waiting).hasSizeGreaterThan(10);
    assertThat(acceptor.lastSlot()).isEqualTo(waiting.size());
    waiting.forEach(this::complete);
    List<Effect.Released> released = complete(acceptLarge(LOW, waiting.size() + 1));
    assertThat(messages(released, Message.Accepted.class)).hasSize(1);
  }

  @Test
  void whatDoesNotFitRaisesNoPromiseAndRepeatsDoNotPileUp() {
    fillUp(LOW);

    assertThat(acceptLarge(LOW, 1)).isEmpty();
    assertThat(acceptLarge(HIGH, 1)).isEmpty();
    assertThat(acceptor.promised()).isEqualTo(LOW);
  }

  @Test
  void promisesThatWaitForTheDiskAreBoundedToo() {
    int waiting = 0;
    while (!prepare(HIGH, 1).isEmpty()) {
      waiting++;
      assertThat(waiting).isLessThan(1_000_000);
    }

    assertThat(waiting * (long) Effects.SETTINGS.partBytes()).isLessThanOrEqualTo(Unwritten.MAX);
    assertThat(acceptLarge(ballot(4, "b"), 1)).isEmpty();
    assertThat(acceptor.promised()).isEqualTo(HIGH);
  }

  @Test
  void aValueOfAnySizeIsAcceptedWhenNothingElseWaits() {
    byte[] huge = new byte[(int) Unwritten.MAX + 1];

    List<Effect> effects = receive(new Message.Accept(LOW, 1, huge));

    assertThat(messages(complete(effects), Message.Accepted.class)).hasSize(1);
  }

  // Leadership

  @Test
  void aHeartbeatIsAnsweredWithItsNonceAndThePromise() {
    complete(prepare(LOW, 1));

    assertThat(messages(heartbeat(LOW, 17), Message.HeartbeatAck.class))
        .containsExactly(new Message.HeartbeatAck(LOW, 17, LOW));
  }

  @Test
  void theHeartbeatOfADeposedLeaderIsAnsweredWithTheHigherPromiseEvenBeforeItIsDurable() {
    complete(prepare(LOW, 1));
    prepare(HIGH, 1);

    assertThat(messages(heartbeat(LOW, 17), Message.HeartbeatAck.class))
        .containsExactly(new Message.HeartbeatAck(LOW, 17, HIGH));
  }

  @Test
  void theLeaderIsMissedOnlyAfterTheMinimumTimeout() {
    heartbeat(LOW, 1);

    now += millis(100) - 1;
    assertThat(missesLeader()).isFalse();
    now += 1;
    assertThat(missesLeader()).isTrue();
    heartbeat(LOW, 2);
    assertThat(missesLeader()).isFalse();
  }

  @Test
  void noLeaderIsMissedWhileACandidateIsGettingOn() {
    complete(prepare(HIGH, 1));
    now += millis(99);
    complete(prepare(HIGH, 2));
    now += millis(99);
    assertThat(missesLeader()).isFalse();

    prepare(LOW, 3);
    now += millis(1);
    assertThat(missesLeader()).isTrue();
  }

  @Test
  void aDeposedLeaderIsMissedThoughItsHeartbeatsGoOn() {
    complete(prepare(HIGH, 1));
    now += millis(100);

    heartbeat(LOW, 1);

    assertThat(missesLeader()).isTrue();
  }

  @Test
  void aRestartedAcceptorDoesNotMissTheLeaderAtOnce() {
    now += millis(1_000);
    acceptor = restarted(Effects.SETTINGS);

    assertThat(missesLeader()).isFalse();
    now += millis(100);
    assertThat(missesLeader()).isTrue();
  }

  @Test
  void thePreCampaignChangesNothingAndTellsThePromise() {
    complete(prepare(LOW, 1));

    List<Effect> effects = receive(new Message.PreCampaign(5));

    assertThat(effects).hasSize(1);
    assertThat(messages(effects, Message.PreCampaignReply.class))
        .containsExactly(new Message.PreCampaignReply(5, false, LOW));
    assertThat(acceptor.promised()).isEqualTo(LOW);
  }

  @Test
  void onlyDurableEntriesAreHandedOutToLearners() {
    complete(accept(LOW, 1, "v"));
    accept(LOW, 2, "w");

    List<Effect> effects = receive(new Message.FetchAccepted(1));

    assertThat(messages(effects, Message.AcceptedEntries.class))
        .containsExactly(new Message.AcceptedEntries(List.of(new Entry(1, LOW, value("v")))));
  }

  // Trimming

  @Test
  void itTrimsWhatSoManyLearnersHoldThatEveryPhase1QuorumHasOneOfThem() {
    for (long slot = 1; slot <= 3; slot++) {
      complete(accept(LOW, slot, "v"));
    }

    assertThat(durable("a", 3)).isEmpty();
    complete(durable("b", 2));

    assertThat(disk.trimmedBelow()).isEqualTo(3);
    assertThat(disk.entries(1, 1_000)).containsExactly(new Entry(3, LOW, value("v")));
  }

  @Test
  void learnersWithoutAnAcceptorDoNotCountForTrimming() {
    assertThat(durable("a", 3)).isEmpty();
    assertThat(durable("somebody", 3)).isEmpty();
  }

  @Test
  void aLearnersOlderWordDoesNotTakeBackItsNewerOne() {
    durable("a", 3);
    durable("a", 1);
    complete(durable("b", 3));

    assertThat(disk.trimmedBelow()).isEqualTo(4);
    assertThat(durable("b", 2)).isEmpty();
  }

  @Test
  void whatWasTrimmedIsReportedAsTrimmedAndNotAsEmpty() {
    complete(accept(LOW, 1, "v"));
    complete(accept(LOW, 2, "w"));
    durable("a", 1);
    Effect.Persist trim = persist(durable("b", 1));
    Message.Promise promise = onlyPromise(persist(prepare(HIGH, 1)).release());

    assertThat(trim.records()).containsExactly(new DurableRecord.Trimmed(2));
    assertThat(promise.trimmedBelow()).isEqualTo(2);
    assertThat(promise.entries()).containsExactly(new Entry(2, LOW, value("w")));
  }

  @Test
  void anAcceptBelowTheTrimPointIsNotStored() {
    durable("a", 5);
    complete(durable("b", 5));

    assertThat(accept(LOW, 5, "late"))
        .containsExactly(new Effect.Send("a", Role.PROPOSER, new Message.Trimmed(LOW, 5, 6)));
    assertThat(persist(accept(LOW, 6, "v")).records())
        .contains(new DurableRecord.Accepted(new Entry(6, LOW, value("v"))));
  }

  @Test
  void anAcceptBelowBothThePromiseAndTheTrimPointIsRejected() {
    complete(prepare(HIGH, 1));
    durable("a", 5);
    complete(durable("b", 5));

    assertThat(messages(accept(LOW, 5, "late"), Message.Rejected.class))
        .containsExactly(new Message.Rejected(LOW, HIGH));
  }

  @Test
  void aRestartedAcceptorKnowsItsTrimPoint() {
    durable("a", 5);
    complete(durable("b", 5));
    acceptor = restarted(Effects.SETTINGS);

    assertThat(acceptor.trimmedBelow()).isEqualTo(6);
    assertThat(acceptor.lastSlot()).isEqualTo(5);
  }

  // What it reads from the disk

  @Test
  void itSaysOfEachMessageWhetherItMayReadTheLog() {
    complete(accept(LOW, 1, "durable"));
    accept(LOW, 2, "pending");

    assertThat(acceptor.readsLog(new Message.Prepare(HIGH, 1))).isTrue();
    assertThat(acceptor.readsLog(new Message.FetchAccepted(1))).isTrue();
    assertThat(acceptor.readsLog(new Message.Accept(LOW, 1, value("durable")))).isTrue();
    assertThat(acceptor.readsLog(new Message.Accept(LOW, 2, value("pending")))).isFalse();
    assertThat(acceptor.readsLog(new Message.Accept(LOW, 3, value("new")))).isFalse();
    assertThat(acceptor.readsLog(new Message.Heartbeat(LOW, 1))).isFalse();
    assertThat(acceptor.readsLog(new Message.PreCampaign(1))).isFalse();
    assertThat(acceptor.readsLog(new Message.Durable(1))).isFalse();
  }

  // The shell's part

  private List<Effect> durable(String learner, long slot) {
    return acceptor.receive(learner, new Message.Durable(slot), now);
  }

  private Acceptor restarted(PaxosSettings settings) {
    return new Acceptor("self", true, QUORUMS, settings, disk, now);
  }

  private List<Effect> prepare(Ballot ballot, long from) {
    return receive(new Message.Prepare(ballot, from));
  }

  private List<Effect> accept(Ballot ballot, long slot, String value) {
    return receive(new Message.Accept(ballot, slot, value(value)));
  }

  private List<Effect> heartbeat(Ballot ballot, long nonce) {
    return receive(new Message.Heartbeat(ballot, nonce));
  }

  private boolean missesLeader() {
    return messages(receive(new Message.PreCampaign(1)), Message.PreCampaignReply.class)
        .get(0)
        .missesLeader();
  }

  private List<Effect> receive(Message message) {
    return acceptor.receive("a", message, now);
  }

  /** The write that these effects ask for becomes durable. */
  private List<Effect.Released> complete(List<Effect> effects) {
    Effect.Persist write = persist(effects);
    disk.write(write.records());
    acceptor.persisted(write.id());
    return write.release();
  }

  private static Message.Promise onlyPromise(List<Effect.Released> released) {
    List<Message.Promise> promises = messages(released, Message.Promise.class);
    assertThat(promises).hasSize(1);
    return promises.get(0);
  }
}
