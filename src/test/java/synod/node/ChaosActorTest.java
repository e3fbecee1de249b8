package synod.node;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import synod.paxos.Role;

/**
 * The chaos scheduler on manual time: it stops what it is told to, as its seed says, and nothing
 * else.
 */
class ChaosActorTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final ActorTestKit kit =
      ActorTestKit.create(
          "synod",
          ManualTime.config()
              .withFallback(ConfigFactory.parseString("akka.actor.provider = local"))
              .withFallback(ConfigFactory.load()));
  private final ManualTime time = ManualTime.get(kit.system());
  private final TestProbe<ChaosMessage.Answer> answers = kit.createTestProbe();

  @AfterEach
  void end() {
    kit.shutdownTestKit();
  }

  /** A node whose roles are probes, all of them up. */
  private NodeContext node() {
    NodeContext node =
        new NodeContext(RoleActorTest.config(), new FakeStorage(), () -> 0, () -> 0, new Random(1));
    for (Role role : Role.values()) {
      node.role(role, kit.<RoleMessage>createTestProbe().getRef());
      node.resumed(role, 1);
    }
    return node;
  }

  private void configure(ActorRef<ChaosMessage> chaos, Set<Role> roles) {
    chaos.tell(
        new ChaosMessage.Configure(
            roles,
            Duration.ofSeconds(5),
            Duration.ofMillis(100),
            Duration.ofMillis(900),
            answers.getRef()));
    assertThat(answers.receiveMessage().accepted()).isTrue();
  }

  @Test
  void itIsOffByDefault() {
    NodeContext node = node();
    TestProbe<RoleMessage> acceptor = kit.createTestProbe();
    node.role(Role.ACCEPTOR, acceptor.getRef());
    kit.spawn(ChaosActor.create(node));

    time.expectNoMessageFor(MINUTE, acceptor);
  }

  @Test
  void itStopsTheChosenRolesAndNoOther() {
    NodeContext node = node();
    TestProbe<RoleMessage> acceptor = kit.createTestProbe();
    TestProbe<RoleMessage> learner = kit.createTestProbe();
    node.role(Role.ACCEPTOR, acceptor.getRef());
    node.role(Role.LEARNER, learner.getRef());
    configure(kit.spawn(ChaosActor.create(node)), Set.of(Role.ACCEPTOR));

    time.timePasses(MINUTE);
    Duration downtime = ((RoleMessage.Stop) acceptor.receiveMessage()).downtime();
    assertThat(downtime).isBetween(Duration.ofMillis(100), Duration.ofMillis(900));
    learner.expectNoMessage(Duration.ZERO);
  }

  @Test
  void theSameSeedStopsTheSameRoleForTheSameTimes() {
    assertThat(downtimes()).isEqualTo(downtimes()).doesNotHaveDuplicates();
  }

  /** Of the acceptor, until the tenth stop. */
  private List<Duration> downtimes() {
    NodeContext node = node();
    TestProbe<RoleMessage> acceptor = kit.createTestProbe();
    node.role(Role.ACCEPTOR, acceptor.getRef());
    ActorRef<ChaosMessage> chaos = kit.spawn(ChaosActor.create(node));
    configure(chaos, Set.of(Role.ACCEPTOR));
    List<Duration> downtimes = new ArrayList<>();
    while (downtimes.size() < 10) {
      time.timePasses(MINUTE);
      downtimes.add(((RoleMessage.Stop) acceptor.receiveMessage()).downtime());
      configured(chaos); // so that the next stop is scheduled before time passes
    }
    return downtimes;
  }

  private NodeConfig.Chaos configured(ActorRef<ChaosMessage> chaos) {
    TestProbe<NodeConfig.Chaos> schedule = kit.createTestProbe();
    chaos.tell(new ChaosMessage.Describe(schedule.getRef()));
    return schedule.receiveMessage();
  }

  @Test
  void itCanBeSwitchedOff() {
    NodeContext node = node();
    TestProbe<RoleMessage> acceptor = kit.createTestProbe();
    node.role(Role.ACCEPTOR, acceptor.getRef());
    ActorRef<ChaosMessage> chaos = kit.spawn(ChaosActor.create(node));
    configure(chaos, Set.of(Role.ACCEPTOR));
    configure(chaos, Set.of());

    assertThat(configured(chaos).roles()).isEmpty();
    time.expectNoMessageFor(MINUTE, acceptor);
  }

  @Test
  void aSingleShotHitsOnlyARoleThatIsUp() {
    NodeContext node = node();
    TestProbe<RoleMessage> proposer = kit.createTestProbe();
    node.role(Role.PROPOSER, proposer.getRef());
    ActorRef<ChaosMessage> chaos = kit.spawn(ChaosActor.create(node));

    chaos.tell(new ChaosMessage.Kill(Role.PROPOSER, Duration.ofSeconds(3), answers.getRef()));
    assertThat(answers.receiveMessage().accepted()).isTrue();
    assertThat(proposer.receiveMessage()).isEqualTo(new RoleMessage.Stop(Duration.ofSeconds(3)));

    node.stopped(Role.PROPOSER, Duration.ofSeconds(3));
    chaos.tell(new ChaosMessage.Kill(Role.PROPOSER, null, answers.getRef()));
    ChaosMessage.Answer refused = answers.receiveMessage();
    assertThat(refused.accepted()).isFalse();
    assertThat(refused.detail()).contains("proposer of n1 is not up");
  }
}
