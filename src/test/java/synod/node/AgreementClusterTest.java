package synod.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import synod.kv.FormatVersion;
import synod.kv.OrderedStore;
import synod.paxos.Role;
import synod.storage.DataDirectory;
import synod.storage.StateStorage;

/** A replica whose state was changed by something else than the log. */
class AgreementClusterTest {
  private static final List<String> NAMES = List.of("n1", "n2", "n3");

  @TempDir Path directory;

  @Test
  void aReplicaThatHoldsAnotherStateThanTheOthersIsFoundAndStopsServing() throws Exception {
    try (TestCluster cluster =
        new TestCluster(directory, 3, "synod.compare-interval = 100 ms").startAll()) {
      await(cluster, "every replica has the version raised", FormatVersion.LATEST);
      putEverywhere(cluster);
      String fingerprint = cluster.node("n3").services().config().fingerprint();
      cluster.stop("n3");
      tamper(cluster.dataDirectory("n3"), fingerprint);
      cluster.start("n3");
      TestCluster.await(() -> cluster.status("n3").revision() > 0, "n3 has its state back");
      assertThat(cluster.put("n1", "a", "2")).isInstanceOf(Outcome.Written.class);

      TestCluster.await(
          () -> {
            cluster.put("n1", "b", "3");
            return !cluster.status("n3").live();
          },
          "n3 stops its learner");
      assertThat(cluster.status("n3").roles().get(Role.LEARNER).detail())
          .contains("must not serve");
      assertThat(cluster.status("n3").ready()).isFalse();
      assertThat(cluster.get("n1", "a")).isEqualTo("2");
      assertThat(cluster.status("n1").live()).isTrue();
      assertThat(cluster.status("n2").live()).isTrue();

      cluster.stop("n3");
      cluster.start("n3");
      TestCluster.await(() -> !cluster.status("n3").live(), "n3 remembers it");
      assertThat(cluster.status("n3").roles().get(Role.LEARNER).detail())
          .contains("found before the last start");
    }
  }

  @Test
  void aRecordThatNobodyWritesAnyMoreIsFoundToo() throws Exception {
    try (TestCluster cluster = new TestCluster(directory, 3, "").startAll()) {
      putEverywhere(cluster);
      String fingerprint = cluster.node("n3").services().config().fingerprint();
      cluster.stop("n3");
      tamper(cluster.dataDirectory("n3"), fingerprint);
      cluster.start("n3");
      TestCluster.await(() -> !cluster.status("n3").live(), "n3 stops its learner");
      assertThat(cluster.status("n3").roles().get(Role.LEARNER).detail())
          .contains("a stored record isn't what the log made of it");
      assertThat(cluster.get("n1", "a")).isEqualTo("1");
    }
  }

  private static void await(TestCluster cluster, String what, int version) {
    for (String name : NAMES) {
      TestCluster.await(() -> cluster.replica(name).clusterVersion() == version, what);
    }
  }

  private static void putEverywhere(TestCluster cluster) {
    assertThat(cluster.put("n1", "a", "1")).isInstanceOf(Outcome.Written.class);
    TestCluster.await(() -> cluster.status("n3").revision() == 1, "n3 has applied it");
  }

  /** Changes the last byte of the value of the key "a". */
  private static void tamper(Path directory, String fingerprint) {
    try (DataDirectory opened = DataDirectory.open(directory, "synod", "n3", fingerprint);
        StateStorage state = opened.openState()) {
      byte[] key = {'k', 'a'};
      byte[] value = state.get(key);
      value[value.length - 1]++;
      state.commit(List.of(new OrderedStore.Change(key, value)));
      state.flush();
    }
  }
}
