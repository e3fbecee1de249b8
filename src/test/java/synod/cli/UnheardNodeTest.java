package synod.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import synod.node.ConfigFiles;
import synod.node.ConfigReader;
import synod.node.NodeConfig;

/**
 * A node that hears the leader, but whose own messages reach nobody: it takes itself for ready, and
 * only trying shows that it isn't.
 */
@Timeout(120)
class UnheardNodeTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir private Path directory;
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<Ports> ports = Ports.free(3);
  private final Ports leaders = ports.get(0);
  private final Ports others = ports.get(1);

  @Test
  void isNotReady() throws IOException {
    RunningNode leader = start("n1", leaders.akka());
    RunningNode other = start("n2", leaders.akka());
    assertThat(other.awaitReady()).isTrue();
    await(() -> ready(others).statusCode() == 200);
    other.stop();
    other.awaitEnd();

    // What it sends to the leader goes to a port where nobody listens.
    other = start("n2", ports.get(2).akka());
    RunningNode unheard = other;
    try {
      assertThat(other.awaitReady()).isTrue();
      await(
          () -> {
            HttpResponse<String> answer = ready(others);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
            return answer.body().contains("a linearizable read was not served within 1000 ms")
                && unheard.services().status().view().ready();
          });
      await(() -> ready(leaders).statusCode() == 200);
    } finally {
      for (RunningNode node : List.of(other, leader)) {
        node.stop();
        node.awaitEnd();
      }
    }
  }

  /**
   * @param leadersPort at which this node believes the leader to be
   */
  private RunningNode start(String name, int leadersPort) throws IOException {
    Path cluster = directory.resolve(name + ".conf");
    Files.writeString(
        cluster,
        """
        synod.cluster {
          name = synod
          nodes = [
            { name = n1, host = 127.0.0.1, akka-port = %d, http-port = %d,
              roles = [acceptor, proposer, learner, gateway] }
            { name = n2, host = 127.0.0.1, akka-port = %d, http-port = %d, roles = [learner, gateway] }
          ]
          acceptors = [n1], seed-nodes = [n1]
          quorum { phase1 = majority, phase2 = majority }
        }
        """
            .formatted(leadersPort, leaders.http(), others.akka(), others.http()));
    Config config =
        ConfigFactory.parseString(
                """
                synod.data-directory = "%s"
                synod.limits.low-space-bytes = 0
                """
                    .formatted(directory.resolve("data")))
            .withFallback(new ConfigFiles(null, cluster, Map.of()).load());
    NodeConfig node = ConfigReader.read(config, name);
    return RunningNode.start(node, ConfigReader.akkaConfig(config, node));
  }

  private HttpResponse<String> ready(Ports of) {
    URI uri = URI.create("http://127.0.0.1:" + of.http() + "/health/ready");
    try {
      return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Waiting.pause(Duration.ofMillis(20));
    }
  }
}
