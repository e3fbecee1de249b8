package synod.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import synod.kv.AppliedCommand;
import synod.kv.Command;
import synod.kv.CommandCodec;
import synod.kv.KvLimits;
import synod.kv.Query;
import synod.kv.Result;
import synod.kv.SessionCommand;
import synod.kv.SessionId;
import synod.kv.Sessions;
import synod.paxos.Ballot;
import synod.paxos.Message;
import synod.paxos.PaxosSettings;

class GatewayTest {
  private static final long LIFE = 77;
  private static final Ballot LEADER = new Ballot(3, "leader", 1);
  private static final Ballot NEXT_LEADER = new Ballot(4, "next", 1);
  private static final SessionId OWN = new SessionId(1, 0);
  private static final SessionId CLIENTS = new SessionId(9, 2);
  private static final long SLOT = 17;
  private static final Result DONE = new Result.Applied(5, 1, null);

  private static final PaxosSettings SETTINGS =
      new PaxosSettings(
          Duration.ofMillis(20),
          Duration.ofMillis(100),
          Duration.ofMillis(200),
          Duration.ofMillis(10),
          2,
          1_000_000,
          1_000);

  private final Recorder output = new Recorder();
  private final Gateway gateway = new Gateway("here", LIFE, 2_000, SETTINGS, output);
  private long now = millis(5_000);
  private long lastHandle;

  // Answers

  @Test
  void aWriteIsAnsweredOnceFromWhatTheOwnLearnerApplied() {
    serving();
    long handle = put("v", 1_000);
    gateway.flush(now);
    SessionCommand sent = output.commands().get(0);

    applied(sent.tag(), DONE);
    applied(sent.tag(), DONE);
    later(millis(10_000));

    assertThat(output.outcomes(handle)).containsExactly(new Outcome.Written(DONE, SLOT));
    assertThat(gateway.inFlight()).isZero();
  }

  @Test
  void resultsForOthersAreNotTakenForOnesOwn() {
    serving();
    long handle = put("v", 1_000);
    gateway.flush(now);
    long tag = output.commands().get(0).tag();

    gateway.applied(List.of(new AppliedCommand("there", LIFE, tag, SLOT, DONE)), now);
    gateway.applied(List.of(new AppliedCommand("here", LIFE - 1, tag, SLOT, DONE)), now);

    assertThat(output.outcomes(handle)).isEmpty();
  }

  @Test
  void aWriteThatNeverLeftIsRefusedAtItsDeadline() {
    long handle = put("v", 50);
    gateway.flush(now);
    later(millis(50) - 1);
    assertThat(output.outcomes(handle)).isEmpty();
    later(1);

    assertThat(output.refusal(handle)).isEqualTo(Outcome.Reason.UNAVAILABLE);
    leaderKnown(LEADER);
    assertThat(output.commands()).isEmpty();
  }

  @Test
  void aWriteThatLeftIsUnknownAtItsDeadlineWhateverComesLater() {
    serving();
    long handle = put("v", 50);
    gateway.flush(now);
    long tag = output.commands().get(0).tag();
    later(millis(50));
    applied(tag, DONE);

    assertThat(output.outcomes(handle)).hasSize(1).hasOnlyElementsOfType(Outcome.Unknown.class);
  }

  @Test
  void anExpiredWriteIsNotSentAgain() {
    serving();
    put("v", 50);
    gateway.flush(now);
    later(millis(50));
    output.clear();
    later(millis(1_000));

    assertThat(output.commands()).isEmpty();
  }

  @Test
  void aWriteWithoutTheGatewaysSessionWaitsForItAndIsRefusedWithoutIt() {
    leaderKnown(LEADER);
    long handle = put("v", 50);
    gateway.flush(now);

    assertThat(output.commands())
        .extracting(SessionCommand::command)
        .hasOnlyElementsOfType(Command.OpenSession.class)
        .hasSize(1);
    later(millis(50));
    assertThat(output.refusal(handle)).isEqualTo(Outcome.Reason.UNAVAILABLE);
  }

  @Test
  void everyRequestIsAnsweredByItsDeadlineWhateverItIs() {
    serving();
    List<Long> handles =
        List.of(
            put("v", 60),
            request(write(new Command.OpenSession(5_000)), null, 60),
            request(write(putOf("w")), new Request.Stamp(CLIENTS, 1, 0), 60),
            read(60),
            staleRead(60));
    gateway.flush(now);
    read(60);
    later(millis(60));

    handles.forEach(handle -> assertThat(output.outcomes(handle)).hasSize(1));
    assertThat(gateway.inFlight()).isZero();
  }

  @Test
  void theNextThingDueIsNeverAfterADeadline() {
    serving();
    put("v", 3);
    assertThat(gateway.wakeUpAt()).isLessThanOrEqualTo(now + millis(3));
    staleRead(2);
    assertThat(gateway.wakeUpAt()).isLessThanOrEqualTo(now + millis(2));
  }

  // Bad requests

  static Stream<Request> badRequests() {
    byte[] tooLong = new byte[KvLimits.MAX_KEY_BYTES + 1];
    return Stream.of(
        new Request(0, write(putOf("v")), null, 0),
        new Request(0, write(put(new byte[0], bytes("v"))), null, 100),
        new Request(0, write(put(tooLong, bytes("v"))), null, 100),
        new Request(0, write(put(bytes("k"), new byte[KvLimits.MAX_VALUE_BYTES + 1])), null, 100),
        new Request(0, write(putOf("v")), new Request.Stamp(CLIENTS, 0, 0), 100),
        new Request(0, write(putOf("v")), new Request.Stamp(CLIENTS, 5, 5), 100),
        new Request(0, write(putOf("v")), new Request.Stamp(CLIENTS, Sessions.WINDOW + 1, 0), 100),
        new Request(
            0, write(new Command.OpenSession(5_000)), new Request.Stamp(CLIENTS, 1, 0), 100),
        new Request(0, write(new Command.OpenSession(0)), null, 100),
        new Request(0, write(new Command.CloseSession()), null, 100),
        new Request(0, write(new Command.KeepAlive()), null, 100),
        new Request(0, new Operation.LinearizableRead(new Query.Get(new byte[0])), null, 100),
        new Request(0, new Operation.StaleRead(new Query.Get(tooLong), 0), null, 100));
  }

  @ParameterizedTest
  @MethodSource("badRequests")
  void aBadRequestIsRefusedAtOnceAndGoesNowhere(Request request) {
    serving();
    gateway.request(++lastHandle, request, now);
    gateway.flush(now);

    assertThat(output.refusal(lastHandle)).isEqualTo(Outcome.Reason.INVALID);
    assertThat(output.sent).isEmpty();
    assertThat(output.localReads).isEmpty();
    assertThat(gateway.inFlight()).isZero();
  }

  @Test
  void noMoreRequestsAreTakenThanTheGatewayHasRoomFor() {
    serving();
    List<Long> handles = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      handles.add(put("v", 1_000));
    }
    long refused = put("v", 1_000);
    assertThat(output.refusal(refused)).isEqualTo(Outcome.Reason.OVERLOADED);

    gateway.flush(now);
    applied(output.commands().get(0).tag(), DONE);
    assertThat(output.outcomes(handles.get(0))).hasSize(1);
    long taken = put("v", 1_000);
    assertThat(output.outcomes(taken)).isEmpty();
  }

  @Test
  void nothingIsAddedWhileANodeIsOverItsQuota() {
    serving();
    gateway.overQuota(Set.of("n2"));
    long refused = put("v", 1_000);
    long delete =
        request(write(new Command.Delete(bytes("k"), Command.Condition.NONE, false)), null, 1_000);
    long read = read(1_000);
    gateway.overQuota(Set.of());
    long taken = put("v", 1_000);

    assertThat(output.refusal(refused)).isEqualTo(Outcome.Reason.QUOTA_EXCEEDED);
    assertThat(output.outcomes(delete)).isEmpty();
    assertThat(output.outcomes(read)).isEmpty();
    assertThat(output.outcomes(taken)).isEmpty();
    gateway.flush(now);
    assertThat(output.commands()).hasSize(2);
  }

  // Repeats

  @Test
  void aRepeatCarriesTheSameNumberAndTheSameBytesToWhoeverLeads() {
    serving();
    put("v", 5_000);
    gateway.flush(now);
    later(millis(40));
    leaderKnown(NEXT_LEADER);

    List<Sent> submits = output.submits();
    assertThat(submits).extracting(Sent::to).containsExactly("leader", "leader", "next");
    assertThat(submits).extracting(Sent::message).containsOnly(submits.get(0).message());
  }

  @Test
  void aLowerLeaderIsNotFollowed() {
    leaderKnown(NEXT_LEADER);
    leaderKnown(LEADER);
    gateway.receive("x", new Message.NotLeader(LIFE, 1, LEADER), now);
    gateway.receive("x", new Message.NotLeader(LIFE, 1, Ballot.NONE), now);
    put("v", 1_000);
    gateway.flush(now);

    assertThat(output.submits()).extracting(Sent::to).containsOnly("next");
  }

  @Test
  void aRefusalThatNamesTheLeaderSendsEverythingThere() {
    serving();
    put("v", 5_000);
    long read = read(5_000);
    gateway.flush(now);
    output.clear();

    gateway.receive("leader", new Message.NotLeader(LIFE, 1, NEXT_LEADER), now);

    assertThat(output.sent).extracting(Sent::to).containsExactly("next", "next");
    assertThat(output.outcomes(read)).isEmpty();
  }

  @Test
  void repeatsComeAtGrowingIntervals() {
    serving();
    put("v", 100_000);
    gateway.flush(now);
    output.clear();
    List<Long> gaps = new ArrayList<>();
    long last = now;
    for (int i = 0; i < 5; i++) {
      now = gateway.wakeUpAt();
      gateway.tick(now);
      gaps.add((now - last) / millis(1));
      last = now;
    }

    assertThat(gaps).containsExactly(40L, 80L, 100L, 100L, 100L);
    assertThat(output.submits()).hasSize(5);
  }

  @Test
  void afterALearnersRestartResultsAreAskedForThroughTheLog() {
    serving();
    long handle = put("v", 5_000);
    gateway.flush(now);
    Sent first = output.submits().get(0);
    output.clear();

    gateway.learnerRestarted();

    assertThat(output.submits()).containsExactly(first);
    applied(output.commands().get(0).tag(), DONE);
    assertThat(output.outcomes(handle)).containsExactly(new Outcome.Written(DONE, SLOT));
  }

  @Test
  void afterALearnersRestartItIsAskedItsReadsAgain() {
    serving();
    staleRead(5_000);
    Gateway.LocalRead asked = output.localReads.get(0);

    gateway.learnerRestarted();

    assertThat(output.localReads).containsExactly(asked, asked);
  }

  // Sessions

  @Test
  void aClientsOwnStampIsCarriedAsItIs() {
    serving();
    request(write(putOf("v")), new Request.Stamp(CLIENTS, 8, 5), 1_000);
    gateway.flush(now);

    SessionCommand sent = output.commands().get(0);
    assertThat(sent.session()).isEqualTo(CLIENTS);
    assertThat(sent.sequence()).isEqualTo(8);
    assertThat(sent.acknowledged()).isEqualTo(5);
  }

  @Test
  void writesWithoutASessionGetTheGatewaysWithARisingSequence() {
    serving();
    put("a", 1_000);
    put("b", 1_000);
    gateway.flush(now);
    put("c", 1_000);
    gateway.flush(now);

    assertThat(output.commands()).extracting(SessionCommand::session).containsOnly(OWN);
    assertThat(output.commands()).extracting(SessionCommand::sequence).containsExactly(1L, 2L, 3L);
  }

  @Test
  void onlyWhatWasAnsweredIsAcknowledged() {
    serving();
    put("a", 1_000);
    put("b", 1_000);
    gateway.flush(now);
    List<SessionCommand> first = output.commands();
    applied(first.get(1).tag(), DONE);
    put("c", 1_000);
    gateway.flush(now);
    assertThat(output.lastCommand().acknowledged()).isZero();

    applied(first.get(0).tag(), DONE);
    put("d", 1_000);
    gateway.flush(now);
    assertThat(output.lastCommand().acknowledged()).isEqualTo(2);
  }

  @Test
  void theGatewaysWritesStayWithinTheSessionsWindow() {
    serving();
    for (int i = 0; i < Sessions.WINDOW + 10; i++) {
      put("v", 10_000);
    }
    gateway.flush(now);
    assertThat(output.commands()).hasSize(Sessions.WINDOW);
    assertThat(output.commands())
        .allMatch(sent -> KvLimits.checkPlace(sent.sequence(), sent.acknowledged()).isEmpty());

    SessionCommand first = output.commands().get(0);
    output.clear();
    applied(first.tag(), DONE);
    gateway.flush(now);
    assertThat(output.commands()).hasSize(1);
    assertThat(output.lastCommand().sequence()).isEqualTo(Sessions.WINDOW + 1);
    assertThat(output.lastCommand().acknowledged()).isEqualTo(1);
  }

  @Test
  void anExpiredSessionLeavesTheOutcomeUnknownAndTheNextWriteGetsANewOne() {
    serving();
    long handle = put("v", 1_000);
    gateway.flush(now);
    applied(output.lastCommand().tag(), new Result.SessionExpired());
    assertThat(output.outcomes(handle)).hasSize(1).hasOnlyElementsOfType(Outcome.Unknown.class);

    long next = put("w", 1_000);
    gateway.flush(now);
    assertThat(output.lastCommand().command()).isInstanceOf(Command.OpenSession.class);
    SessionId second = new SessionId(50, 0);
    applied(output.lastCommand().tag(), new Result.SessionOpened(second, 1));
    gateway.flush(now);
    assertThat(output.lastCommand().session()).isEqualTo(second);
    assertThat(output.lastCommand().sequence()).isEqualTo(1);
    applied(output.lastCommand().tag(), DONE);
    assertThat(output.outcomes(next)).containsExactly(new Outcome.Written(DONE, SLOT));
  }

  @Test
  void aClientsExpiredSessionIsToldAsItIsAndDoesNotTouchTheGateways() {
    serving();
    long handle = request(write(putOf("v")), new Request.Stamp(CLIENTS, 1, 0), 1_000);
    gateway.flush(now);
    applied(output.lastCommand().tag(), new Result.SessionExpired());

    assertThat(output.outcomes(handle))
        .containsExactly(new Outcome.Written(new Result.SessionExpired(), SLOT));
    put("w", 1_000);
    gateway.flush(now);
    assertThat(output.lastCommand().session()).isEqualTo(OWN);
  }

  @Test
  void whileTheStoreHoldsNoMoreSessionsWritesWithoutOneAreRefused() {
    leaderKnown(LEADER);
    long handle = put("v", 1_000);
    gateway.flush(now);
    applied(output.lastCommand().tag(), new Result.TooManySessions());

    assertThat(output.refusal(handle)).isEqualTo(Outcome.Reason.OVERLOADED);
    put("w", 1_000);
    gateway.flush(now);
    assertThat(output.lastCommand().command()).isInstanceOf(Command.OpenSession.class);
  }

  @Test
  void anIdleSessionIsKeptAlive() {
    serving();
    long until = now + millis(Gateway.SESSION_TTL_MILLIS);
    int kept = 0;
    while (now < until) {
      now = gateway.wakeUpAt();
      gateway.tick(now);
      for (SessionCommand sent : output.commands()) {
        if (sent.command() instanceof Command.KeepAlive) {
          kept++;
          assertThat(sent.session()).isEqualTo(OWN);
          applied(sent.tag(), new Result.Done());
        }
      }
      output.clear();
    }
    assertThat(kept).isGreaterThanOrEqualTo(2);
  }

  // Batches

  @Test
  void whatGathersGoesInOneBatchAndOnlySoManyAreOnTheirWay() {
    serving();
    put("a", 1_000);
    put("b", 1_000);
    gateway.flush(now);
    assertThat(output.submits()).hasSize(1);
    for (int i = 0; i < 10; i++) {
      put("c", 1_000);
      gateway.flush(now);
    }

    assertThat(output.submits()).hasSize(Gateway.MAX_SUBMISSIONS);
    output.commands().subList(0, 2).forEach(sent -> applied(sent.tag(), DONE));
    output.clear();
    gateway.flush(now);
    assertThat(output.submits()).hasSize(1);
    assertThat(output.commands()).hasSize(7);
  }

  @Test
  void aBatchIsClosedWhenItIsFull() {
    serving();
    for (int i = 0; i < 3; i++) {
      request(write(put(bytes("k"), new byte[600_000])), null, 1_000);
    }
    gateway.flush(now);

    assertThat(output.submits()).hasSize(2);
  }

  // Reads

  @Test
  void aReadIsAskedOfTheLearnerOnlyOnceTheLeaderGaveItsIndex() {
    serving();
    long handle = read(1_000);
    gateway.flush(now);
    assertThat(output.localReads).isEmpty();
    Message.ReadIndexRequest asked = output.lastReadIndexRequest();

    readIndex(asked.id(), 12);
    assertThat(output.localReads).hasSize(1);
    assertThat(output.localReads.get(0).minSlot()).isEqualTo(12);
    Query.KeyAnswer answer = new Query.KeyAnswer(null, 7);
    gateway.answered(output.localReads.get(0).id(), List.of(answer), 13);

    assertThat(output.outcomes(handle)).containsExactly(new Outcome.Answered(answer, 13));
  }

  @Test
  void oneRoundServesAllReadsThatArrivedBeforeItAndNoneThatArrivedLater() {
    serving();
    read(1_000);
    read(1_000);
    gateway.flush(now);
    long late = read(1_000);
    Message.ReadIndexRequest first = output.lastReadIndexRequest();
    gateway.flush(now);
    Message.ReadIndexRequest second = output.lastReadIndexRequest();

    assertThat(second.id()).isGreaterThan(first.id());
    readIndex(first.id(), 12);
    assertThat(output.localReads).hasSize(1);
    assertThat(output.localReads.get(0).queries()).hasSize(2);
    assertThat(output.outcomes(late)).isEmpty();
  }

  @Test
  void readsThatWaitForTheReplicaHoldUpNoOthers() {
    serving();
    for (int i = 0; i < Gateway.MAX_READ_ROUNDS; i++) {
      staleRead(1_000);
    }
    read(1_000);
    assertThat(gateway.wantsFlush()).isTrue();
    gateway.flush(now);
    Message.ReadIndexRequest first = output.lastReadIndexRequest();
    readIndex(first.id(), 12);
    read(1_000);
    gateway.flush(now);

    assertThat(output.lastReadIndexRequest().id()).isGreaterThan(first.id());
  }

  @Test
  void onlySoManyRoundsOfReadsAreAtTheLeaderWhileLaterReadsGather() {
    serving();
    for (int i = 0; i <= Gateway.MAX_READ_ROUNDS; i++) {
      read(1_000);
      gateway.flush(now);
    }
    Message.ReadIndexRequest last = output.lastReadIndexRequest();
    assertThat(gateway.wantsFlush()).isFalse();

    readIndex(last.id(), 12);
    assertThat(gateway.wantsFlush()).isTrue();
    gateway.flush(now);
    assertThat(output.lastReadIndexRequest().id()).isGreaterThan(last.id());
  }

  @Test
  void aReadIndexForAnEarlierLifeOrARepeatedOneChangesNothing() {
    serving();
    read(1_000);
    gateway.flush(now);
    long id = output.lastReadIndexRequest().id();

    gateway.receive("leader", new Message.ReadIndex(LIFE - 1, id, 3), now);
    assertThat(output.localReads).isEmpty();
    readIndex(id, 12);
    readIndex(id, 11);
    assertThat(output.localReads).hasSize(1);
  }

  @Test
  void anUnansweredReadIsAskedAgainOfTheLeaderWithTheSameNumber() {
    serving();
    read(1_000);
    gateway.flush(now);
    later(millis(40));
    leaderKnown(NEXT_LEADER);

    assertThat(output.sent).extracting(Sent::to).containsExactly("leader", "leader", "next");
    assertThat(output.sent).extracting(Sent::message).containsOnly(output.sent.get(0).message());
  }

  @Test
  void aStaleReadNeedsNoLeader() {
    long handle = staleRead(1_000);

    assertThat(output.sent).isEmpty();
    Gateway.LocalRead asked = output.localReads.get(0);
    assertThat(asked.minSlot()).isZero();
    assertThat(asked.minRevision()).isEqualTo(4);
    gateway.answered(asked.id(), List.of(new Query.KeyAnswer(null, 5)), 9);
    assertThat(output.outcomes(handle)).hasSize(1);
  }

  @Test
  void aReadWithoutAnAnswerIsRefusedAtItsDeadlineForItChangedNothing() {
    serving();
    long handle = read(50);
    gateway.flush(now);
    later(millis(50));

    assertThat(output.refusal(handle)).isEqualTo(Outcome.Reason.UNAVAILABLE);
    readIndex(output.lastReadIndexRequest().id(), 12);
    assertThat(output.localReads).isEmpty();
  }

  @Test
  void aLateAnswerOfTheLearnerIsNobodys() {
    long handle = staleRead(50);
    later(millis(50));
    gateway.answered(output.localReads.get(0).id(), List.of(new Query.KeyAnswer(null, 5)), 9);

    assertThat(output.outcomes(handle)).hasSize(1);
  }

  // The shell's part

  /** The leader is known and the gateway's session open. */
  private void serving() {
    leaderKnown(LEADER);
    put("opens the session", 1_000);
    gateway.flush(now);
    applied(output.lastCommand().tag(), new Result.SessionOpened(OWN, 1));
    later(millis(1_000)); // the put that came first is refused: the session is unused
    output.clear();
  }

  private void leaderKnown(Ballot leader) {
    gateway.receive("here", new Message.LeaderKnown(leader), now);
  }

  private long put(String value, long timeoutMillis) {
    return request(write(putOf(value)), null, timeoutMillis);
  }

  private long read(long timeoutMillis) {
    return request(new Operation.LinearizableRead(new Query.Get(bytes("k"))), null, timeoutMillis);
  }

  private long staleRead(long timeoutMillis) {
    return request(new Operation.StaleRead(new Query.Get(bytes("k")), 4), null, timeoutMillis);
  }

  private long request(Operation operation, Request.Stamp stamp, long timeoutMillis) {
    gateway.request(++lastHandle, new Request(lastHandle, operation, stamp, timeoutMillis), now);
    return lastHandle;
  }

  private void applied(long tag, Result result) {
    gateway.applied(List.of(new AppliedCommand("here", LIFE, tag, SLOT, result)), now);
  }

  private void readIndex(long id, long slot) {
    gateway.receive("leader", new Message.ReadIndex(LIFE, id, slot), now);
  }

  private void later(long nanos) {
    now += nanos;
    gateway.tick(now);
  }

  private static long millis(long millis) {
    return Duration.ofMillis(millis).toNanos();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Operation.Write write(Command command) {
    return new Operation.Write(command);
  }

  private static Command.Put put(byte[] key, byte[] value) {
    return new Command.Put(key, value, Command.Condition.NONE, false);
  }

  private static Command.Put putOf(String value) {
    return put(bytes("k"), bytes(value));
  }

  private record Sent(String to, Message message) {}

  /** What the gateway decided. */
  private static final class Recorder implements Gateway.Output {
    final List<Sent> sent = new ArrayList<>();
    final List<Gateway.LocalRead> localReads = new ArrayList<>();
    private final Map<Long, List<Outcome>> replies = new LinkedHashMap<>();

    @Override
    public void send(String node, Message message) {
      sent.add(new Sent(node, message));
    }

    @Override
    public void read(Gateway.LocalRead read) {
      localReads.add(read);
    }

    @Override
    public void reply(long handle, Outcome outcome) {
      replies.computeIfAbsent(handle, any -> new ArrayList<>()).add(outcome);
    }

    void clear() {
      sent.clear();
      localReads.clear();
    }

    List<Outcome> outcomes(long handle) {
      return replies.getOrDefault(handle, List.of());
    }

    Outcome.Reason refusal(long handle) {
      assertThat(outcomes(handle)).hasSize(1).hasOnlyElementsOfType(Outcome.Refused.class);
      return ((Outcome.Refused) outcomes(handle).get(0)).reason();
    }

    List<Sent> submits() {
      return sent.stream().filter(one -> one.message() instanceof Message.Submit).toList();
    }

    List<SessionCommand> commands() {
      return submits().stream()
          .map(one -> CommandCodec.decode(((Message.Submit) one.message()).commands()))
          .peek(batch -> assertThat(batch.origin()).isEqualTo("here"))
          .map(CommandCodec.Batch::commands)
          .flatMap(List::stream)
          .toList();
    }

    SessionCommand lastCommand() {
      List<SessionCommand> commands = commands();
      return commands.get(commands.size() - 1);
    }

    Message.ReadIndexRequest lastReadIndexRequest() {
      Function<Sent, Stream<Message.ReadIndexRequest>> requests =
          one ->
              one.message() instanceof Message.ReadIndexRequest request
                  ? Stream.of(request)
                  : Stream.empty();
      List<Message.ReadIndexRequest> all = sent.stream().flatMap(requests).toList();
      return all.get(all.size() - 1);
    }
  }
}
