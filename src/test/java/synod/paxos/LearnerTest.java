package synod.paxos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static synod.paxos.Effects.applied;
import static synod.paxos.Effects.ballot;
import static synod.paxos.Effects.events;
import static synod.paxos.Effects.messages;
import static synod.paxos.Effects.millis;
import static synod.paxos.Effects.receivers;
import static synod.paxos.Effects.sends;
import static synod.paxos.Effects.value;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LearnerTest {
  private static final Ballot LOW = ballot(1, "b");
  private static final Ballot MIDDLE = ballot(2, "a");
  private static final Ballot HIGH = ballot(3, "b");

  /** What the state machine has applied. */
  private final List<byte[]> log = new ArrayList<>();

  private final FakeSnapshots snapshots = new FakeSnapshots();
  private long now = millis(1_000);
  private Learner learner = started(true);

  // Which value a slot holds

  @Test
  void anAcceptedEntryIsNotAppliedBeforeItsSlotIsKnownToBeChosen() {
    assertThat(applied(accepted("a", entry(1, LOW, "v")))).isEmpty();

    assertThat(applied(chosen(LOW, 1, 1))).containsExactly("v");
  }

  @Test
  void anEntryOfALowerBallotThanTheNoticesIsNotUsed() {
    accepted("a", entry(1, LOW, "stale"));

    assertThat(applied(chosen(HIGH, 1, 1))).isEmpty();
    assertThat(applied(accepted("b", entry(1, HIGH, "chosen")))).containsExactly("chosen");
  }

  @Test
  void anEntryOfAHigherBallotThanTheNoticesHoldsTheChosenValue() {
    accepted("a", entry(1, HIGH, "v"));

    assertThat(applied(chosen(MIDDLE, 1, 1))).containsExactly("v");
  }

  @Test
  void aNoticeCoversOnlyTheSlotsThatItNames() {
    accepted("a", entry(1, LOW, "one"));
    accepted("a", entry(2, MIDDLE, "two"));
    accepted("a", entry(3, MIDDLE, "three"));

    assertThat(applied(chosen(MIDDLE, 2, 2))).isEmpty();
    assertThat(applied(chosen(LOW, 1, 1))).containsExactly("one", "two");
  }

  @Test
  void aLowerEntryThatComesLateDoesNotReplaceAHigherOne() {
    accepted("a", entry(1, HIGH, "chosen"));
    accepted("b", entry(1, LOW, "stale"));

    assertThat(applied(chosen(HIGH, 1, 1))).containsExactly("chosen");
  }

  @Test
  void whatTheOwnProposerSawChosenIsAppliedWithoutANotice() {
    List<Effect> effects = receive("a", new Message.ChosenHere(1, value("v")));

    assertThat(applied(effects)).containsExactly("v");
  }

  @Test
  void twoValuesChosenAtOneSlotAreABreach() {
    receive("a", new Message.ChosenHere(2, value("v")));

    assertThatThrownBy(() -> receive("a", new Message.ChosenHere(2, value("w"))))
        .isInstanceOf(InvariantViolation.class);
  }

  // Order

  @Test
  void slotsAreAppliedInOrderOnceEach() {
    chosen(LOW, 1, 4);
    assertThat(applied(accepted("a", entry(3, LOW, "three")))).isEmpty();
    assertThat(applied(accepted("a", entry(2, LOW, "two")))).isEmpty();
    assertThat(applied(accepted("a", entry(1, LOW, "one")))).containsExactly("one", "two", "three");
    assertThat(applied(accepted("a", entry(1, LOW, "one"), entry(3, LOW, "three")))).isEmpty();
    assertThat(applied(receive("a", new Message.ChosenHere(2, value("two"))))).isEmpty();
    assertThat(applied(accepted("a", entry(4, LOW, "four")))).containsExactly("four");
    assertThat(learner.applied()).isEqualTo(4);
  }

  @Test
  void aLongRunIsAppliedInBoundedPartsWithoutAGap() {
    chosen(LOW, 1, 700);
    List<Entry> entries = new ArrayList<>();
    for (long slot = 1; slot <= 700; slot++) {
      entries.add(entry(slot, LOW, "v" + slot));
    }

    List<Effect.Apply> parts =
        Effects.only(receive("a", new Message.AcceptedEntries(entries)), Effect.Apply.class);

    long next = 1;
    for (Effect.Apply part : parts) {
      assertThat(part.firstSlot()).isEqualTo(next);
      assertThat(part.values()).hasSizeLessThanOrEqualTo(Learner.MAX_RUN);
      next += part.values().size();
    }
    assertThat(next).isEqualTo(701);
  }

  @Test
  void aRestartedLearnerGoesOnWhereTheStateMachineStands() {
    apply("one", "two");
    learner = started(true);
    chosen(LOW, 1, 3);

    assertThat(applied(accepted("a", entry(2, LOW, "two"), entry(3, LOW, "three"))))
        .containsExactly("three");
  }

  // Catching up

  @Test
  void whatIsMissingIsFetchedFromEverySourceInTurn() {
    chosen(HIGH, 1, 3);
    List<String> asked = new ArrayList<>(asked(chosen(HIGH, 1, 3)));
    now += millis(10);
    List<Effect> effects = learner.tick(now);
    for (int i = 0; i < 8; i++) {
      asked.addAll(asked(effects));
      now = learner.wakeUpAt();
      effects = learner.tick(now);
    }

    assertThat(asked)
        .contains("b LEARNER", "c LEARNER", "d LEARNER", "a ACCEPTOR", "b ACCEPTOR", "c ACCEPTOR");
  }

  @Test
  void anAnswerThatDoesNotHelpMovesOnToTheNextSourceAtOnce() {
    accepted("a", entry(1, LOW, "stale"));
    List<String> first = asked(untilItAsks(chosen(HIGH, 1, 1)));
    List<String> second = asked(accepted("a", entry(1, LOW, "stale")));

    assertThat(first).hasSize(1);
    assertThat(second).hasSize(1).isNotEqualTo(first);
  }

  @Test
  void sourcesThatAllAnswerInVainAreNotAskedInAHotLoop() {
    untilItAsks(chosen(HIGH, 1, 1));
    int questions = 0;
    for (int i = 0; i < 100; i++) {
      questions += asked(receive("b", new Message.ChosenValues(1, List.of()))).size();
    }

    assertThat(questions).isLessThanOrEqualTo(6);
    assertThat(learner.wakeUpAt()).isLessThanOrEqualTo(now + millis(10));
  }

  @Test
  void chosenValuesOfAPeerAreApplied() {
    chosen(HIGH, 1, 3);

    List<Effect> effects =
        receive("b", new Message.ChosenValues(1, List.of(value("one"), value("two"))));

    assertThat(applied(effects)).containsExactly("one", "two");
    assertThat(
            messages(effects, Message.FetchChosen.class).size()
                + messages(effects, Message.FetchAccepted.class).size())
        .isEqualTo(1);
  }

  @Test
  void slotsBelowTheLeadersFirstOneAreFetchedFromPeersThoughEntriesAreHere() {
    accepted("a", entry(1, LOW, "one"), entry(2, LOW, "two"));
    List<Effect> effects = new ArrayList<>(chosen(HIGH, 3, 3));
    for (int i = 0; i < 12 && asked(effects).stream().noneMatch(q -> q.endsWith("LEARNER")); i++) {
      now = learner.wakeUpAt();
      effects.addAll(learner.tick(now));
    }

    assertThat(asked(effects)).contains("b LEARNER");
    assertThat(applied(effects)).isEmpty();
  }

  @Test
  void slotsBelowTheLeadersFirstOneAreFetchedThoughTheLeaderHasNothingToPropose() {
    List<Effect> effects = untilItAsks(chosen(HIGH, 8, 7));

    assertThat(asked(effects)).hasSize(1);
    assertThat(learner.chosenUpTo()).isEqualTo(7);
  }

  @Test
  void aPeerIsAnsweredOnlyWithWhatWasApplied() {
    apply("one", "two");
    learner = started(true);
    accepted("a", entry(3, LOW, "three"));

    assertThat(fetched(2)).containsExactly("two");
    assertThat(fetched(3)).isEmpty();
  }

  @Test
  void theValueThatTheOwnAcceptorIsAboutToDeliverIsWaitedForShortly() {
    accepted("a", entry(1, LOW, "one"));
    assertThat(asked(chosen(LOW, 1, 2))).isEmpty();

    now += millis(5);
    assertThat(asked(learner.tick(now))).hasSize(1);
  }

  @Test
  void valuesBeyondTheBoundAreDroppedFromTheEndAndFetchedLater() {
    byte[] large = new byte[4 << 20];
    for (long slot = 12; slot >= 2; slot--) {
      receive("a", new Message.ChosenHere(slot, large));
    }
    List<Effect> effects = receive("a", new Message.ChosenHere(1, large));
    chosen(HIGH, 1, 12);

    assertThat(learner.applied()).isBetween(7L, 9L);
    assertThat(Effects.only(effects, Effect.Apply.class)).isNotEmpty();
    assertThat(learner.chosenUpTo()).isEqualTo(12);
  }

  @Test
  void whatIsAppliedMakesRoomForWhatFollows() {
    byte[] large = new byte[4 << 20];
    chosen(HIGH, 1, 1_000);
    for (long slot = 1; slot <= 20; slot++) {
      receive("a", new Message.ChosenHere(slot, large));
      receive("a", new Message.AcceptedEntries(List.of(new Entry(++slot, HIGH, large))));
    }
    assertThat(learner.applied()).isEqualTo(20);

    for (long slot = 23; slot >= 21; slot--) {
      receive("a", new Message.ChosenHere(slot, large));
    }
    assertThat(learner.applied()).isEqualTo(23);
  }

  @Test
  void anEntryThatReplacesAnotherTakesItsRoom() {
    byte[] large = new byte[12 << 20];
    for (Ballot ballot : List.of(LOW, MIDDLE, HIGH)) {
      receive("a", new Message.AcceptedEntries(List.of(new Entry(2, ballot, large))));
    }
    receive("a", new Message.AcceptedEntries(List.of(new Entry(3, HIGH, large))));
    receive("a", new Message.ChosenHere(1, value("v")));

    chosen(HIGH, 1, 3);
    assertThat(learner.applied()).isEqualTo(3);
  }

  // What it tells

  @Test
  void theGatewayLearnsOfANewLeaderAtOnceAndAgainAndAgain() {
    assertThat(messages(chosen(LOW, 1, 0), Message.LeaderKnown.class))
        .containsExactly(new Message.LeaderKnown(LOW));
    assertThat(messages(chosen(LOW, 1, 0), Message.LeaderKnown.class)).isEmpty();

    now += millis(10);
    assertThat(messages(learner.tick(now), Message.LeaderKnown.class))
        .containsExactly(new Message.LeaderKnown(LOW));
  }

  @Test
  void aLowerLeaderIsNotAnnouncedAfterAHigherOne() {
    chosen(HIGH, 1, 0);

    assertThat(messages(chosen(LOW, 1, 0), Message.LeaderKnown.class)).isEmpty();
    assertThat(learner.leader()).isEqualTo(HIGH);
  }

  @Test
  void theProposerBesideLearnsHowFarTheLearnerIs() {
    receive("a", new Message.ChosenHere(1, value("v")));

    assertThat(sends(receive("a", new Message.ProgressQuery())))
        .containsExactly(new Effect.Send("a", Role.PROPOSER, new Message.Progress(2)));
    now += millis(10);
    assertThat(receivers(learner.tick(now), Message.Progress.class)).containsExactly("a");
  }

  @Test
  void aLearnerWithoutAnAcceptorBesideLearnsFromTheOthers() {
    learner = started(false);

    List<Effect> effects = chosen(LOW, 1, 1);

    assertThat(asked(effects)).containsExactly("b LEARNER");
    assertThat(applied(receive("b", new Message.ChosenValues(1, List.of(value("v"))))))
        .containsExactly("v");
  }

  // Snapshots

  private static final Snapshot SNAPSHOT = new Snapshot(9, "nine", 40_000);

  @Test
  void whoAsksForWhatTheLogHasNoMoreIsOfferedASnapshot() {
    apply("one", "two", "three");
    learner = started(true);
    snapshots.trimmedBelow = 3;
    snapshots.own = new Snapshot(2, "two", 5);

    assertThat(messages(receive("b", new Message.FetchChosen(2)), Message.SnapshotOffer.class))
        .containsExactly(new Message.SnapshotOffer(snapshots.own));
    assertThat(fetched(3)).containsExactly("three");
    assertThat(fetched(4)).isEmpty();
  }

  @Test
  void anOfferedSnapshotIsFetchedInABoundedWindow() {
    List<Effect> effects = offer(SNAPSHOT);

    List<Message.FetchSnapshot> asked = messages(effects, Message.FetchSnapshot.class);
    assertThat(asked).hasSize(SnapshotTransfer.WINDOW);
    assertThat(asked.get(1)).isEqualTo(new Message.FetchSnapshot(SNAPSHOT, part(), part()));
    assertThat(sends(part(asked.get(0)))).isEmpty();
    assertThat(messages(learner.snapshotKept(SNAPSHOT, part(), now), Message.FetchSnapshot.class))
        .hasSize(1);
  }

  @Test
  void partsThatOvertakeEachOtherAreKeptInOrder() {
    List<Message.FetchSnapshot> asked = messages(offer(SNAPSHOT), Message.FetchSnapshot.class);

    assertThat(kept(part(asked.get(1)))).isEmpty();
    assertThat(kept(part(asked.get(1)))).isEmpty();
    assertThat(kept(part(asked.get(0)))).containsExactly(0L, (long) part());
    assertThat(kept(part(asked.get(0)))).isEmpty();
  }

  @Test
  void aSnapshotThatIsKeptAsAWholeIsInstalledOnce() {
    offer(new Snapshot(9, "nine", 3));
    Snapshot whole = new Snapshot(9, "nine", 3);
    part(new Message.FetchSnapshot(whole, 0, 3));

    assertThat(learner.snapshotKept(whole, 3, now))
        .containsExactly(new Effect.InstallSnapshot(whole));
    assertThat(learner.snapshotKept(whole, 3, now)).isEmpty();
  }

  @Test
  void aTransferGoesOnFromWhatWasKeptBefore() {
    snapshots.kept = 39_998;

    assertThat(messages(offer(SNAPSHOT), Message.FetchSnapshot.class))
        .containsExactly(new Message.FetchSnapshot(SNAPSHOT, 39_998, 2));
  }

  @Test
  void whatGotLostIsAskedForAgainAndWhatCameIsNot() {
    List<Message.FetchSnapshot> asked = messages(offer(SNAPSHOT), Message.FetchSnapshot.class);
    part(asked.get(0));
    part(asked.get(2));
    learner.tick(now);
    now = learner.wakeUpAt();

    assertThat(messages(learner.tick(now), Message.FetchSnapshot.class))
        .hasSize(SnapshotTransfer.WINDOW - 2)
        .startsWith(asked.get(1))
        .doesNotContain(asked.get(2));
  }

  @Test
  void aPeerThatDoesNotAnswerIsGivenUpForAnother() {
    untilItAsks(chosen(LOW, 1, 9));
    offer(SNAPSHOT);
    List<Effect> effects = new ArrayList<>();
    while (asked(effects).isEmpty()) {
      now = learner.wakeUpAt();
      effects.addAll(learner.tick(now));
    }

    assertThat(events(effects, ProtocolEvent.SnapshotDropped.class)).hasSize(1);
    assertThat(messages(effects, Message.FetchSnapshot.class))
        .hasSize(SnapshotTransfer.PATIENCE * SnapshotTransfer.WINDOW);
  }

  @Test
  void ifTheSnapshotIsGoneThePeerIsAskedForWhatItHasNow() {
    chosen(LOW, 1, 9);
    offer(SNAPSHOT);

    assertThat(asked(untilItAsks(receive("b", new Message.SnapshotGone(SNAPSHOT))))).hasSize(1);
  }

  @Test
  void whileASnapshotIsFetchedNobodyIsAskedForValues() {
    chosen(LOW, 1, 9);
    offer(SNAPSHOT);
    now += millis(5);

    assertThat(asked(learner.tick(now))).isEmpty();
  }

  @Test
  void aLogThatCameAfterAllMakesTheSnapshotNeedless() {
    offer(new Snapshot(1, "one", 3));
    accepted("a", entry(1, LOW, "v"));

    List<Effect> effects = chosen(LOW, 1, 1);

    assertThat(applied(effects)).containsExactly("v");
    assertThat(events(effects, ProtocolEvent.SnapshotDropped.class)).hasSize(1);
  }

  @Test
  void aSnapshotThatBringsNothingNewIsNotFetched() {
    apply("one");
    learner = started(true);

    assertThat(offer(new Snapshot(1, "one", 3))).isEmpty();
  }

  @Test
  void aSnapshotThatCouldNotBeInstalledIsTriedFromAnotherPeer() {
    chosen(LOW, 1, 9);
    offer(SNAPSHOT);
    List<Effect> effects = learner.snapshotFailed(SNAPSHOT, "damaged", now);

    assertThat(events(effects, ProtocolEvent.SnapshotDropped.class))
        .containsExactly(new ProtocolEvent.SnapshotDropped(9, "b", "damaged"));
    assertThat(asked(untilItAsks(List.of()))).hasSize(1);
  }

  @Test
  void acceptorsHearHowFarTheStateIsDurableOnceItIsAndAgain() {
    apply("one", "two");
    learner = started(true);
    assertThat(messages(learner.tick(now), Message.Durable.class)).isEmpty();

    assertThat(receivers(learner.checkpointed(new Snapshot(2, "two", 5)), Message.Durable.class))
        .containsExactly("a", "b", "c");
    List<Effect> later = new ArrayList<>();
    for (int i = 0; i < PaxosSettings.MAX_BACKOFF; i++) {
      now = learner.wakeUpAt();
      later.addAll(learner.tick(now));
    }
    assertThat(receivers(later, Message.Durable.class)).containsExactly("a", "b", "c");
    assertThat(messages(later, Message.Durable.class)).containsOnly(new Message.Durable(2));

    snapshots.own = new Snapshot(1, "one", 3);
    learner = started(true);
    assertThat(messages(learner.tick(now), Message.Durable.class))
        .containsOnly(new Message.Durable(1));
  }

  @Test
  void partsOfItsOwnSnapshotAreHandedOutUntilItIsGone() {
    snapshots.own = SNAPSHOT;
    Message.FetchSnapshot question = new Message.FetchSnapshot(SNAPSHOT, 4, 2);

    assertThat(messages(receive("b", question), Message.SnapshotPart.class))
        .singleElement()
        .satisfies(part -> assertThat(part.bytes()).containsExactly(4, 5));
    snapshots.own = null;
    assertThat(messages(receive("b", question), Message.SnapshotGone.class))
        .containsExactly(new Message.SnapshotGone(SNAPSHOT));
  }

  private List<Effect> offer(Snapshot snapshot) {
    return receive("b", new Message.SnapshotOffer(snapshot));
  }

  private static int part() {
    return SnapshotTransfer.partBytes(Effects.SETTINGS);
  }

  private List<Effect> part(Message.FetchSnapshot asked) {
    return receive(
        "b", new Message.SnapshotPart(asked.snapshot(), asked.offset(), new byte[asked.length()]));
  }

  private static List<Long> kept(List<Effect> effects) {
    return effects.stream().map(effect -> ((Effect.KeepSnapshotPart) effect).offset()).toList();
  }

  /** Holds one snapshot, whose bytes are their own numbers. */
  private static final class FakeSnapshots implements Snapshots {
    Snapshot own;
    long kept;
    long trimmedBelow = 1;

    @Override
    public Optional<Snapshot> newest() {
      return Optional.ofNullable(own);
    }

    @Override
    public Optional<byte[]> read(Snapshot snapshot, long offset, int length) {
      if (!snapshot.equals(own)) {
        return Optional.empty();
      }
      byte[] bytes = new byte[length];
      for (int i = 0; i < length; i++) {
        bytes[i] = (byte) (offset + i);
      }
      return Optional.of(bytes);
    }

    @Override
    public long kept(Snapshot snapshot) {
      return kept;
    }
  }

  // The shell's part

  private Learner started(boolean acceptorBeside) {
    return new Learner(
        "a",
        acceptorBeside,
        true,
        Quorums.majority(List.of("a", "b", "c")),
        List.of("d", "a", "c", "b"),
        Effects.SETTINGS,
        log.size(),
        this::values,
        snapshots,
        now);
  }

  private List<byte[]> values(long from, int maxBytes) {
    return from > log.size() || from < snapshots.trimmedBelow
        ? List.of()
        : log.subList((int) from - 1, log.size());
  }

  private void apply(String... values) {
    Arrays.stream(values).map(Effects::value).forEach(log::add);
  }

  private List<Effect> receive(String from, Message message) {
    return learner.receive(from, message, now);
  }

  private List<Effect> accepted(String from, Entry... entries) {
    return receive(from, new Message.AcceptedEntries(List.of(entries)));
  }

  private List<Effect> chosen(Ballot ballot, long from, long upTo) {
    return receive(ballot.proposer(), new Message.Chosen(ballot, from, upTo));
  }

  private List<String> fetched(long from) {
    return messages(receive("b", new Message.FetchChosen(from)), Message.ChosenValues.class)
        .get(0)
        .values()
        .stream()
        .map(value -> new String(value, java.nio.charset.StandardCharsets.UTF_8))
        .toList();
  }

  private List<Effect> untilItAsks(List<Effect> first) {
    List<Effect> effects = new ArrayList<>(first);
    for (int i = 0; i < 5 && asked(effects).isEmpty(); i++) {
      now = learner.wakeUpAt();
      effects.addAll(learner.tick(now));
    }
    return effects;
  }

  private static List<String> asked(List<Effect> effects) {
    return sends(effects).stream()
        .filter(
            send ->
                send.message() instanceof Message.FetchChosen
                    || send.message() instanceof Message.FetchAccepted)
        .map(send -> send.node() + " " + send.role())
        .toList();
  }

  private static Entry entry(long slot, Ballot ballot, String value) {
    return new Entry(slot, ballot, value(value));
  }
}
