package synod.node;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.javadsl.AskPattern;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import synod.kv.Result;

/** Leadership goes where it is asked to go, in clusters of real nodes. */
class LeaderClusterTest {
  /** Nobody is elected because a machine that is busy kept its leader waiting. */
  private static final String PATIENT =
      "synod.timing { election-timeout-min = 4 s, election-timeout-max = 5 s }";

  @TempDir Path directory;

  private static LeaderMessage.Moved move(
      TestCluster cluster, String asked, String to, Duration patience) {
    NodeServices services = cluster.node(asked).services();
    return AskPattern.<LeaderMessage, LeaderMessage.Moved>ask(
            services.leadership(),
            replyTo -> new LeaderMessage.Move(to, patience, replyTo),
            TestCluster.PATIENCE,
            services.system().scheduler())
        .toCompletableFuture()
        .join();
  }

  /** n4 has no vote and no proposer. */
  @Test
  void anyNodeMovesLeadershipToAnyProposer() throws Exception {
    try (TestCluster cluster = new TestCluster(directory, 4, 1, PATIENT).startAll()) {
      String first = cluster.leader();
      for (String to : new String[] {"n1", "n2", "n3", first}) {
        for (String asked : new String[] {"n4", to}) {
          long before = cluster.status(asked).leader().round();
          boolean leads = cluster.status(asked).leader().proposer().equals(to);

          LeaderMessage.Moved moved = move(cluster, asked, to, TestCluster.PATIENCE);

          assertThat(moved.result())
              .isEqualTo(leads ? LeaderMessage.Result.LED_ALREADY : LeaderMessage.Result.MOVED);
          assertThat(moved.leader().proposer()).isEqualTo(to);
          assertThat(moved.leader().round()).isEqualTo(leads ? before : before + 1);
          assertThat(cluster.leader()).isEqualTo(to);
          assertThat(cluster.put("n4", to, asked))
              .isInstanceOfSatisfying(
                  Outcome.Written.class,
                  written -> assertThat(written.result()).isInstanceOf(Result.Applied.class));
          assertThat(cluster.get(first, to)).isEqualTo(asked);
        }
      }
    }
  }

  @Test
  void aLeaderWhoseSuccessorIsAwayGoesOn() throws Exception {
    try (TestCluster cluster = new TestCluster(directory, 3, PATIENT).startAll()) {
      assertThat(move(cluster, "n1", "n1", TestCluster.PATIENCE).leader().proposer())
          .isEqualTo("n1");
      cluster.stop("n3");
      long round = cluster.status("n1").leader().round();

      LeaderMessage.Moved moved = move(cluster, "n2", "n3", Duration.ofMillis(500));

      assertThat(moved.result()).isEqualTo(LeaderMessage.Result.NOT_IN_TIME);
      assertThat(cluster.leader()).isEqualTo("n1");
      assertThat(cluster.status("n1").leader().round()).isEqualTo(round);

      cluster.stop("n2");
      TestCluster.await(() -> !cluster.status("n1").leaderHeard(), "n1 hears no quorum");
      assertThat(move(cluster, "n1", "n1", TestCluster.PATIENCE).result())
          .isEqualTo(LeaderMessage.Result.NO_LEADER);
    }
  }
}
