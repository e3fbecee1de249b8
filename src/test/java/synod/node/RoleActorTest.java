package synod.node;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.FishingOutcomes;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorRefResolver;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import synod.kv.Command;
import synod.kv.Query;
import synod.paxos.Ballot;
import synod.paxos.Entry;
import synod.paxos.Formation;
import synod.paxos.Message;
import synod.paxos.Quorums;
import synod.paxos.Role;
import synod.storage.StorageFailure;

/**
 * The life and death of a role's actor, on manual time: one role is real, the others are probes.
 */
class RoleActorTest {
  private static final Ballot LOW = new Ballot(1, "n1", 7);
  private static final Ballot HIGH = new Ballot(2, "n1", 7);
  private static final Duration DOWNTIME = Duration.ofSeconds(2);

  private final ActorTestKit kit =
      ActorTestKit.create(
          "synod",
          ManualTime.config()
              .withFallback(ConfigFactory.parseString("akka.actor.provider = local"))
              .withFallback(ConfigFactory.load()));
  private final ManualTime time = ManualTime.get(kit.system());
  private final AtomicLong nanos = new AtomicLong(1_000_000_000L);
  private final FakeStorage storage = new FakeStorage();
  private final NodeContext node =
      new NodeContext(config(), storage, nanos::get, () -> nanos.get() / 1_000_000, new Random(1));
  private final TestProbe<RoleMessage> proposer = kit.createTestProbe("proposer");
  private final TestProbe<RoleMessage> learner = kit.createTestProbe("learner");
  private final Queue<NodeEvent> events = new ConcurrentLinkedQueue<>();

  static NodeConfig config() {
    NodeConfig.Node self =
        new NodeConfig.Node("n1", "127.0.0.1", 25521, 8081, Set.of(Role.values()));
    return new NodeConfig(
        "synod",
        self,
        List.of(self),
        Quorums.majority(List.of("n1")),
        List.of("n1"),
        Path.of("unused"),
        false,
        new NodeConfig.Timing(
            Duration.ofMillis(60),
            Duration.ofMillis(300),
            Duration.ofMillis(600),
            Duration.ofMillis(100),
            Duration.ofSeconds(5),
            Duration.ofSeconds(60),
            Duration.ofMillis(1)),
        new NodeConfig.Limits(2, 512 << 10, 1000, 128 << 10, 0, 0, 256 << 10, 64 << 20, 64 << 20),
        new NodeConfig.Chaos(
            Set.of(), Duration.ofSeconds(10), Duration.ofMillis(500), Duration.ofSeconds(3), 1),
        NodeConfig.Security.NONE,
        NodeConfig.Upkeep.DEFAULT);
  }

  @BeforeEach
  void connect() {
    node.peers(new Peers(kit.system(), node));
    node.role(Role.PROPOSER, proposer.getRef());
    node.role(Role.LEARNER, learner.getRef());
    node.events().listen(events::add);
  }

  @AfterEach
  void end() {
    kit.shutdownTestKit();
  }

  private ActorRef<RoleMessage> start(Role role) {
    RoleActor.ShellFactory shell =
        switch (role) {
          case ACCEPTOR -> AcceptorShell::new;
          case PROPOSER -> ProposerShell::new;
          case LEARNER -> LearnerShell::new;
          case GATEWAY -> GatewayShell::new;
        };
    ActorRef<RoleMessage> actor = kit.spawn(RoleActor.create(node, role, shell), role.label());
    node.role(role, actor);
    awaitState(role, NodeStatus.RoleState.UP);
    return actor;
  }

  private void awaitState(Role role, NodeStatus.RoleState state) {
    TestCluster.await(
        () -> node.status().view().roles().get(role).state() == state, role + " is " + state);
  }

  /**
   * A role that reads the clock while time passes may then take its downtime for longer, never for
   * shorter.
   */
  private void pass(Duration duration) {
    time.timePasses(duration);
    nanos.addAndGet(duration.toNanos());
  }

  private void stop(ActorRef<RoleMessage> actor, Role role) {
    actor.tell(new RoleMessage.Stop(DOWNTIME));
    awaitState(role, NodeStatus.RoleState.DOWN);
  }

  /** The supervisor's delay, after which the next life counts down what is left of the downtime. */
  private void passRestart() {
    TestCluster.await(
        () -> {
          pass(RoleActor.RESTART_DELAY);
          return node.downtimeLeft(Role.ACCEPTOR) == 0;
        },
        "the supervisor has restarted the role");
  }

  private void awaitResumed(Role role) {
    passUntil(role, NodeStatus.RoleState.UP);
  }

  private void passUntil(Role role, NodeStatus.RoleState state) {
    TestCluster.await(
        () -> {
          pass(Duration.ofMillis(100));
          return node.status().view().roles().get(role).state() == state;
        },
        role + " is " + state);
  }

  private static RoleMessage prepare(Ballot ballot) {
    return new RoleMessage.FromHere(new Message.Prepare(ballot, 1));
  }

  private static RoleMessage accept(Ballot ballot, long slot) {
    return new RoleMessage.FromHere(new Message.Accept(ballot, slot, new byte[] {1}));
  }

  private Message received() {
    return ((RoleMessage.FromHere) proposer.receiveMessage()).message();
  }

  @Test
  void aReplyLeavesOnlyWhenItsWriteIsDurable() {
    ActorRef<RoleMessage> acceptor = start(Role.ACCEPTOR);
    storage.hold();

    acceptor.tell(prepare(LOW));
    TestCluster.await(() -> storage.underWay() == 1, "the write is under way");
    proposer.expectNoMessage(Duration.ZERO);

    storage.release();
    assertThat(received()).isInstanceOf(Message.Promise.class);
  }

  /** Reads of the acceptor's log under way, each by the thread that waits for it. */
  private final class HeldReads {
    private final BlockingQueue<CompletableFuture<Void>> begun = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> threads = new LinkedBlockingQueue<>();

    HeldReads() {
      storage.beforeRead(
          () -> {
            CompletableFuture<Void> read = new CompletableFuture<>();
            threads.add(Thread.currentThread().getName());
            begun.add(read);
            read.join();
          });
    }

    CompletableFuture<Void> next() throws InterruptedException {
      return begun.poll(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void whatWaitsForTheDiskKeepsItsTurnAndNoThreadOfTheOthers() throws Exception {
    ActorRef<RoleMessage> acceptor = start(Role.ACCEPTOR);
    HeldReads reads = new HeldReads();

    acceptor.tell(prepare(LOW));
    CompletableFuture<Void> first = reads.next();
    acceptor.tell(accept(LOW, 1));
    acceptor.tell(prepare(HIGH));
    acceptor.tell(accept(HIGH, 2));
    proposer.expectNoMessage(Duration.ofMillis(200));

    first.complete(null);
    CompletableFuture<Void> second = reads.next();
    proposer.expectNoMessage(Duration.ofMillis(200));
    second.complete(null);
    assertThat(received()).isEqualTo(new Message.Promise(LOW, 1, List.of(), 0, 1));
    assertThat(received()).isEqualTo(new Message.Accepted(LOW, 1));
    assertThat(received()).isInstanceOf(Message.Promise.class);
    assertThat(received()).isEqualTo(new Message.Accepted(HIGH, 2));
    assertThat(reads.threads).hasSize(2).allMatch(name -> name.contains("storage-dispatcher"));
  }

  @Test
  void aRestartedRoleWaitsForTheReadOfItsEarlierLifeAndDropsIt() throws Exception {
    ActorRef<RoleMessage> acceptor = start(Role.ACCEPTOR);
    HeldReads reads = new HeldReads();
    acceptor.tell(prepare(LOW));
    CompletableFuture<Void> earlier = reads.next();

    stop(acceptor, Role.ACCEPTOR);
    passUntil(Role.ACCEPTOR, NodeStatus.RoleState.RECOVERING);
    proposer.expectNoMessage(Duration.ofMillis(200));
    assertThat(node.status().view().isUp(Role.ACCEPTOR)).isFalse();

    earlier.complete(null);
    awaitState(Role.ACCEPTOR, NodeStatus.RoleState.UP);
    storage.beforeRead(() -> {});
    acceptor.tell(prepare(HIGH));
    assertThat(received()).isEqualTo(new Message.Promise(HIGH, 1, List.of(), 0, 1));
  }

  @Test
  void aReadThatFailsInAnEarlierLifeStopsTheRoleForGood() throws Exception {
    ActorRef<RoleMessage> acceptor = start(Role.ACCEPTOR);
    HeldReads reads = new HeldReads();
    acceptor.tell(prepare(LOW));
    CompletableFuture<Void> earlier = reads.next();

    stop(acceptor, Role.ACCEPTOR);
    storage.beforeRead(() -> {});
    earlier.completeExceptionally(new StorageFailure("disk gone", null));
    passUntil(Role.ACCEPTOR, NodeStatus.RoleState.FAILED);

    kit.createTestProbe().expectTerminated(acceptor, Duration.ofSeconds(5));
    assertThat(node.status().view().roles().get(Role.ACCEPTOR).detail()).contains("disk gone");
  }

  @Test
  void storageThatFailsToReadStopsTheRoleForGood() {
    ActorRef<RoleMessage> acceptor = start(Role.ACCEPTOR);
    storage.beforeRead(
        () -> {
          throw new StorageFailure("disk gone", null);
        });
    acceptor.tell(prepare(LOW));

    kit.createTestProbe().expectTerminated(acceptor, Duration.ofSeconds(5));
    assertThat(node.status().view().roles().get(Role.ACCEPTOR).detail()).contains("disk gone");
  }

  @Test
  void aStoppedAcceptorLosesWhatArrivesAndComesBackWithItsPromise() {
    ActorRef<RoleMessage> acceptor = start(Role.ACCEPTOR);
    acceptor.tell(prepare(HIGH));
    assertThat(received()).isInstanceOf(Message.Promise.class);

    stop(acceptor, Role.ACCEPTOR);
    acceptor.tell(accept(HIGH, 1));
    pass(RoleActor.RESTART_DELAY.plusMillis(100));
    acceptor.tell(accept(HIGH, 2));
    awaitResumed(Role.ACCEPTOR);

    acceptor.tell(prepare(LOW));
    assertThat(received()).isEqualTo(new Message.Rejected(LOW, HIGH));
    acceptor.tell(prepare(HIGH));
    assertThat(received()).isEqualTo(new Message.Promise(HIGH, 1, List.of(), 0, 1));
    assertThat(events).filteredOn(NodeEvent.RoleStopped.class::isInstance).hasSize(1);
    assertThat(events).filteredOn(NodeEvent.RoleResumed.class::isInstance).hasSize(2);
    assertThat(node.status().view().roles().get(Role.ACCEPTOR).stops()).isEqualTo(1);
  }

  @Test
  void aWriteQueuedBeforeAStopReleasesNothingAfterIt() {
    ActorRef<RoleMessage> acceptor = start(Role.ACCEPTOR);
    storage.hold();
    acceptor.tell(accept(LOW, 1));
    TestCluster.await(() -> storage.underWay() == 1, "the write is under way");

    stop(acceptor, Role.ACCEPTOR);
    storage.release();
    awaitResumed(Role.ACCEPTOR);

    // The write took place, so its entry must be reported; its vote died with the life that cast
    // it.
    acceptor.tell(prepare(HIGH));
    assertThat(received())
        .isEqualTo(new Message.Promise(HIGH, 1, List.of(new Entry(1, LOW, new byte[] {1})), 0, 1));
    learner.expectNoMessage(Duration.ZERO);
  }

  @Test
  void aRestartedRoleWaitsForTheWritesOfItsEarlierLives() {
    ActorRef<RoleMessage> acceptor = start(Role.ACCEPTOR);
    storage.hold();
    acceptor.tell(accept(LOW, 1));
    stop(acceptor, Role.ACCEPTOR);
    TestCluster.await(
        () -> {
          pass(Duration.ofMillis(100));
          return storage.underWay() == 2;
        },
        "the next life waits behind the write");

    assertThat(node.status().view().isUp(Role.ACCEPTOR)).isFalse();
    storage.release();
    awaitState(Role.ACCEPTOR, NodeStatus.RoleState.UP);
    acceptor.tell(prepare(LOW));
    assertThat(((Message.Promise) received()).entries()).hasSize(1);
  }

  @Test
  void aBreachOfAnInvariantStopsTheRoleForGood() {
    ActorRef<RoleMessage> acceptor = start(Role.ACCEPTOR);
    acceptor.tell(accept(LOW, 1));
    assertThat(received()).isInstanceOf(Message.Accepted.class);

    acceptor.tell(new RoleMessage.FromHere(new Message.Accept(LOW, 1, new byte[] {2})));

    kit.createTestProbe().expectTerminated(acceptor, Duration.ofSeconds(5));
    NodeStatus.RoleView view = node.status().view().roles().get(Role.ACCEPTOR);
    assertThat(view.state()).isEqualTo(NodeStatus.RoleState.FAILED);
    assertThat(view.detail()).contains("two values were proposed at slot 1");
    assertThat(node.status().view().live()).isFalse();
  }

  @Test
  void failedStorageStopsTheRoleForGoodEvenWhileItIsDown() {
    ActorRef<RoleMessage> acceptor = start(Role.ACCEPTOR);
    stop(acceptor, Role.ACCEPTOR);
    passRestart();
    acceptor.tell(new RoleMessage.StorageLost(new StorageFailure("disk gone", null)));

    kit.createTestProbe().expectTerminated(acceptor, Duration.ofSeconds(5));
    awaitState(Role.ACCEPTOR, NodeStatus.RoleState.FAILED);
  }

  @Test
  void storageThatFailsBetweenTwoLivesStopsTheRoleForGood() {
    ActorRef<RoleMessage> acceptor = start(Role.ACCEPTOR);
    stop(acceptor, Role.ACCEPTOR);
    node.storageLost(new StorageFailure("disk gone", null));
    passRestart();

    kit.createTestProbe().expectTerminated(acceptor, Duration.ofSeconds(5));
    awaitState(Role.ACCEPTOR, NodeStatus.RoleState.FAILED);
  }

  @ParameterizedTest
  @EnumSource(names = {"LEARNER", "GATEWAY"})
  void whoWritesNothingComesBackThoughNoWriteEnds(Role role) {
    ActorRef<RoleMessage> actor = start(role);
    storage.hold();
    storage.barrier(() -> {});

    stop(actor, role);
    awaitResumed(role);
  }

  @Test
  void anUnexpectedFailureRestartsTheRole() {
    ActorRef<RoleMessage> acceptor = start(Role.ACCEPTOR);
    acceptor.tell(new RoleMessage.FromHere(new Message.ProgressQuery()));
    awaitState(Role.ACCEPTOR, NodeStatus.RoleState.DOWN);

    awaitResumed(Role.ACCEPTOR);
    acceptor.tell(prepare(LOW));
    assertThat(received()).isInstanceOf(Message.Promise.class);
    assertThat(node.status().view().roles().get(Role.ACCEPTOR).failures()).isEqualTo(1);
  }

  @Test
  void aProposerThatIsRestartedNeverUsesARoundAgain() {
    ActorRef<RoleMessage> real = start(Role.PROPOSER);
    Ballot first = campaign(real);
    stop(real, Role.PROPOSER);
    awaitResumed(Role.PROPOSER);

    assertThat(campaign(real).round()).isGreaterThan(first.round());
  }

  /**
   * Stands in for the only acceptor, which misses the leader, until the proposer prepares a ballot.
   */
  private Ballot campaign(ActorRef<RoleMessage> real) {
    Queue<Ballot> prepared = new ConcurrentLinkedQueue<>();
    node.role(
        Role.ACCEPTOR,
        kit.spawn(
            Behaviors.receiveMessage(
                received -> {
                  Message message = ((RoleMessage.FromHere) received).message();
                  if (message instanceof Message.PreCampaign question) {
                    real.tell(new RoleMessage.FromHere(new Message.Progress(1)));
                    real.tell(
                        new RoleMessage.FromHere(
                            new Message.PreCampaignReply(question.nonce(), true, Ballot.NONE)));
                  } else if (message instanceof Message.Prepare prepare) {
                    prepared.add(prepare.ballot());
                  }
                  return Behaviors.same();
                })));
    TestCluster.await(
        () -> {
          pass(Duration.ofMillis(100));
          return !prepared.isEmpty();
        },
        "a ballot is prepared");
    return prepared.peek();
  }

  @Test
  void aLearnerThatIsRestartedGoesOnBehindWhatItApplied() {
    TestProbe<RoleMessage> gateway = kit.createTestProbe();
    node.role(Role.GATEWAY, gateway.getRef());
    ActorRef<RoleMessage> real = start(Role.LEARNER);
    learn(real, 1);
    TestCluster.await(() -> node.status().view().appliedSlot() == 1, "slot 1 is applied");

    stop(real, Role.LEARNER);
    learn(real, 2);
    awaitResumed(Role.LEARNER);
    learn(real, 1);
    learn(real, 2);

    TestCluster.await(() -> node.status().view().appliedSlot() == 2, "slot 2 is applied");
    gateway.fishForMessage(
        Duration.ofSeconds(5),
        message ->
            message instanceof RoleMessage.LearnerResumed
                ? FishingOutcomes.complete()
                : FishingOutcomes.continueAndIgnore());
  }

  private void learn(ActorRef<RoleMessage> real, long slot) {
    real.tell(new RoleMessage.FromHere(new Message.ChosenHere(slot, Entry.NO_OP)));
    real.tell(new RoleMessage.FromHere(new Message.Chosen(LOW, 1, slot)));
  }

  @Test
  void aGatewayThatIsRestartedServesNewRequests() {
    ActorRef<RoleMessage> real = start(Role.GATEWAY);
    stop(real, Role.GATEWAY);
    TestProbe<GatewayMessage.Replies> client = kit.createTestProbe();
    real.tell(staleRead(1, client));
    awaitResumed(Role.GATEWAY);

    real.tell(staleRead(2, client));
    RoleMessage.ReadHere asked = (RoleMessage.ReadHere) learner.receiveMessage();
    real.tell(
        new RoleMessage.ReadAnswers(
            asked.read().incarnation(),
            asked.read().id(),
            List.of(new Query.KeyAnswer(null, 5)),
            9));

    assertThat(client.receiveMessage().replies())
        .containsExactly(new Reply(2, new Outcome.Answered(new Query.KeyAnswer(null, 5), 9)));
  }

  private static RoleMessage staleRead(long id, TestProbe<GatewayMessage.Replies> client) {
    Request request =
        new Request(id, new Operation.StaleRead(new Query.Get(new byte[] {1}), 0), null, 5_000);
    return new GatewayMessage.Requests(List.of(request), client.getRef());
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void everyRoleComesBackAfterItsDowntimeAndNotBefore(Role role) {
    ActorRef<RoleMessage> actor = start(role);
    stop(actor, role);
    pass(RoleActor.RESTART_DELAY);
    pass(DOWNTIME.minus(RoleActor.RESTART_DELAY).minusMillis(200));
    assertThat(node.status().view().isUp(role)).isFalse();

    awaitResumed(role);
    assertThat(node.status().view().roles().get(role).stops()).isEqualTo(1);
  }

  @Test
  void anAcceptorThatHasForgottenTakesNoPart() {
    storage.advance(new Formation.Report(Formation.Standing.FORGOTTEN, "cluster"));
    node.standing(storage.standing());
    ActorRef<RoleMessage> acceptor =
        kit.spawn(RoleActor.create(node, Role.ACCEPTOR, AcceptorShell::new), "acceptor");

    acceptor.tell(prepare(LOW));
    acceptor.tell(new RoleMessage.HandOver(kit.<RoleMessage.Done>createTestProbe().getRef()));
    proposer.expectNoMessage(Duration.ofMillis(200));
    assertThat(storage.acceptorLog().promised()).isEqualTo(Ballot.NONE);
  }

  @Test
  void whatOnlyNodesMayAskForIsRefusedToClients() {
    ActorRef<RoleMessage> gateway = start(Role.GATEWAY);
    TestProbe<GatewayMessage.ClientReplies> client =
        kit.createTestProbe(GatewayMessage.ClientReplies.class);
    byte[] requests =
        ClientCodec.encodeRequests(
            List.of(
                new Request(7, new Operation.Write(new Command.RaiseVersion(2)), null, 1_000),
                new Request(8, new Operation.Write(new Command.Compact(1)), null, 1_000)));
    gateway.tell(
        new GatewayMessage.ClientRequests(
            ActorRefResolver.get(kit.system()).toSerializationFormat(client.getRef()), requests));
    assertThat(ClientCodec.decodeReplies(client.receiveMessage().replies()))
        .containsExactly(
            new Reply(
                7,
                new Outcome.Refused(
                    Outcome.Reason.INVALID, "this command is for the cluster's nodes alone")),
            new Reply(
                8,
                new Outcome.Refused(
                    Outcome.Reason.INVALID,
                    "this needs format version 2, and the cluster has version 1: it is raised when"
                        + " every configured node has announced the higher one")));
  }
}
