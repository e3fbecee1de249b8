package synod.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nodes show themselves to where somebody watches, and only then. */
@Timeout(60)
class RelayTest {
  @TempDir private Path directory;

  @Test
  void whoWatchesSeesAllNodesAlsoOneThatCameBackAndNobodyElseSendsAnything() throws Exception {
    try (TestCluster cluster = new TestCluster(directory, 3, "")) {
      Shown first = show(cluster.start("n1"));
      Shown second = show(cluster.start("n2"));
      first.relay.tell(new RelayMessage.WatchingHere(true));
      TestCluster.await(() -> first.seen.containsKey("n2"), "n2 is seen");
      assertThat(first.seen.get("n1")).isEqualTo("past of n1");
      assertThat(second.seen).isEmpty();

      cluster.stop("n2");
      first.seen.clear();
      Shown again = show(cluster.start("n2"));
      TestCluster.await(() -> first.seen.containsKey("n2"), "n2 is seen again");

      first.relay.tell(new RelayMessage.WatchingHere(false));
      TestCluster.await(() -> !again.watched && !first.watched, "nobody is watched any more");
      int reports = again.reports.get();

      CompletableFuture<byte[]> answer = new CompletableFuture<>();
      first.relay.tell(new RelayMessage.Ask("n2", bytes("how are you"), answer));
      assertThat(new String(answer.get(10, TimeUnit.SECONDS), StandardCharsets.UTF_8))
          .isEqualTo("n2 was asked how are you");
      assertThat(again.reports.get()).isEqualTo(reports);
    }
  }

  private static Shown show(Node node) {
    Shown shown = new Shown(node.services());
    shown.relay.tell(new RelayMessage.Open(shown));
    return shown;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** A node that shows its name. */
  private static final class Shown implements Showing {
    private final String node;
    private final akka.actor.typed.ActorRef<RelayMessage> relay;
    private final Map<String, String> seen = new ConcurrentHashMap<>();
    private final AtomicInteger reports = new AtomicInteger();
    private final AtomicInteger answers = new AtomicInteger();
    private volatile boolean watched;

    private Shown(NodeServices services) {
      node = services.config().self().name();
      relay = services.relay();
    }

    @Override
    public void watched(boolean anywhere, boolean here) {
      watched = anywhere;
    }

    @Override
    public byte[] report() {
      reports.incrementAndGet();
      return new byte[0];
    }

    @Override
    public byte[] past() {
      return bytes("past of " + node);
    }

    @Override
    public void received(String from, byte[] report) {
      seen.putIfAbsent(from, new String(report, StandardCharsets.UTF_8));
    }

    @Override
    public void tick() {}

    @Override
    public CompletionStage<byte[]> answer(byte[] request) {
      answers.incrementAndGet();
      return CompletableFuture.completedFuture(
          bytes(node + " was asked " + new String(request, StandardCharsets.UTF_8)));
    }
  }
}
