package synod.client;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static synod.client.FakeCluster.applied;
import static synod.client.FakeCluster.get;
import static synod.client.FakeCluster.put;
import static synod.client.FakeCluster.refused;
import static synod.client.FakeCluster.written;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import synod.client.ClientActor.Execute;
import synod.client.ClientActor.ExecuteAll;
import synod.client.ClientSettings.Failover;
import synod.client.FakeCluster.Message;
import synod.kv.Command;
import synod.kv.KvLimits;
import synod.kv.Query;
import synod.kv.Result;
import synod.kv.SessionId;
import synod.kv.Sessions;
import synod.node.GatewayMessage.ClientReplies;
import synod.node.GatewayMessage.Replies;
import synod.node.Operation;
import synod.node.Outcome;
import synod.node.Outcome.Reason;
import synod.node.Reply;
import synod.node.Request;

/** What callers and gateways see of a client whatever goes wrong between them. */
class ClientActorTest {
  private static final Duration ATTEMPT = ofMillis(650);

  private final FakeCluster cluster = new FakeCluster();
  private final TestProbe<Outcome> caller = cluster.kit.createTestProbe(Outcome.class);

  @AfterEach
  void stop() {
    cluster.close();
  }

  private Execute execute(Operation operation) {
    return new Execute(operation, null, caller.getRef());
  }

  private Outcome outcome() {
    return caller.receiveMessage();
  }

  private static Outcome.Written appliedAt(long revision) {
    return new Outcome.Written(new Result.Applied(revision, 1, null), revision);
  }

  // Sessions

  @Test
  void aWriteOpensASessionAndLaterOnesFollowInIt() {
    ActorRef<ClientActor.Command> client = cluster.client("n1");
    client.tell(execute(put("a")));
    SessionId session = cluster.openSession("n1");

    Request first = cluster.receive("n1").only();
    assertThat(first.session()).isEqualTo(new Request.Stamp(session, 1, 0));
    cluster.reply(applied(first, 7));
    assertThat(outcome()).isEqualTo(appliedAt(7));

    client.tell(execute(put("b")));
    assertThat(cluster.receive("n1").only().session()).isEqualTo(new Request.Stamp(session, 2, 1));
  }

  @Test
  void aReadNeedsNoSession() {
    cluster.client("n1").tell(execute(get("a")));
    Request read = cluster.receive("n1").only();
    assertThat(read.session()).isNull();
    Outcome answer = new Outcome.Answered(new Query.KeyAnswer(null, 3), 9);
    cluster.reply(new Reply(read.id(), answer));
    assertThat(outcome()).isEqualTo(answer);
  }

  @Test
  void whatIsAcknowledgedIsBelowEveryWriteWithoutAResult() {
    ActorRef<ClientActor.Command> client = cluster.client("n1");
    client.tell(execute(put("a")));
    cluster.openSession("n1");
    Request first = cluster.receive("n1").only();
    client.tell(execute(put("b")));
    Request second = cluster.receive("n1").only();
    cluster.reply(applied(second, 2));
    outcome();

    client.tell(execute(put("c")));
    Request third = cluster.receive("n1").only();
    assertThat(third.session().acknowledged()).isZero();
    cluster.reply(applied(first, 1));
    outcome();

    client.tell(execute(put("d")));
    Request fourth = cluster.receive("n1").only();
    assertThat(fourth.session().sequence()).isEqualTo(4);
    assertThat(fourth.session().acknowledged()).isEqualTo(2);
  }

  @Test
  void atMostAWindowOfWritesIsUnderWay() {
    ActorRef<ClientActor.Command> client =
        cluster.client(builder -> builder.underWayMax(2 * Sessions.WINDOW), "n1");
    for (int i = 0; i < Sessions.WINDOW + 1; i++) {
      client.tell(execute(put("a")));
    }
    cluster.openSession("n1");
    Message batch = cluster.receive("n1");
    List<Long> sequences = batch.requests().stream().map(r -> r.session().sequence()).toList();
    assertThat(sequences).isEqualTo(LongStream.rangeClosed(1, Sessions.WINDOW).boxed().toList());

    cluster.reply(applied(batch.requests().get(1), 1));
    client.tell(execute(get("a")));
    assertThat(cluster.receive("n1").only().session()).isNull();

    cluster.reply(applied(batch.requests().get(0), 2));
    Request last = cluster.receive("n1").only();
    assertThat(last.session().sequence()).isEqualTo(Sessions.WINDOW + 1);
    assertThat(last.session().acknowledged()).isEqualTo(2);
  }

  @Test
  void noMoreIsAtNodesThanTheyTake() {
    ActorRef<ClientActor.Command> client =
        cluster.client(builder -> builder.underWayMax(3), "n1", "n2");
    List<Request> requests =
        LongStream.rangeClosed(1, 7)
            .mapToObj(id -> new Request(id, get("a"), null, 60_000))
            .toList();
    client.tell(new ExecuteAll(requests, cluster.kit.<Replies>createTestProbe().getRef()));

    Message first = cluster.receive("n1");
    assertThat(first.requests()).hasSize(3);
    cluster.reply(answered(first.requests().get(1)));
    Request fourth = cluster.receive("n1").only();
    cluster.expectNothing("n1");
    cluster.reply(answered(first.requests().get(0)), answered(fourth));
    assertThat(cluster.receive("n1").requests()).hasSize(2);

    // What nobody answers is at nodes no more: three of four go to the next.
    cluster.pass(ATTEMPT);
    assertThat(cluster.receive("n2").requests()).hasSize(3);
    cluster.expectNothing("n1");
  }

  @Test
  void aWriteIntoAnExpiredSessionIsUnknownAndTheNextOpensANewOne() {
    ActorRef<ClientActor.Command> client = cluster.client("n1");
    client.tell(execute(put("a")));
    SessionId first = cluster.openSession("n1");
    cluster.reply(written(cluster.receive("n1").only(), new Result.SessionExpired()));
    assertThat(outcome()).isInstanceOf(Outcome.Unknown.class);

    client.tell(execute(put("b")));
    SessionId second = cluster.openSession("n1");
    assertThat(second).isNotEqualTo(first);
    Request retried = cluster.receive("n1").only();
    assertThat(retried.session()).isEqualTo(new Request.Stamp(second, 1, 0));
  }

  @Test
  void aWriteThatNobodyTookIntoASessionIsRefused() {
    ActorRef<ClientActor.Command> client = cluster.client("n1");
    client.tell(execute(put("a")));
    cluster.reply(written(cluster.receive("n1").only(), new Result.TooManySessions()));
    assertThat(outcome())
        .isInstanceOfSatisfying(
            Outcome.Refused.class, r -> assertThat(r.reason()).isEqualTo(Reason.OVERLOADED));
  }

  @Test
  void aSessionIsKeptAliveForAWhileAndThenClosed() {
    ActorRef<ClientActor.Command> client = cluster.client("n1");
    client.tell(execute(put("a")));
    SessionId session = cluster.openSession("n1");
    cluster.reply(applied(cluster.receive("n1").only(), 1));
    outcome();

    // A sign of life every half of the time to live, until the session has been idle for long.
    Command sign = new Command.KeepAlive();
    long sequence = 1;
    while (sign.equals(new Command.KeepAlive())) {
      cluster.pass(FakeCluster.TTL.dividedBy(2));
      Request request = cluster.receive("n1").only();
      assertThat(request.session()).isEqualTo(new Request.Stamp(session, ++sequence, sequence - 1));
      cluster.reply(written(request, new Result.Done()));
      cluster.expectNothing("n1");
      sign = ((Operation.Write) request.operation()).command();
    }
    assertThat(sign).isEqualTo(new Command.CloseSession());
    assertThat(sequence).isGreaterThan(5);

    client.tell(execute(put("b")));
    cluster.openSession("n1");
  }

  // Silence and refusals

  @Test
  void aWriteThatANodeDoesNotAnswerKeepsItsPlaceAtTheNext() {
    ActorRef<ClientActor.Command> client = cluster.client("n1", "n2");
    client.tell(execute(put("a")));
    SessionId session = cluster.openSession("n1");
    cluster.receive("n1");
    cluster.pass(ATTEMPT);

    Request repeated = cluster.receive("n2").only();
    assertThat(repeated.session()).isEqualTo(new Request.Stamp(session, 1, 0));
    assertThat(repeated.operation()).usingRecursiveComparison().isEqualTo(put("a"));
    cluster.reply(applied(repeated, 5));
    assertThat(outcome()).isEqualTo(appliedAt(5));
  }

  @Test
  void aLateAnswerCountsAndTheSecondOneIsDropped() {
    ActorRef<ClientActor.Command> client = cluster.client("n1", "n2");
    client.tell(execute(put("a")));
    cluster.openSession("n1");
    Request first = cluster.receive("n1").only();
    cluster.pass(ATTEMPT);
    Request second = cluster.receive("n2").only();

    cluster.reply(applied(first, 5));
    assertThat(outcome()).isEqualTo(appliedAt(5));
    cluster.reply(applied(second, 5));
    cluster.expectNothing("n1");
    caller.expectNoMessage(Duration.ZERO);
  }

  @Test
  void silentNodesAreLeftOneAfterTheOtherWithoutEverLongerWaits() {
    ActorRef<ClientActor.Command> client = cluster.client("n1", "n2");
    client.tell(execute(get("a")));
    cluster.receive("n1");
    for (String next : List.of("n2", "n1", "n2", "n1")) {
      cluster.pass(ATTEMPT);
      cluster.receive(next);
    }
  }

  @Test
  void aNodeThatIsSlowButAliveIsGivenMoreTimeTheNextTime() {
    ActorRef<ClientActor.Command> client = cluster.client("n1");
    client.tell(execute(get("slow")));
    Request slow = cluster.receive("n1").only();
    client.tell(execute(get("quick")));
    cluster.pass(ofMillis(10));
    Outcome answer = new Outcome.Answered(new Query.KeyAnswer(null, 3), 9);
    cluster.reply(new Reply(cluster.receive("n1").only().id(), answer));
    outcome();
    cluster.pass(ATTEMPT);
    assertThat(cluster.receive("n1").only().id()).isNotEqualTo(slow.id());
    cluster.pass(ATTEMPT);
    cluster.expectNothing("n1");
    cluster.pass(ATTEMPT);
    cluster.receive("n1");
  }

  @Test
  void theClientStaysWithTheNodeThatAnswersAndReportsTheChangeOnce() {
    ActorRef<ClientActor.Command> client = cluster.client("n1", "n2", "n3");
    client.tell(execute(put("a")));
    cluster.openSession("n1");
    cluster.receive("n1");
    cluster.pass(ATTEMPT);
    Request second = cluster.receive("n2").only();
    cluster.reply(refused(second, Reason.UNAVAILABLE));
    cluster.reply(applied(cluster.receive("n3").only(), 5));
    outcome();
    client.tell(execute(put("b")));
    cluster.reply(applied(cluster.receive("n3").only(), 6));
    outcome();
    assertThat(cluster.failovers)
        .containsExactly(new Failover("n1", "n3", "no answer within 600 ms"));
  }

  @Test
  void theClientGoesToTheLeaderAndReportsNothing() {
    ActorRef<ClientActor.Command> client = cluster.client("n1", "n2", "n3");
    cluster.leader = "n3";
    read(client, "n1");
    read(client, "n3");
    cluster.leader = "another cluster's";
    read(client, "n3");
    read(client, "n3");
    assertThat(cluster.failovers).isEmpty();
  }

  @Test
  void theClientGoesBackToALeaderThatFailedOnlyAfterAWhile() {
    ActorRef<ClientActor.Command> client = cluster.client("n1", "n2", "n3");
    cluster.leader = "n1";
    client.tell(execute(get("a")));
    cluster.reply(refused(cluster.receive("n1").only(), Outcome.Reason.UNAVAILABLE));
    cluster.reply(answered(cluster.receive("n2").only()));
    outcome();
    read(client, "n2");
    cluster.expectNothing("n1");
    cluster.pass(Duration.ofSeconds(2));
    read(client, "n2");
    read(client, "n1");
  }

  private void read(ActorRef<ClientActor.Command> client, String node) {
    client.tell(execute(get("a")));
    cluster.reply(answered(cluster.receive(node).only()));
    outcome();
  }

  private static Reply answered(Request read) {
    return new Reply(read.id(), new Outcome.Answered(new Query.KeyAnswer(null, 3), 9));
  }

  @Test
  void aRefusedCallGoesToTheNextNodeAtOnceAndPausesWhenAllHaveRefused() {
    ActorRef<ClientActor.Command> client = cluster.client("n1", "n2");
    client.tell(execute(get("a")));
    cluster.reply(refused(cluster.receive("n1").only(), Reason.UNAVAILABLE));
    cluster.reply(refused(cluster.receive("n2").only(), Reason.OVERLOADED));
    cluster.expectNothing("n1");
    cluster.pass(ofMillis(25));
    cluster.reply(refused(cluster.receive("n1").only(), Reason.UNAVAILABLE));
    cluster.receive("n2");
  }

  @Test
  void aWriteThatEveryNodeRefusedIsRefusedAtItsDeadline() {
    ActorRef<ClientActor.Command> client = cluster.client("n1");
    client.tell(new Execute(put("a"), ofMillis(100), caller.getRef()));
    cluster.openSession("n1");
    cluster.reply(refused(cluster.receive("n1").only(), Reason.UNAVAILABLE));
    cluster.expectNothing("n1");
    cluster.pass(ofMillis(100));
    assertThat(outcome())
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            r -> assertThat(r.detail()).contains("n1").contains("for a test"));
  }

  @Test
  void aWriteThatSomeNodeMayHaveTakenIsUnknownAtItsDeadline() {
    ActorRef<ClientActor.Command> client = cluster.client("n1", "n2");
    client.tell(new Execute(put("a"), ofSeconds(1), caller.getRef()));
    cluster.openSession("n1");
    cluster.receive("n1");
    cluster.pass(ATTEMPT);
    cluster.reply(refused(cluster.receive("n2").only(), Reason.UNAVAILABLE));
    cluster.receive("n1");
    cluster.pass(ofSeconds(1));
    assertThat(outcome()).isInstanceOf(Outcome.Unknown.class);
  }

  @Test
  void aLateRefusalOfOneAttemptSaysNothingAboutAnother() {
    ActorRef<ClientActor.Command> client = cluster.client("n1", "n2");
    client.tell(new Execute(put("a"), ofSeconds(1), caller.getRef()));
    cluster.openSession("n1");
    Request first = cluster.receive("n1").only();
    cluster.pass(ATTEMPT);
    cluster.receive("n2");
    cluster.reply(refused(first, Reason.UNAVAILABLE));
    cluster.expectNothing("n1");
    cluster.pass(ofSeconds(1));
    assertThat(outcome()).isInstanceOf(Outcome.Unknown.class);
  }

  @Test
  void aNodeThatDoesNotKnowLeavesTheOutcomeOpenButNotTheCall() {
    ActorRef<ClientActor.Command> client = cluster.client("n1", "n2");
    client.tell(new Execute(put("a"), ofSeconds(1), caller.getRef()));
    cluster.openSession("n1");
    Request first = cluster.receive("n1").only();
    cluster.reply(new Reply(first.id(), new Outcome.Unknown("for a test")));
    Request second = cluster.receive("n2").only();
    assertThat(second.session()).isEqualTo(first.session());
    cluster.reply(refused(second, Reason.UNAVAILABLE));
    cluster.expectNothing("n1");
    cluster.pass(ofSeconds(1));
    assertThat(outcome()).isInstanceOf(Outcome.Unknown.class);
  }

  @Test
  void aWriteThatWasNeverSentIsRefusedAtItsDeadlineAndAReadAlways() {
    ActorRef<ClientActor.Command> client = cluster.client("n1");
    client.tell(new Execute(put("a"), ofMillis(100), caller.getRef()));
    cluster.receive("n1");
    cluster.pass(ofMillis(100));
    assertThat(outcome()).isInstanceOf(Outcome.Refused.class);

    client.tell(new Execute(get("a"), ofMillis(100), caller.getRef()));
    cluster.receive("n1");
    cluster.pass(ofMillis(100));
    assertThat(outcome()).isInstanceOf(Outcome.Refused.class);
  }

  @Test
  void whatIsInvalidIsNotRepeated() {
    ActorRef<ClientActor.Command> client = cluster.client("n1", "n2");
    client.tell(execute(get("a")));
    cluster.reply(refused(cluster.receive("n1").only(), Reason.INVALID));
    assertThat(outcome()).isEqualTo(new Outcome.Refused(Reason.INVALID, "for a test"));
    cluster.expectNothing("n2");
  }

  @Test
  void aPutThatNoNodeHasRoomForIsNotRepeated() {
    ActorRef<ClientActor.Command> client = cluster.client("n1", "n2");
    client.tell(execute(get("a")));
    cluster.reply(refused(cluster.receive("n1").only(), Reason.QUOTA_EXCEEDED));
    assertThat(outcome()).isEqualTo(new Outcome.Refused(Reason.QUOTA_EXCEEDED, "for a test"));
    cluster.expectNothing("n2");
  }

  @Test
  void whatExceedsALimitIsRefusedHere() {
    ActorRef<ClientActor.Command> client = cluster.client("n1");
    client.tell(execute(put("a", KvLimits.MAX_VALUE_BYTES + 1)));
    assertThat(outcome())
        .isInstanceOfSatisfying(
            Outcome.Refused.class, r -> assertThat(r.reason()).isEqualTo(Reason.INVALID));
    client.tell(execute(new Operation.Write(new Command.KeepAlive())));
    assertThat(outcome()).isInstanceOf(Outcome.Refused.class);
    cluster.expectNothing("n1");
  }

  @Test
  void repliesThatCanNotBeReadAreDropped() {
    ActorRef<ClientActor.Command> client = cluster.client("n1");
    client.tell(execute(get("a")));
    Request read = cluster.receive("n1").only();
    cluster.answer(new ClientReplies("", new byte[] {1, 2, 3}));
    cluster.reply(applied(new Request(read.id() + 100, read.operation(), null, 1), 1));
    Outcome answer = new Outcome.Answered(new Query.KeyAnswer(null, 3), 9);
    cluster.reply(new Reply(read.id(), answer));
    assertThat(outcome()).isEqualTo(answer);
  }

  // Batches

  @Test
  void whatComesInWhileMessagesAreUnderWayGoesTogether() {
    ActorRef<ClientActor.Command> client = cluster.client("n1");
    client.tell(execute(get("a")));
    Message first = cluster.receive("n1");
    client.tell(execute(get("b")));
    cluster.receive("n1");
    for (int i = 0; i < 10; i++) {
      client.tell(execute(get("c")));
    }
    cluster.expectNothing("n1");
    cluster.reply(refused(first.only(), Reason.INVALID));
    assertThat(cluster.receive("n1").requests()).hasSize(10);
  }

  @Test
  void aMessageStaysBelowItsSizeUnlessOneRequestIsLarger() {
    ActorRef<ClientActor.Command> client =
        cluster.client(builder -> builder.batchesUnderWayMax(10), "n1");
    client.tell(execute(put("a", 200_000)));
    client.tell(execute(put("b", 50_000)));
    client.tell(execute(put("c", 20_000)));
    client.tell(execute(put("d", 500_000)));
    client.tell(execute(put("e", 1)));
    cluster.openSession("n1");
    List<Integer> sizes = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      sizes.add(cluster.receive("n1").requests().size());
    }
    assertThat(sizes).containsExactly(2, 1, 1, 1);
  }

  @Test
  void repliesThatComeTogetherAreHandedOnTogether() {
    TestProbe<Replies> replies = cluster.kit.createTestProbe(Replies.class);
    ActorRef<ClientActor.Command> client = cluster.client("n1");
    List<Request> requests = List.of(read(11), read(12), read(13));
    client.tell(new ExecuteAll(requests, replies.getRef()));
    List<Request> sent = cluster.receive("n1").requests();
    Outcome answer = new Outcome.Answered(new Query.KeyAnswer(null, 3), 9);
    cluster.reply(new Reply(sent.get(2).id(), answer), new Reply(sent.get(0).id(), answer));
    assertThat(replies.receiveMessage().replies())
        .containsExactly(new Reply(13, answer), new Reply(11, answer));
    cluster.reply(new Reply(sent.get(1).id(), answer));
    assertThat(replies.receiveMessage().replies()).containsExactly(new Reply(12, answer));
  }

  @Test
  void aBatchThatBringsASessionIsRefused() {
    TestProbe<Replies> replies = cluster.kit.createTestProbe(Replies.class);
    Request.Stamp stamp = new Request.Stamp(new SessionId(1, 0), 1, 0);
    cluster
        .client("n1")
        .tell(new ExecuteAll(List.of(new Request(7, put("a"), stamp, 100)), replies.getRef()));
    assertThat(replies.receiveMessage().replies())
        .singleElement()
        .satisfies(reply -> assertThat(reply.outcome()).isInstanceOf(Outcome.Refused.class));
  }

  @Test
  void moreThanTheClientTakesIsRefusedAsOverload() {
    ActorRef<ClientActor.Command> client =
        cluster.client(builder -> builder.outstandingMax(2), "n1");
    client.tell(execute(get("a")));
    client.tell(execute(get("b")));
    client.tell(execute(get("c")));
    assertThat(outcome())
        .isInstanceOfSatisfying(
            Outcome.Refused.class, r -> assertThat(r.reason()).isEqualTo(Reason.OVERLOADED));
    Request first = cluster.receive("n1").requests().get(0);
    cluster.reply(refused(first, Reason.INVALID));
    outcome();
    client.tell(execute(get("d")));
    assertThat(cluster.receive("n1").requests()).isNotEmpty();
  }

  // The end

  @Test
  void closingAnswersEverybodyAndClosesTheSession() {
    ActorRef<ClientActor.Command> client = cluster.client("n1");
    client.tell(execute(put("a")));
    SessionId session = cluster.openSession("n1");
    cluster.receive("n1");
    client.tell(new ClientActor.Close());
    assertThat(outcome()).isInstanceOf(Outcome.Unknown.class);
    Request close = cluster.receive("n1").only();
    assertThat(close.operation()).isEqualTo(new Operation.Write(new Command.CloseSession()));
    assertThat(close.session().session()).isEqualTo(session);

    client.tell(execute(put("b")));
    assertThat(outcome()).isInstanceOf(Outcome.Refused.class);
    cluster.reply(written(close, new Result.Done()));
    cluster.kit.createTestProbe().expectTerminated(client, ofSeconds(3));
  }

  @Test
  void closingDoesNotWaitForASilentCluster() {
    ActorRef<ClientActor.Command> client = cluster.client("n1");
    client.tell(execute(put("a")));
    cluster.openSession("n1");
    cluster.receive("n1");
    client.tell(new ClientActor.Close());
    outcome();
    cluster.receive("n1");
    cluster.pass(ofMillis(400));
    cluster.kit.createTestProbe().expectTerminated(client, ofSeconds(3));
  }

  private static Request read(long id) {
    return new Request(id, get("a"), null, 1000);
  }
}
