package synod.node;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import synod.node.LeaderMessage.Result;
import synod.paxos.Ballot;
import synod.paxos.Message;
import synod.paxos.Role;

/** Leadership is moved to n1, whose proposer is a probe, on manual time. */
class LeaderActorTest {
  private static final Ballot OTHER = new Ballot(3, "n2", 7);
  private static final Ballot MINE = new Ballot(4, "n1", 8);

  private final ActorTestKit kit =
      ActorTestKit.create(
          "synod",
          ManualTime.config()
              .withFallback(ConfigFactory.parseString("akka.actor.provider = local"))
              .withFallback(ConfigFactory.load()));
  private final ManualTime time = ManualTime.get(kit.system());
  private final AtomicLong nanos = new AtomicLong(1_000_000_000L);
  private final NodeContext node =
      new NodeContext(
          RoleActorTest.config(), new FakeStorage(), nanos::get, () -> 0, new Random(1));
  private final TestProbe<RoleMessage> proposer = kit.createTestProbe("proposer");
  private final TestProbe<LeaderMessage.Moved> asker = kit.createTestProbe("asker");
  private ActorRef<LeaderMessage> actor;

  @BeforeEach
  void start() {
    node.peers(new Peers(kit.system(), node));
    node.role(Role.PROPOSER, proposer.getRef());
    leaderIs(OTHER);
    actor = kit.spawn(LeaderActor.create(node));
  }

  @AfterEach
  void end() {
    kit.shutdownTestKit();
  }

  private void leaderIs(Ballot leader) {
    node.status().update(view -> NodeControls.serving(view, leader));
  }

  private void move() {
    actor.tell(new LeaderMessage.Move("n1", Duration.ofSeconds(2), asker.getRef()));
  }

  private void pass(Duration duration) {
    nanos.addAndGet(duration.toNanos());
    time.timePasses(duration);
  }

  private void expectHandover(Ballot of) {
    assertThat(proposer.receiveMessage())
        .isEqualTo(new RoleMessage.FromHere(new Message.Handover(of)));
  }

  @Test
  void theNodeIsAskedUntilItLeads() {
    move();
    expectHandover(OTHER);
    pass(Duration.ofMillis(100));
    expectHandover(OTHER);

    leaderIs(MINE);
    pass(Duration.ofMillis(10));

    asker.expectMessage(new LeaderMessage.Moved(Result.MOVED, MINE));
    pass(Duration.ofMillis(200));
    proposer.expectNoMessage(Duration.ZERO);
  }

  @Test
  void whenAnotherLeadsMeanwhileItIsTheOneThatIsToHandOver() {
    move();
    expectHandover(OTHER);

    Ballot third = new Ballot(4, "n3", 9);
    leaderIs(third);
    pass(Duration.ofMillis(100));

    expectHandover(third);
  }

  @Test
  void aNodeThatDoesNotTakeOverIsGivenUp() {
    move();
    expectHandover(OTHER);

    pass(Duration.ofSeconds(2));

    asker.expectMessage(new LeaderMessage.Moved(Result.NOT_IN_TIME, OTHER));
    proposer.expectNoMessage(Duration.ZERO);
  }

  @Test
  void aNodeThatLeadsIsNotAsked() {
    leaderIs(MINE);
    move();

    asker.expectMessage(new LeaderMessage.Moved(Result.LED_ALREADY, MINE));
    proposer.expectNoMessage(Duration.ZERO);
  }

  @Test
  void withoutALeaderThatIsHeardNobodyIsAsked() {
    node.status().update(NodeControls::unheard);
    move();

    asker.expectMessage(new LeaderMessage.Moved(Result.NO_LEADER, OTHER));
    proposer.expectNoMessage(Duration.ZERO);
  }
}
