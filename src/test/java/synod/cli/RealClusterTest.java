package synod.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real processes: what was acknowledged outlives {@code kill -9}, and nodes come and go cleanly.
 */
@Timeout(240)
class RealClusterTest {
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  @TempDir private Path directory;
  private final HttpClient http = HttpClient.newHttpClient();
  private LocalCluster cluster;

  @AfterEach
  void end() {
    cluster.nodes().forEach(LocalNode::kill);
  }

  @Test
  void theStoreGoesOnWithoutAKilledLeaderAndTakesItBack() throws Exception {
    cluster = create(3);
    cluster.start(PATIENCE, System.out::println);
    LocalNode first = cluster.node("n1");
    put(first, "before", "1");
    LocalNode leader = cluster.node(status(first).at("/leader/proposer").asText());
    List<LocalNode> others = new ArrayList<>(cluster.nodes());
    others.remove(leader);

    leader.kill();

    assertThat(leader.state()).isEqualTo(LocalNode.State.DEAD);
    for (LocalNode node : others) {
      put(node, "while-away", node.name());
      assertThat(get(node, "before")).isEqualTo("1");
      assertThat(get(node, "while-away")).isEqualTo(node.name());
    }

    leader.start();
    cluster.awaitServing(List.of(leader), PATIENCE, System.out::println);

    assertThat(get(leader, "before")).isEqualTo("1");
    assertThat(get(leader, "while-away")).isEqualTo(others.get(1).name());
    put(leader, "after", "2");
    assertThat(get(others.get(0), "after")).isEqualTo("2");
    assertThat(status(leader).at("/revision").asLong()).isEqualTo(4);
  }

  @Test
  void aWholeClusterThatWasKilledComesBackWithWhatItAcknowledged() throws Exception {
    cluster = create(3);
    cluster.start(PATIENCE, System.out::println);
    put(cluster.node("n2"), "k", "kept");

    cluster.nodes().forEach(LocalNode::kill);
    cluster.start(PATIENCE, System.out::println);

    assertThat(get(cluster.node("n3"), "k")).isEqualTo("kept");
    assertThat(cluster.stop(Duration.ofSeconds(20))).isEmpty();
  }

  @Test
  void aNodeThatIsToldToStopEndsWithZeroAndNoGarbageStopsItBefore() throws Exception {
    cluster = create(1);
    LocalFiles files = new LocalFiles(cluster.directory());
    LocalNode node = cluster.node("n1");
    Process process =
        NodeLauncher.BESIDE_OTHERS.start("n1", files.nodeArguments(), directory.resolve("log"));
    try {
      eventually(() -> put(node, "k", "v"));
      Random random = new Random(1);
      for (int i = 0; i < 20; i++) {
        sendGarbage(random, node.config().akkaPort());
        sendGarbage(random, node.config().httpPort());
      }
      assertThat(get(node, "k")).isEqualTo("v");

      process.destroy();

      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
      assertThat(directory.resolve("log")).content().contains("n1 serves at " + node.url());
    } finally {
      process.destroyForcibly();
    }
  }

  private LocalCluster create(int nodes) {
    return LocalCluster.create(
        directory.resolve("c"), Ports.free(nodes), "", NodeLauncher.BESIDE_OTHERS);
  }

  private static void sendGarbage(Random random, int port) throws IOException {
    byte[] garbage = new byte[1 + random.nextInt(5_000)];
    random.nextBytes(garbage);
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.getOutputStream().write(garbage);
    }
  }

  private JsonNode status(LocalNode node) {
    return cluster.status(node).orElseThrow();
  }

  /** Writes until it is acknowledged: a write may be refused while a leader is replaced. */
  private Void put(LocalNode node, String key, String value) throws Exception {
    HttpRequest request = request(node, key).PUT(BodyPublishers.ofString(value)).build();
    eventually(
        () -> assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isIn(200, 201));
    return null;
  }

  private String get(LocalNode node, String key) throws Exception {
    HttpRequest request = request(node, key).build();
    return eventually(
        () -> {
          var response = http.send(request, BodyHandlers.ofString());
          assertThat(response.statusCode()).isEqualTo(200);
          return response.body();
        });
  }

  private static HttpRequest.Builder request(LocalNode node, String key) {
    return HttpRequest.newBuilder(URI.create(node.url() + "/v1/kv/" + key))
        .timeout(Duration.ofSeconds(10));
  }

  /** Tries again until it succeeds; each try ends by its own deadline. */
  private static <T> T eventually(Callable<T> attempt) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        return attempt.call();
      } catch (IOException | AssertionError e) {
        if (System.nanoTime() - deadline > 0) {
          throw e;
        }
        Waiting.pause(Duration.ofMillis(20));
      }
    }
  }
}
