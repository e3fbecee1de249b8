package synod.paxos;

import static org.assertj.core.api.Assertions.assertThat;
import static synod.paxos.Effects.ballot;
import static synod.paxos.Effects.events;
import static synod.paxos.Effects.messages;
import static synod.paxos.Effects.millis;
import static synod.paxos.Effects.persist;
import static synod.paxos.Effects.receivers;
import static synod.paxos.Effects.value;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;
import synod.paxos.Proposer.Phase;

class ProposerTest {
  private static final Set<String> PROPOSERS = Set.of("a", "b", "c");
  private static final Set<String> LEARNERS = Set.of("a", "b", "c", "d");
  private static final Ballot OTHER = ballot(3, "b");

  private long now;
  private final Quorums quorums = Quorums.majority(List.of("a", "b", "c"));
  private Proposer proposer = started(0);

  // Following and asking

  @Test
  void whoHearsTheLeaderStaysQuiet() {
    for (int i = 0; i < 50; i++) {
      now += millis(99);
      assertThat(proposer.tick(now)).isEmpty();
      heartbeat(OTHER);
    }
    assertThat(proposer.phase()).isEqualTo(Phase.FOLLOWING);
    assertThat(proposer.ballot()).isEqualTo(OTHER);
  }

  @Test
  void theTimeoutIsDrawnAnewBetweenTheBoundsForEachWait() {
    proposer = started(0, bound -> bound - 1);
    assertThat(proposer.wakeUpAt()).isEqualTo(millis(200) - 1);
    proposer = started(0, bound -> 0);
    assertThat(proposer.wakeUpAt()).isEqualTo(millis(100));
  }

  @Test
  void whoMissesTheLeaderAsksBeforeItRaisesItsRound() {
    List<Effect> effects = missTheLeader();

    assertThat(proposer.phase()).isEqualTo(Phase.ASKING);
    assertThat(receivers(effects, Message.PreCampaign.class)).containsExactly("a", "b", "c");
    assertThat(receivers(effects, Message.ProgressQuery.class)).containsExactly("a");
    assertThat(Effects.only(effects, Effect.Persist.class)).isEmpty();
    assertThat(messages(effects, Message.Prepare.class)).isEmpty();
  }

  @Test
  void aCampaignBeginsOnlyIfAPhase1QuorumMissesTheLeader() {
    missTheLeader();
    progress(5);

    assertThat(missed("a", true)).isEmpty();
    assertThat(missed("b", false)).isEmpty();
    assertThat(missed("a", true)).isEmpty();
    assertThat(missed("x", true)).isEmpty();
    assertThat(proposer.phase()).isEqualTo(Phase.ASKING);

    assertThat(missed("c", true)).isNotEmpty();
    assertThat(proposer.phase()).isEqualTo(Phase.PREPARING);
  }

  @Test
  void answersToAnEarlierQuestionDoNotCount() {
    long earlier = messages(missTheLeader(), Message.PreCampaign.class).get(0).nonce();
    progress(5);
    heartbeat(OTHER);
    missTheLeader();

    receive("b", new Message.PreCampaignReply(earlier, true, Ballot.NONE));
    receive("c", new Message.PreCampaignReply(earlier, true, Ballot.NONE));

    assertThat(proposer.phase()).isEqualTo(Phase.ASKING);
  }

  @Test
  void noCampaignBeginsBeforeTheLearnerHasSaidHowFarItIs() {
    missTheLeader();
    missed("a", true);
    assertThat(missed("b", true)).isEmpty();

    List<Effect> effects = progress(5);

    Effect.Persist write = persist(effects);
    assertThat(messages(write.release(), Message.Prepare.class))
        .containsOnly(new Message.Prepare(proposer.ballot(), 5));
  }

  @Test
  void theQuestionIsRepeatedToThoseWhoHaveNotAnswered() {
    missTheLeader();
    missed("b", true);

    now = proposer.wakeUpAt();
    List<Effect> effects = proposer.tick(now);

    assertThat(receivers(effects, Message.PreCampaign.class)).containsExactly("a", "c");
    assertThat(receivers(effects, Message.ProgressQuery.class)).containsExactly("a");
  }

  @Test
  void aLeaderThatIsHeardEndsTheQuestion() {
    missTheLeader();
    progress(5);
    missed("b", true);
    heartbeat(OTHER);

    assertThat(missed("c", true)).isEmpty();
    assertThat(proposer.phase()).isEqualTo(Phase.FOLLOWING);
  }

  @Test
  void aQuestionWithoutEnoughAnswersIsGivenUpAndAskedAgainLater() {
    missTheLeader();
    for (int i = 0; i < 12; i++) {
      now += millis(10);
      proposer.tick(now);
    }
    assertThat(proposer.phase()).isEqualTo(Phase.FOLLOWING);

    missTheLeader();
    assertThat(proposer.phase()).isEqualTo(Phase.ASKING);
  }

  // Preparing

  @Test
  void preparesLeaveOnlyWithTheRoundDurable() {
    List<Effect> effects = campaign(5);

    assertThat(messages(effects, Message.Prepare.class)).isEmpty();
    Effect.Persist write = persist(effects);
    assertThat(write.records()).containsExactly(new DurableRecord.Round(1));
    assertThat(receivers(write.release(), Message.Prepare.class)).containsExactly("a", "b", "c");
  }

  @Test
  void nothingIsRepeatedBeforeTheRoundIsDurable() {
    Effect.Persist write = persist(campaign(5));
    now += millis(10);
    assertThat(proposer.tick(now)).isEmpty();

    proposer.persisted(write.id());
    now += millis(10);
    assertThat(receivers(proposer.tick(now), Message.Prepare.class)).containsExactly("a", "b", "c");
  }

  @Test
  void aLateCompletionOfAnEarlierCampaignsRoundDoesNotStandForThisOnes() {
    Effect.Persist first = persist(campaign(5));
    heartbeat(OTHER);
    campaign(5);

    proposer.persisted(first.id());
    now += millis(10);

    assertThat(messages(proposer.tick(now), Message.Prepare.class)).isEmpty();
  }

  @Test
  void theRoundIsAboveTheDurableOneAndEveryBallotHeardOf() {
    proposer = started(7);
    campaign(5);
    assertThat(proposer.ballot()).isEqualTo(new Ballot(8, "a", 42));

    proposer = started(7);
    heartbeat(ballot(11, "b"));
    campaign(5);
    assertThat(proposer.ballot()).isEqualTo(new Ballot(12, "a", 42));

    proposer = started(7);
    missTheLeader();
    progress(5);
    receive("b", new Message.PreCampaignReply(question, false, ballot(20, "c")));
    missed("a", true);
    missed("c", true);
    assertThat(proposer.ballot()).isEqualTo(new Ballot(21, "a", 42));
  }

  @Test
  void noTwoCampaignsShareABallot() {
    List<Ballot> used = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      campaign(5);
      used.add(proposer.ballot());
      now += millis(200);
      proposer.tick(now);
      assertThat(proposer.phase()).isEqualTo(Phase.FOLLOWING);
    }
    assertThat(used).doesNotHaveDuplicates().isSorted();
  }

  @Test
  void aCandidateThatIsOutbidStepsDownAndBidsHigherNextTime() {
    Ballot first = prepared(5);
    Ballot higher = ballot(9, "c");

    receive("b", new Message.Rejected(first, higher));
    assertThat(proposer.phase()).isEqualTo(Phase.FOLLOWING);

    campaign(5);
    assertThat(proposer.ballot().isAbove(higher)).isTrue();
  }

  @Test
  void aRejectionOfAnEarlierBallotDoesNotEndTheCampaign() {
    Ballot first = prepared(5);
    heartbeat(OTHER);
    prepared(5);

    receive("b", new Message.Rejected(first, ballot(2, "c")));

    assertThat(proposer.phase()).isEqualTo(Phase.PREPARING);
  }

  @Test
  void latePromisesOfAnEarlierBallotDoNotElect() {
    Ballot first = prepared(5);
    heartbeat(OTHER);
    prepared(5);

    promise("b", first);
    promise("c", first);

    assertThat(proposer.phase()).isEqualTo(Phase.PREPARING);
  }

  @Test
  void aCandidateWithoutAQuorumOfPromisesGivesUp() {
    Ballot mine = prepared(5);
    promise("a", mine);

    now += millis(100);
    proposer.tick(now);

    assertThat(proposer.phase()).isEqualTo(Phase.FOLLOWING);
  }

  @Test
  void aPromiseOfManyPartsIsGivenTimeForEachOfThem() {
    Ballot mine = prepared(5);
    for (long slot = 5; slot < 10; slot++) {
      now += millis(60);
      List<Entry> part = List.of(new Entry(slot, ballot(1, "b"), value("v")));
      receive("b", new Message.Promise(mine, slot, part, slot + 1, 1));
      proposer.tick(now);
    }
    assertThat(proposer.phase()).isEqualTo(Phase.PREPARING);

    now += millis(100);
    proposer.tick(now);
    assertThat(proposer.phase()).isEqualTo(Phase.FOLLOWING);
  }

  // Leading

  @Test
  void onlyALeaderWithWorkAndRoomForItHasSomethingToFlush() {
    submit(1, "to a follower");
    assertThat(proposer.wantsFlush()).isFalse();

    Ballot mine = elected(5);
    assertThat(proposer.wantsFlush()).isFalse();
    for (long slot = 5; slot <= 6; slot++) {
      submit(slot, "v");
      assertThat(proposer.wantsFlush()).isTrue();
      proposer.flush(now);
      assertThat(proposer.wantsFlush()).isFalse();
    }
    submit(7, "the window is full");
    assertThat(proposer.wantsFlush()).isFalse();
    receive("a", new Message.Accepted(mine, 5));
    receive("b", new Message.Accepted(mine, 5));
    assertThat(proposer.wantsFlush()).isTrue();
    proposer.flush(now);

    readIndex(1);
    assertThat(proposer.wantsFlush()).isTrue();
    proposer.flush(now);
    readIndex(2);
    assertThat(proposer.wantsFlush()).isFalse();
  }

  @Test
  void whatThePromisesReportedIsSomethingToFlushUntilItIsInFlight() {
    heartbeat(OTHER);
    Ballot mine = prepared(5);
    List<Entry> reported = new ArrayList<>();
    for (long slot = 5; slot <= 5 + Phase2.RECOVERY_WINDOW; slot++) {
      reported.add(new Entry(slot, ballot(1, "b"), value("v" + slot)));
    }
    receive("a", new Message.Promise(mine, 5, reported, 0, 1));
    promise("b", mine);
    readIndex(1);
    assertThat(proposer.wantsFlush()).isFalse();

    receive("a", new Message.Accepted(mine, 5));
    receive("b", new Message.Accepted(mine, 5));
    assertThat(proposer.wantsFlush()).isTrue();
  }

  @Test
  void aQuorumOfPromisesElectsAndTheNewLeaderTellsEverybody() {
    Ballot mine = prepared(5);
    promise("a", mine);
    List<Effect> effects = promise("c", mine);

    assertThat(proposer.phase()).isEqualTo(Phase.LEADING);
    assertThat(events(effects, ProtocolEvent.LeaderElected.class))
        .containsExactly(new ProtocolEvent.LeaderElected(mine, 5, 4, Set.of("a", "c")));
    // "a", "b" and "c" as acceptors, then "b" and "c" as proposers
    assertThat(receivers(effects, Message.Heartbeat.class))
        .containsExactlyInAnyOrder("a", "b", "c", "b", "c");
    assertThat(receivers(effects, Message.Chosen.class)).containsExactly("a", "b", "c", "d");
  }

  @Test
  void aLeaderProposesWhatThePromisesReportedBeforeAnythingElse() {
    Ballot mine = prepared(5);
    Entry reported = new Entry(5, ballot(0, "b"), value("old"));
    promise("a", mine);
    List<Effect> effects = receive("c", new Message.Promise(mine, 5, List.of(reported), 0, 1));

    assertThat(messages(effects, Message.Accept.class)).hasSize(3);
    assertThat(messages(effects, Message.Accept.class).get(0).value()).isEqualTo(value("old"));
    assertThat(messages(effects, Message.Accept.class).get(0).ballot()).isEqualTo(mine);
  }

  @Test
  void aChosenSlotIsToldToTheLearnersWithItsBallot() {
    Ballot mine = elected(5);
    submit(1, "v");
    proposer.flush(now);

    assertThat(receive("a", new Message.Accepted(mine, 5))).isEmpty();
    List<Effect> effects = receive("b", new Message.Accepted(mine, 5));

    assertThat(messages(effects, Message.Chosen.class))
        .hasSize(4)
        .containsOnly(new Message.Chosen(mine, 5, 5));
    assertThat(messages(effects, Message.ChosenHere.class)).hasSize(1);
    assertThat(events(effects, ProtocolEvent.SlotChosen.class))
        .extracting(ProtocolEvent.SlotChosen::acceptedBy)
        .containsExactly(Set.of("a", "b"));
  }

  @Test
  void theWatermarkNeverRunsAheadOfAnUnchosenSlot() {
    Ballot mine = elected(5);
    submit(1, "v");
    proposer.flush(now);
    submit(2, "w");
    proposer.flush(now);

    receive("a", new Message.Accepted(mine, 6));
    List<Effect> effects = receive("b", new Message.Accepted(mine, 6));
    assertThat(messages(effects, Message.ChosenHere.class)).hasSize(1);
    assertThat(messages(effects, Message.Chosen.class)).isEmpty();

    receive("a", new Message.Accepted(mine, 5));
    assertThat(messages(receive("c", new Message.Accepted(mine, 5)), Message.Chosen.class))
        .containsOnly(new Message.Chosen(mine, 5, 6));
  }

  @Test
  void votesOfAnotherBallotDoNotCount() {
    Ballot mine = elected(5);
    submit(1, "v");
    proposer.flush(now);

    receive("a", new Message.Accepted(mine, 5));
    assertThat(receive("b", new Message.Accepted(ballot(1, "a"), 5))).isEmpty();
    assertThat(receive("c", new Message.Accepted(OTHER, 5))).isEmpty();
  }

  @Test
  void heartbeatsGoOnAtTheirIntervalWithNewNonces() {
    elected(5);
    long lastNonce = -1;
    for (int i = 0; i < 4; i++) {
      now += millis(20);
      List<Effect> effects = proposer.tick(now);
      assertThat(receivers(effects, Message.Heartbeat.class)).hasSize(5);
      long nonce = messages(effects, Message.Heartbeat.class).get(0).nonce();
      assertThat(nonce).isGreaterThan(lastNonce);
      lastNonce = nonce;
      acknowledge("b", nonce);
      acknowledge("c", nonce);
    }
    assertThat(proposer.phase()).isEqualTo(Phase.LEADING);
  }

  @Test
  void aLeaderThatHearsNoPhase2QuorumFallsSilentWithinTheMinimumTimeout() {
    elected(5);
    now += millis(50);
    acknowledge("a", 1);
    now += millis(51);

    List<Effect> effects = proposer.tick(now);

    assertThat(proposer.phase()).isEqualTo(Phase.FOLLOWING);
    assertThat(messages(effects, Message.Heartbeat.class)).isEmpty();
    assertThat(events(effects, ProtocolEvent.SteppedDown.class)).hasSize(1);
  }

  @Test
  void votesTooShowThatTheQuorumIsThere() {
    Ballot mine = elected(5);
    submit(1, "v");
    proposer.flush(now);
    now += millis(90);
    receive("a", new Message.Accepted(mine, 5));
    receive("b", new Message.Accepted(mine, 5));
    now += millis(90);
    proposer.tick(now);

    assertThat(proposer.phase()).isEqualTo(Phase.LEADING);
  }

  @Test
  void aLeaderThatHearsNoQuorumFallsSilentAndStepsDown() {
    elected(5);
    now += millis(101);
    receive("a", new Message.HeartbeatAck(proposer.ballot(), 1, proposer.ballot()));
    List<Effect> effects = proposer.tick(now);

    assertThat(proposer.phase()).isEqualTo(Phase.FOLLOWING);
    assertThat(effects).noneMatch(effect -> effect instanceof Effect.Send);
  }

  @Test
  void newValuesAreKeptFromAnAcceptorThatHasLongBeenSilentUnlessItsVoteIsNeeded() {
    Ballot mine = elected(5);
    now += millis(101);
    acknowledge("a", 1);
    acknowledge("b", 1);

    submit(1, "v");
    assertThat(receivers(proposer.flush(now), Message.Accept.class)).containsExactly("a", "b");
    now += Effects.SETTINGS.retransmitInterval().toNanos();
    assertThat(receivers(proposer.tick(now), Message.Accept.class)).containsExactly("a", "b", "c");

    receive("a", new Message.Accepted(mine, 5));
    receive("c", new Message.Accepted(mine, 5));
    submit(2, "w");
    assertThat(receivers(proposer.flush(now), Message.Accept.class)).containsExactly("a", "b", "c");
  }

  @Test
  void aLeaderThatLearnsOfAHigherPromiseStepsDown() {
    for (boolean byHeartbeat : List.of(true, false)) {
      proposer = started(0);
      Ballot mine = elected(5);
      Ballot higher = ballot(9, "c");
      receive(
          "b",
          byHeartbeat
              ? new Message.HeartbeatAck(mine, 1, higher)
              : new Message.Rejected(mine, higher));

      assertThat(proposer.phase()).isEqualTo(Phase.FOLLOWING);
    }
  }

  @Test
  void aLeaderThatHearsAHigherOneFollowsIt() {
    elected(5);
    heartbeat(ballot(9, "c"));

    assertThat(proposer.phase()).isEqualTo(Phase.FOLLOWING);
    assertThat(proposer.ballot()).isEqualTo(ballot(9, "c"));
  }

  @Test
  void aNewLeaderIsPublishedOnce() {
    assertThat(events(heartbeat(OTHER), ProtocolEvent.LeaderObserved.class)).hasSize(1);
    assertThat(events(heartbeat(OTHER), ProtocolEvent.LeaderObserved.class)).isEmpty();
    assertThat(proposer.leader()).isEqualTo(OTHER);
  }

  @Test
  void heartbeatsOfALowerLeaderAreIgnored() {
    elected(5);
    Ballot mine = proposer.ballot();
    heartbeat(ballot(0, "c"));
    assertThat(proposer.ballot()).isEqualTo(mine);
    assertThat(proposer.phase()).isEqualTo(Phase.LEADING);

    heartbeat(ballot(9, "c"));
    heartbeat(ballot(8, "b"));
    assertThat(proposer.ballot()).isEqualTo(ballot(9, "c"));
  }

  @Test
  void aLateHeartbeatOfALowerLeaderDoesNotPutTheTimeoutOff() {
    heartbeat(ballot(9, "c"));
    long deadline = proposer.wakeUpAt();
    now += millis(50);
    heartbeat(ballot(8, "b"));

    assertThat(proposer.wakeUpAt()).isEqualTo(deadline);
  }

  // Reads

  @Test
  void aReadIndexIsGivenOnlyAfterARoundOfItsOwn() {
    Ballot mine = elected(5);
    assertThat(readIndex(1)).isEmpty();
    List<Effect> round = proposer.flush(now);
    long nonce = messages(round, Message.Heartbeat.class).get(0).nonce();
    assertThat(receivers(round, Message.Heartbeat.class)).containsExactly("a", "b", "c");

    receive("a", new Message.HeartbeatAck(mine, nonce, mine));
    List<Effect> effects = receive("c", new Message.HeartbeatAck(mine, nonce, mine));

    assertThat(messages(effects, Message.ReadIndex.class))
        .containsExactly(new Message.ReadIndex(1, 1, 4));
  }

  @Test
  void answersToHeartbeatsThatAreNoRoundConfirmNoRead() {
    elected(5);
    now += millis(20);
    long heartbeat = messages(proposer.tick(now), Message.Heartbeat.class).get(0).nonce();
    readIndex(1);
    proposer.flush(now);

    assertThat(acknowledge("a", heartbeat)).isEmpty();
    assertThat(acknowledge("b", heartbeat)).isEmpty();
    assertThat(acknowledge("c", heartbeat)).isEmpty();
  }

  @Test
  void noRoundOfReadsStartsBeforeTheReportedSlotsAreChosen() {
    Ballot mine = prepared(5);
    promise("a", mine);
    receive(
        "c",
        new Message.Promise(mine, 5, List.of(new Entry(5, ballot(0, "b"), value("old"))), 0, 1));
    readIndex(1);
    assertThat(messages(proposer.flush(now), Message.Heartbeat.class)).isEmpty();

    receive("a", new Message.Accepted(mine, 5));
    receive("b", new Message.Accepted(mine, 5));
    List<Effect> round = proposer.flush(now);
    long nonce = messages(round, Message.Heartbeat.class).get(0).nonce();
    acknowledge("a", nonce);
    assertThat(messages(acknowledge("b", nonce), Message.ReadIndex.class))
        .containsExactly(new Message.ReadIndex(1, 1, 5));
  }

  @Test
  void anUnansweredRoundIsRepeated() {
    elected(5);
    readIndex(1);
    long nonce = messages(proposer.flush(now), Message.Heartbeat.class).get(0).nonce();
    acknowledge("b", nonce);

    now += millis(10);
    assertThat(proposer.wakeUpAt()).isLessThanOrEqualTo(now);
    assertThat(proposer.tick(now))
        .filteredOn(
            effect ->
                effect instanceof Effect.Send send
                    && send.message().equals(new Message.Heartbeat(proposer.ballot(), nonce)))
        .extracting(effect -> ((Effect.Send) effect).node())
        .containsExactly("a", "c");
  }

  @Test
  void whoDoesNotLeadSaysWhoDoes() {
    heartbeat(OTHER);

    assertThat(messages(submit(7, "v"), Message.NotLeader.class))
        .containsExactly(new Message.NotLeader(1, 7, OTHER));
    assertThat(messages(readIndex(8), Message.NotLeader.class))
        .containsExactly(new Message.NotLeader(1, 8, OTHER));
  }

  @Test
  void whoLedLastButLeadsNoMoreNamesNobody() {
    elected(5);
    now += millis(101);
    proposer.tick(now);

    assertThat(messages(submit(7, "v"), Message.NotLeader.class))
        .containsExactly(new Message.NotLeader(1, 7, Ballot.NONE));
  }

  // Handing over

  @Test
  void aLeaderAsksWhoVotedFurthestToTakeOverAndLeadsUntilItDoes() {
    Ballot mine = elected(5);
    submit(1, "v");
    proposer.flush(now);
    receive("b", new Message.Accepted(mine, 5));

    List<Effect> effects = proposer.handOver(now);

    assertThat(receivers(effects, Message.Handover.class)).containsExactly("b");
    assertThat(proposer.handOver(now)).isEmpty();
    assertThat(proposer.isHandingOver()).isTrue();
    assertThat(proposer.phase()).isEqualTo(Phase.LEADING);

    receive("c", new Message.HeartbeatAck(mine, 1, ballot(mine.round() + 1, "b")));
    assertThat(proposer.isHandingOver()).isFalse();
    assertThat(proposer.phase()).isEqualTo(Phase.FOLLOWING);
  }

  @Test
  void aSuccessorIsAskedAgainSinceTheFirstMessageMayBeLost() {
    elected(5);
    proposer.handOver(now);

    now += millis(20);
    assertThat(proposer.wakeUpAt()).isLessThanOrEqualTo(now);
    assertThat(receivers(proposer.tick(now), Message.Handover.class)).hasSize(1);
  }

  @Test
  void whenNobodyTakesOverTheLeaderAsksEachOnceAndGoesOnLeading() {
    Ballot mine = elected(5);
    Set<String> asked = new TreeSet<>(receivers(proposer.handOver(now), Message.Handover.class));
    for (int i = 0; proposer.isHandingOver() && i < 100; i++) {
      now += millis(20);
      long question = i + 2;
      for (String acceptor : List.of("b", "c")) {
        receive(acceptor, new Message.HeartbeatAck(mine, question, mine));
      }
      asked.addAll(receivers(proposer.tick(now), Message.Handover.class));
    }

    assertThat(asked).containsExactly("b", "c");
    assertThat(proposer.isHandingOver()).isFalse();
    assertThat(proposer.phase()).isEqualTo(Phase.LEADING);
  }

  @Test
  void aNodeThatIsNotHeardIsNotAskedToTakeOver() {
    Ballot mine = elected(5);
    now += millis(100);
    receive("a", new Message.HeartbeatAck(mine, 2, mine));
    receive("b", new Message.HeartbeatAck(mine, 2, mine));
    now += millis(10);

    assertThat(receivers(proposer.handOver(now), Message.Handover.class)).containsExactly("b");
  }

  @Test
  void theSuccessorCampaignsAtOnceWithoutAsking() {
    heartbeat(OTHER);
    progress(5);

    List<Effect> effects = receive("b", new Message.Handover(OTHER));

    assertThat(proposer.phase()).isEqualTo(Phase.PREPARING);
    assertThat(persist(effects).records()).containsExactly(new DurableRecord.Round(4));
  }

  @Test
  void aSuccessorThatIsAskingOthersCampaignsAtOnceToo() {
    heartbeat(OTHER);
    missTheLeader();
    progress(5);

    receive("b", new Message.Handover(OTHER));

    assertThat(proposer.phase()).isEqualTo(Phase.PREPARING);
  }

  @Test
  void aSuccessorDoesNotCampaignBeforeItsLearnerHasSaidHowFarItIs() {
    heartbeat(OTHER);

    assertThat(receive("b", new Message.Handover(OTHER))).isEmpty();
    assertThat(proposer.phase()).isEqualTo(Phase.FOLLOWING);
  }

  @Test
  void onlyTheLeaderThatIsFollowedCanHandOver() {
    heartbeat(OTHER);
    progress(5);

    receive("c", new Message.Handover(ballot(2, "c")));

    assertThat(proposer.phase()).isEqualTo(Phase.FOLLOWING);
  }

  @Test
  void theOthersAreToldInTheSameOrderInEveryProcess() {
    Set<String> names = Set.of("h", "a", "f", "c", "g", "b", "e", "d");
    Proposer.Group group = new Proposer.Group(quorums, names, names);

    assertThat(group.proposers()).containsExactly("a", "b", "c", "d", "e", "f", "g", "h");
    assertThat(group.learners()).containsExactlyElementsOf(group.proposers());
  }

  // What it tells about itself

  @Test
  void aLeaderTellsHowFarBehindAndHowSilentEachAcceptorIs() {
    Ballot mine = elected(5);
    assertThat(proposer.contacts(now))
        .containsOnlyKeys("a", "b", "c")
        .containsValue(new Proposer.Contact(0, 0));

    submit(1, "v");
    proposer.flush(now);
    now += millis(30);
    receive("a", new Message.Accepted(mine, 5));
    receive("b", new Message.Accepted(mine, 5));

    assertThat(proposer.contacts(now))
        .containsEntry("a", new Proposer.Contact(0, 0))
        .containsEntry("c", new Proposer.Contact(1, millis(30)));

    heartbeat(OTHER);
    assertThat(proposer.contacts(now)).isEmpty();
  }

  @Test
  void whatWaitsAndWhatIsRepeatedIsCounted() {
    elected(5);
    for (int i = 1; i <= 4; i++) {
      submit(i, "v" + i);
      proposer.flush(now);
    }
    assertThat(proposer.slotsInFlight()).isEqualTo(2);
    assertThat(proposer.submissionsQueued()).isEqualTo(2);

    now += millis(10);
    assertThat(events(proposer.tick(now), ProtocolEvent.MessagesRepeated.class))
        .containsExactly(new ProtocolEvent.MessagesRepeated(6));
  }

  // The shell's part

  private Proposer started(long round) {
    return started(round, bound -> 0);
  }

  private Proposer started(long round, LongUnaryOperator random) {
    return new Proposer(
        "a",
        42,
        round,
        new Proposer.Group(quorums, PROPOSERS, LEARNERS),
        Effects.settings(2, 100, 1_000),
        batches -> batches.get(0),
        random,
        now);
  }

  private List<Effect> receive(String from, Message message) {
    return proposer.receive(from, message, now);
  }

  private List<Effect> heartbeat(Ballot ballot) {
    return receive(ballot.proposer(), new Message.Heartbeat(ballot, 1));
  }

  private List<Effect> progress(long firstUnchosen) {
    return receive("a", new Message.Progress(firstUnchosen));
  }

  /** The nonce of the present question. */
  private long question;

  private List<Effect> missTheLeader() {
    assertThat(proposer.phase()).isEqualTo(Phase.FOLLOWING);
    now = proposer.wakeUpAt();
    List<Effect> effects = proposer.tick(now);
    question = messages(effects, Message.PreCampaign.class).get(0).nonce();
    return effects;
  }

  private List<Effect> missed(String acceptor, boolean misses) {
    return receive(acceptor, new Message.PreCampaignReply(question, misses, Ballot.NONE));
  }

  private List<Effect> campaign(long firstUnchosen) {
    missTheLeader();
    progress(firstUnchosen);
    missed("a", true);
    return missed("c", true);
  }

  /** A campaign whose round is durable. */
  private Ballot prepared(long firstUnchosen) {
    proposer.persisted(persist(campaign(firstUnchosen)).id());
    return proposer.ballot();
  }

  private List<Effect> promise(String acceptor, Ballot ballot) {
    return receive(acceptor, new Message.Promise(ballot, 5, List.of(), 0, 1));
  }

  private Ballot elected(long firstUnchosen) {
    Ballot mine = prepared(firstUnchosen);
    promise("a", mine);
    promise("b", mine);
    assertThat(proposer.phase()).isEqualTo(Phase.LEADING);
    return mine;
  }

  private List<Effect> submit(long id, String commands) {
    return receive("g", new Message.Submit(1, id, value(commands)));
  }

  private List<Effect> readIndex(long id) {
    return receive("g", new Message.ReadIndexRequest(1, id));
  }

  private List<Effect> acknowledge(String acceptor, long nonce) {
    return receive(acceptor, new Message.HeartbeatAck(proposer.ballot(), nonce, proposer.ballot()));
  }
}
