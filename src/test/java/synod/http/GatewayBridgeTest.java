package synod.http;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.BehaviorTestKit;
import akka.actor.testkit.typed.javadsl.TestInbox;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import synod.kv.Query;
import synod.node.GatewayMessage;
import synod.node.NodeControls;
import synod.node.NodeStatus;
import synod.node.Operation;
import synod.node.Outcome;
import synod.node.Reply;
import synod.node.Request;
import synod.paxos.Ballot;
import synod.paxos.Role;

/** How requests travel to the gateway and back, one message at a time. */
class GatewayBridgeTest {
  private static final Outcome ANSWER = new Outcome.Answered(new Query.KeyAnswer(null, 1), 1);

  private final NodeStatus status = new NodeStatus("n1", Set.of(Role.values()));
  private final TestInbox<GatewayMessage> gateway = TestInbox.create();
  private BehaviorTestKit<GatewayBridge.Message> bridge;

  @BeforeEach
  void start() {
    NodeControls.update(status, view -> NodeControls.serving(view, new Ballot(1, "n1", 1)));
    bridge = BehaviorTestKit.create(GatewayBridge.create(gateway.getRef(), status));
  }

  @Test
  void whatArrivesWhileTheBridgeIsBusyLeavesInOneMessage() {
    submit();
    submit();
    submit();
    assertThat(gateway.hasMessages()).isFalse();
    runSelfMessages();

    assertThat(sent()).singleElement().satisfies(message -> assertThat(message).hasSize(3));

    submit();
    runSelfMessages();
    assertThat(sent()).singleElement().satisfies(message -> assertThat(message).hasSize(1));
  }

  @Test
  void everyRequestGetsTheReplyWithItsNumberOnce() {
    List<CompletableFuture<Outcome>> outcomes = List.of(submit(), submit());
    runSelfMessages();
    GatewayMessage.Requests requests = (GatewayMessage.Requests) gateway.receiveMessage();
    long second = requests.requests().get(1).id();

    requests.replyTo().tell(new GatewayMessage.Replies(List.of(new Reply(second, ANSWER))));
    runSelfMessages();
    assertThat(outcomes.get(0)).isNotDone();
    assertThat(outcomes.get(1)).isCompletedWithValue(ANSWER);

    bridge.run(new GatewayBridge.GatewayStopped("gone"));
    assertThat(outcomes.get(0)).isDone();
    assertThat(outcomes.get(1)).isCompletedWithValue(ANSWER);
  }

  @Test
  void aReplyToAnAbandonedRequestGoesToNobodyElse() {
    CompletableFuture<Outcome> abandoned = submit();
    runSelfMessages();
    GatewayMessage.Requests requests = (GatewayMessage.Requests) gateway.receiveMessage();
    bridge.run(new GatewayBridge.GatewayStopped("gone"));
    bridge.run(new GatewayBridge.GatewayResumed());
    CompletableFuture<Outcome> next = submit();
    runSelfMessages();

    requests
        .replyTo()
        .tell(
            new GatewayMessage.Replies(
                List.of(new Reply(requests.requests().get(0).id(), ANSWER))));
    runSelfMessages();

    assertThat(abandoned.join()).isInstanceOf(Outcome.Refused.class);
    assertThat(next).isNotDone();
  }

  @Test
  void whatWasQueuedWhenTheGatewayStoppedIsNotSentAfterwards() {
    CompletableFuture<Outcome> queued = submit();
    bridge.run(new GatewayBridge.GatewayStopped("gone"));
    bridge.run(new GatewayBridge.GatewayResumed());
    runSelfMessages();

    assertThat(queued).isDone();
    assertThat(gateway.hasMessages()).isFalse();
  }

  @Test
  void closingEndsWhatIsOpen() {
    CompletableFuture<Outcome> open = submit();
    bridge.run(new GatewayBridge.Close());

    assertThat(open).isDone();
    assertThat(bridge.isAlive()).isFalse();
  }

  private CompletableFuture<Outcome> submit() {
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    Operation read = new Operation.LinearizableRead(new Query.Get(new byte[] {1}));
    bridge.run(new GatewayBridge.Submit(read, null, 1000, outcome));
    return outcome;
  }

  private void runSelfMessages() {
    while (bridge.selfInbox().hasMessages()) {
      bridge.runOne();
    }
  }

  private List<List<Request>> sent() {
    List<List<Request>> messages = new ArrayList<>();
    for (GatewayMessage message : gateway.getAllReceived()) {
      messages.add(((GatewayMessage.Requests) message).requests());
    }
    return messages;
  }
}
