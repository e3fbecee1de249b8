package synod.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import synod.kv.FormatVersion;
import synod.kv.KeyChange;
import synod.kv.Query;

/** The history of changes that a cluster keeps by itself. */
class HistoryClusterTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({"50, 1000000", "1000, 2048"})
  void theLeaderCompactsTheOlderHalfWhenThereIsMoreThanConfigured(long revisions, long bytes)
      throws Exception {
    String limits =
        "synod.history { max-revisions = %d, max-bytes = %d }".formatted(revisions, bytes);
    try (TestCluster cluster = new TestCluster(directory, 3, limits).startAll()) {
      TestCluster.await(
          () -> cluster.replica("n1").clusterVersion() == FormatVersion.LATEST,
          "the version is raised");
      for (int i = 1; i <= 120; i++) {
        assertThat(cluster.put("n2", "key" + i % 7, "value")).isInstanceOf(Outcome.Written.class);
      }
      for (String name : List.of("n1", "n2", "n3")) {
        TestCluster.await(
            () -> {
              ReplicaView replica = cluster.replica(name);
              return cluster.status(name).revision() == 120
                  && 120 - replica.compacted() <= revisions
                  && replica.historyBytes() <= bytes
                  && !replica.sweeping();
            },
            name + " has compacted");
        long compacted = cluster.replica(name).compacted();
        List<KeyChange> kept = changes(cluster, name, compacted + 1);
        assertThat(kept).isNotEmpty();
        assertThat(kept.get(0).revision()).isEqualTo(compacted + 1);
        assertThat(kept.get(kept.size() - 1).revision()).isEqualTo(120);
      }
    }
  }

  private static List<KeyChange> changes(TestCluster cluster, String name, long from) {
    Outcome outcome =
        cluster.ask(
            name, new Operation.StaleRead(new Query.ListChanges(new byte[0], from, 1_000), 0));
    return ((Query.ChangesAnswer) ((Outcome.Answered) outcome).answer()).changes();
  }
}
