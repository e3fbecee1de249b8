package synod.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Of clusters that others have started; the one node is played by the test. */
@Timeout(30)
class SynodServersTest {
  private final AtomicInteger asked = new AtomicInteger();

  @TempDir private Path directory;
  private HttpServer node;

  @BeforeEach
  void start() throws IOException {
    node = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    node.createContext("/v1/status", this::answer);
    node.start();
  }

  @AfterEach
  void stop() {
    node.stop(0);
  }

  @Test
  void aMomentWithoutALeaderIsWaitedFor() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("cluster.conf"),
            "synod.cluster { name = c, acceptors = [n1], seed-nodes = [n1],"
                + " quorum { phase1 = majority, phase2 = majority }, nodes = [{ name = n1,"
                + " host = 127.0.0.1, akka-port = 25521, http-port = "
                + node.getAddress().getPort()
                + ", roles = [acceptor, proposer, learner, gateway] }] }");
    try (SynodServers servers = SynodServers.running(file)) {
      servers.start(progress -> {});
    }
    assertThat(asked).hasValue(3);
  }

  /** Nobody leads when it is asked first. */
  private void answer(HttpExchange exchange) throws IOException {
    boolean leads = asked.incrementAndGet() > 2;
    byte[] status =
        "{\"leading\":%s,\"leader\":{\"round\":7}}"
            .formatted(leads)
            .getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, status.length);
    exchange.getResponseBody().write(status);
    exchange.close();
  }
}
