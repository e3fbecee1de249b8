package synod.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import synod.paxos.ProtocolEvent;

/** Real nodes that take snapshots and trim their logs. */
class SnapshotClusterTest {
  private static final List<String> NAMES = List.of("n1", "n2", "n3");
  private static final String VALUE = "v".repeat(4_000);

  @TempDir Path directory;

  @Test
  void aReplicaWithoutItsStateGoesOnFromASnapshot() throws Exception {
    try (TestCluster cluster =
        new TestCluster(directory, 3, "synod.snapshots.after-bytes = 64 KiB").startAll()) {
      Queue<ProtocolEvent> n1 = events(cluster.node("n1"));
      Queue<ProtocolEvent> n2 = events(cluster.node("n2"));
      int written = 0;
      while (!hasForgottenItsFirstSlots(n1) || !hasForgottenItsFirstSlots(n2)) {
        put(cluster, "before" + written++, 10);
      }
      cluster.stop("n3");
      TestCluster.delete(cluster.dataDirectory("n3").resolve("state"));
      put(cluster, "away", 10);

      Queue<ProtocolEvent> n3 = events(cluster.start("n3"));
      TestCluster.await(() -> cluster.status("n3").ready(), "n3 serves");
      assertThat(cluster.get("n3", "before07")).isEqualTo(VALUE);
      assertThat(cluster.get("n3", "away3")).isEqualTo(VALUE);
      assertThat(n3).hasAtLeastOneElementOfType(ProtocolEvent.SnapshotInstalled.class);

      // Nobody remembers how the log began: new leaders go on behind what is trimmed.
      for (String name : NAMES) {
        cluster.stop(name);
      }
      NAMES.forEach(cluster::start);
      NAMES.forEach(
          name -> TestCluster.await(() -> cluster.status(name).ready(), name + " serves again"));
      put(cluster, "after", 5);
      for (String name : NAMES) {
        assertThat(cluster.get(name, "after4")).isEqualTo(VALUE);
        assertThat(cluster.get(name, "before00")).isEqualTo(VALUE);
      }
      long revision = cluster.status("n1").revision();
      for (String name : NAMES) {
        TestCluster.await(
            () -> cluster.status(name).revision() == revision, name + " has all changes");
      }
    }
  }

  private static void put(TestCluster cluster, String prefix, int count) {
    for (int i = 0; i < count; i++) {
      assertThat(cluster.put("n1", prefix + i, VALUE)).isInstanceOf(Outcome.Written.class);
    }
  }

  private static Queue<ProtocolEvent> events(Node node) {
    Queue<ProtocolEvent> events = new ConcurrentLinkedQueue<>();
    node.services()
        .events()
        .listen(
            event -> {
              if (event instanceof NodeEvent.Protocol step) {
                events.add(step.event());
              }
            });
    return events;
  }

  /** Whether neither the node's acceptor nor its learner has the beginning of the log. */
  private static boolean hasForgottenItsFirstSlots(Queue<ProtocolEvent> events) {
    long snapshots =
        events.stream().filter(event -> event instanceof ProtocolEvent.SnapshotTaken).count();
    // The log is kept from the last snapshot but one on.
    return snapshots > 2
        && events.stream().anyMatch(event -> event instanceof ProtocolEvent.EntriesTrimmed);
  }
}
