package synod.node;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestInbox;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import synod.kv.Query;
import synod.paxos.Role;

/** The gateway of a node that is leaving. */
class GatewayShellTest {
  private static final long NOW = 1_000_000_000L;

  private final NodeContext node =
      new NodeContext(RoleActorTest.config(), new FakeStorage(), () -> NOW, () -> 0, new Random(1));
  private final TestInbox<RoleMessage> learner = TestInbox.create();
  private final TestInbox<GatewayMessage.Replies> client = TestInbox.create();
  private final TestInbox<RoleMessage.Done> leaving = TestInbox.create();
  private GatewayShell shell;

  @BeforeEach
  void start() {
    node.role(Role.LEARNER, learner.getRef());
    shell = new GatewayShell(node);
  }

  /** As the actor does it with each message. */
  private void receive(RoleMessage message) {
    shell.receiveHere(message, NOW);
    shell.settle();
  }

  private void read(long id) {
    Operation read = new Operation.StaleRead(new Query.Get(new byte[] {1}), 0);
    receive(
        new GatewayMessage.Requests(List.of(new Request(id, read, null, 5_000)), client.getRef()));
  }

  /** The learner answers what the gateway asked it last. */
  private void answer() {
    Gateway.LocalRead asked = ((RoleMessage.ReadHere) learner.receiveMessage()).read();
    receive(
        new RoleMessage.ReadAnswers(
            asked.incarnation(), asked.id(), List.of(new Query.KeyAnswer(null, 5)), 9));
  }

  private void drain() {
    receive(new RoleMessage.Drain(leaving.getRef()));
  }

  @Test
  void aGatewayWithNothingToDoMayLeaveAtOnce() {
    drain();

    assertThat(leaving.getAllReceived()).containsExactly(new RoleMessage.Done());
  }

  @Test
  void whatWasTakenIsAnsweredBeforeTheGatewayMayLeave() {
    read(1);
    drain();
    assertThat(leaving.hasMessages()).isFalse();

    answer();

    assertThat(client.receiveMessage().replies())
        .containsExactly(new Reply(1, new Outcome.Answered(new Query.KeyAnswer(null, 5), 9)));
    assertThat(leaving.receiveMessage()).isEqualTo(new RoleMessage.Done());
  }

  @Test
  void aGatewayThatIsLeavingTakesNothingNewAndSaysThatItWasNotSentOn() {
    read(1);
    drain();

    read(2);

    Reply refusal = client.receiveMessage().replies().get(0);
    assertThat(refusal.id()).isEqualTo(2);
    assertThat(refusal.outcome())
        .isEqualTo(
            new Outcome.Refused(
                Outcome.Reason.UNAVAILABLE, "this node is stopping; the request was not sent on"));
    assertThat(leaving.hasMessages()).as("request 1 is still under way").isFalse();
    answer();
    assertThat(leaving.hasMessages()).isTrue();
    assertThat(learner.hasMessages()).isFalse();
  }
}
