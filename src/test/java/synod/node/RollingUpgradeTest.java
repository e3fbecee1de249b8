package synod.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import synod.kv.Command;
import synod.kv.FormatVersion;
import synod.kv.Query;
import synod.kv.Result;
import synod.paxos.Role;

/** Nodes whose programs know different format versions, in one cluster. */
class RollingUpgradeTest {
  private static final List<String> NAMES = List.of("n1", "n2", "n3");

  @TempDir Path directory;

  @Test
  void aNewCommandIsUsedOnceEveryNodeKnowsItAndNotBefore() throws Exception {
    try (TestCluster cluster = new TestCluster(directory, 3, "")) {
      NAMES.forEach(name -> cluster.start(name, 1));
      NAMES.forEach(
          name -> TestCluster.await(() -> cluster.status(name).ready(), name + " serves"));
      write(cluster, "n1", "a");

      // Node by node, the others serving all the while.
      for (String name : List.of("n3", "n1")) {
        cluster.stop(name);
        write(cluster, "n2", "while " + name + " is away");
        cluster.start(name);
        TestCluster.await(() -> cluster.status(name).ready(), name + " serves again");
        write(cluster, name, "after " + name + " is back");
        for (String each : NAMES) {
          assertThat(cluster.ask(each, compact(1)))
              .isEqualTo(
                  new Outcome.Refused(
                      Outcome.Reason.INVALID,
                      "this needs format version 2, and the cluster has version 1: it is raised"
                          + " when every configured node has announced the higher one"));
        }
      }
      TestCluster.await(
          () -> {
            String leader = cluster.leader();
            return leader.equals("n2")
                || NAMES.stream().allMatch(cluster.replica(leader).announced()::containsKey);
          },
          "a leader that knows more has asked all");
      NAMES.forEach(name -> assertThat(cluster.replica(name).clusterVersion()).isEqualTo(1));

      cluster.stop("n2");
      cluster.start("n2");
      for (String name : NAMES) {
        TestCluster.await(
            () -> cluster.replica(name).clusterVersion() == FormatVersion.LATEST,
            name + " has the version raised");
      }
      TestCluster.await(() -> cluster.status("n1").ready(), "n1 serves");
      assertThat(cluster.ask("n1", compact(1)))
          .isInstanceOfSatisfying(
              Outcome.Written.class,
              written -> assertThat(written.result()).isEqualTo(new Result.Compacted(1)));
      for (String name : NAMES) {
        TestCluster.await(() -> cluster.replica(name).compacted() == 1, name + " has compacted");
      }
    }
  }

  @Test
  void aNodeThatIsTooOldForTheLogStopsServingAndSaysWhy() throws Exception {
    try (TestCluster cluster = new TestCluster(directory, 3, "").startAll()) {
      for (String name : NAMES) {
        TestCluster.await(
            () -> cluster.replica(name).clusterVersion() == FormatVersion.LATEST,
            name + " has the version raised");
      }
      write(cluster, "n1", "a");
      cluster.stop("n3");
      cluster.start("n3", 1);
      // A role that isn't up yet doesn't hear what it is asked.
      TestCluster.await(
          () -> !cluster.status("n3").live() && cluster.status("n3").isUp(Role.GATEWAY),
          "n3 stops its learner, and has a gateway");
      assertThat(cluster.status("n3").roles().get(Role.LEARNER).detail())
          .contains(
              "format version " + FormatVersion.LATEST + "; this program knows versions up to 1");
      assertThat(cluster.ask("n3", new Operation.StaleRead(new Query.Get(new byte[] {1}), 0)))
          .isInstanceOfSatisfying(
              Outcome.Refused.class,
              refused -> assertThat(refused.detail()).contains("has stopped for good"));
      write(cluster, "n1", "b");

      cluster.stop("n3");
      cluster.start("n3");
      TestCluster.await(() -> cluster.status("n3").ready(), "n3 serves with a new program");
      assertThat(cluster.get("n3", "b")).isEqualTo("value");
    }
  }

  private static Operation compact(long revision) {
    return new Operation.Write(new Command.Compact(revision));
  }

  private static void write(TestCluster cluster, String name, String key) {
    assertThat(cluster.put(name, key, "value")).isInstanceOf(Outcome.Written.class);
    assertThat(cluster.get(name, key)).isEqualTo("value");
  }
}
