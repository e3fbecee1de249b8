package synod.node;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.Behaviors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import synod.kv.Query;
import synod.kv.Result;
import synod.paxos.Role;

/** Real nodes over real sockets and disks: what is acknowledged is there, whatever fails. */
class NodeClusterTest {
  @TempDir Path directory;

  @Test
  void anyNodeServesAndAllReplicasHoldTheSameState() throws Exception {
    try (TestCluster cluster = new TestCluster(directory, 3, "").startAll()) {
      assertApplied(cluster.put("n1", "a", "1"));
      assertApplied(cluster.put("n2", "b", "2"));
      assertApplied(cluster.put("n3", "a", "3"));

      assertThat(cluster.get("n1", "a")).isEqualTo("3");
      assertThat(cluster.get("n2", "a")).isEqualTo("3");
      assertThat(cluster.get("n3", "b")).isEqualTo("2");
      assertThat(cluster.get("n3", "c")).isNull();
      assertReplicasAgree(cluster, "n1", "n2", "n3");
    }
  }

  @Test
  void aLargeValueTravelsAsSafelyAsASmallOne() throws Exception {
    try (TestCluster cluster = new TestCluster(directory, 3, "").startAll()) {
      String large = "x".repeat(1 << 20);
      assertApplied(cluster.put("n1", "large", large));
      assertApplied(cluster.put("n2", "large too", large));
      assertThat(cluster.get("n3", "large")).isEqualTo(large);
      assertReplicasAgree(cluster, "n1", "n2", "n3");
    }
  }

  @Test
  void aStoppedLeaderIsReplacedAndComesBack() throws Exception {
    try (TestCluster cluster = new TestCluster(directory, 3, "").startAll()) {
      assertApplied(cluster.put("n1", "a", "before"));
      String leader = cluster.leader();

      cluster.kill(leader, Role.PROPOSER, Duration.ofSeconds(2));
      assertApplied(cluster.put("n1", "a", "after"));

      assertThat(cluster.get(leader, "a")).isEqualTo("after");
      TestCluster.await(() -> cluster.status(leader).isUp(Role.PROPOSER), "the proposer is back");
      assertReplicasAgree(cluster, "n1", "n2", "n3");
    }
  }

  @Test
  void aRestartedClusterHasKeptEverything() throws Exception {
    try (TestCluster cluster = new TestCluster(directory, 3, "").startAll()) {
      assertApplied(cluster.put("n1", "a", "1"));
      for (String name : new String[] {"n1", "n2", "n3"}) {
        cluster.stop(name);
      }
      cluster.startAll();
      assertThat(cluster.get("n2", "a")).isEqualTo("1");
    }
  }

  /** As happens to Akka's connections with TLS. */
  @Test
  void aNodeEndsThoughItsActorSystemDoesNot() throws Exception {
    CountDownLatch released = new CountDownLatch(1);
    try (TestCluster cluster = new TestCluster(directory, 1, "").startAll()) {
      assertApplied(cluster.put("n1", "a", "1"));
      ActorSystem<?> system = cluster.node("n1").services().system();
      system.systemActorOf(
          Behaviors.receive(Object.class)
              .onSignal(
                  PostStop.class,
                  stopped -> {
                    released.await();
                    return Behaviors.same();
                  })
              .build(),
          "stubborn",
          DispatcherSelector.blocking());

      cluster.stop("n1");

      assertThat(system.getWhenTerminated().toCompletableFuture()).isNotDone();
      cluster.startAll();
      assertThat(cluster.get("n1", "a")).isEqualTo("1");
    } finally {
      released.countDown();
    }
  }

  @Test
  void aSingleNodeIsACluster() throws Exception {
    try (TestCluster cluster = new TestCluster(directory, 1, "").startAll()) {
      assertApplied(cluster.put("n1", "a", "1"));
      assertThat(cluster.get("n1", "a")).isEqualTo("1");
    }
  }

  @Test
  void aNodeThatOnlyLearnsServesReadsAndWrites() throws Exception {
    try (TestCluster cluster = new TestCluster(directory, 4, 1, "").startAll()) {
      assertApplied(cluster.put("n4", "a", "1"));
      assertThat(cluster.get("n4", "a")).isEqualTo("1");
      assertThat(cluster.get("n1", "a")).isEqualTo("1");
      assertReplicasAgree(cluster, "n1", "n4");
    }
  }

  @Test
  void anAcceptorThatLostItsDiskDoesNothingUnlessItIsToldTo() throws Exception {
    try (TestCluster cluster = new TestCluster(directory, 3, "").startAll()) {
      assertApplied(cluster.put("n1", "a", "1"));
      cluster.stop("n3");
      Path aside = directory.resolve("aside");
      Files.move(cluster.dataDirectory("n3"), aside);
      cluster.start("n3");

      TestCluster.await(() -> !cluster.status("n3").live(), "n3 refuses");
      assertThat(cluster.status("n3").ready()).isFalse();
      assertThat(cluster.status("n3").roles().get(Role.ACCEPTOR).detail())
          .contains("is empty, but the cluster has formed")
          .contains("synod.storage.after-disk-loss = learn");
      assertApplied(cluster.put("n1", "a", "2"));

      cluster.stop("n3");
      TestCluster.delete(cluster.dataDirectory("n3"));
      Files.move(aside, cluster.dataDirectory("n3"));
      cluster.start("n3");
      TestCluster.await(() -> cluster.status("n3").ready(), "n3 is back with its old directory");
      assertThat(cluster.status("n3").membership()).isEqualTo(NodeStatus.Membership.MEMBER);
      cluster.stop("n2");
      assertApplied(cluster.put("n3", "a", "3"));
    }
  }

  @Test
  void anAcceptorThatLostItsDiskLearnsButNeverVotesAgain() throws Exception {
    try (TestCluster cluster =
        new TestCluster(directory, 3, "synod.storage.after-disk-loss = learn").startAll()) {
      assertApplied(cluster.put("n1", "a", "1"));
      cluster.stop("n3");
      TestCluster.delete(cluster.dataDirectory("n3"));
      cluster.start("n3");

      TestCluster.await(
          () -> cluster.status("n3").membership() == NodeStatus.Membership.FORGOTTEN,
          "n3 knows that it has forgotten");
      TestCluster.await(() -> cluster.status("n3").ready(), "n3 serves clients all the same");
      assertThat(cluster.get("n3", "a")).isEqualTo("1");

      cluster.stop("n2");
      Outcome alone =
          cluster.ask(
              "n1",
              new Request(
                  1,
                  new Operation.LinearizableRead(new Query.Get(TestCluster.bytes("a"))),
                  null,
                  1_000));
      assertThat(alone)
          .isInstanceOfSatisfying(
              Outcome.Refused.class,
              refused -> assertThat(refused.reason()).isEqualTo(Outcome.Reason.UNAVAILABLE));
      cluster.start("n2");
      TestCluster.await(() -> cluster.status("n2").ready(), "n2 is back");
      TestCluster.await(() -> cluster.status("n3").ready(), "n3 serves again");
      assertApplied(cluster.put("n3", "a", "2"));
    }
  }

  private static void assertApplied(Outcome outcome) {
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Written.class,
            written -> assertThat(written.result()).isInstanceOf(Result.Applied.class));
  }

  private static void assertReplicasAgree(TestCluster cluster, String... names) {
    List<RoleMessage.StateDigest> digests = new ArrayList<>();
    TestCluster.await(
        () -> {
          digests.clear();
          Stream.of(names).map(cluster::digest).forEach(digests::add);
          return digests.stream().map(RoleMessage.StateDigest::slot).distinct().count() == 1;
        },
        "all replicas have applied the same slots");
    for (RoleMessage.StateDigest digest : digests) {
      assertThat(digest.sha256()).isEqualTo(digests.get(0).sha256());
    }
  }
}
