package synod.http;

import akka.http.javadsl.ServerBinding;
import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import synod.node.ConfigFiles;
import synod.node.ConfigReader;
import synod.node.Node;
import synod.node.NodeConfig;

/** A real node that is a cluster of its own, and its HTTP interface: it serves when it is there. */
final class OneNode {
  static final HttpClient CLIENT = HttpClient.newHttpClient();

  private final Node node;
  private final ServerBinding binding;

  OneNode(Path directory) throws Exception {
    Config config =
        ConfigFactory.parseString(
                """
                synod.data-directory = "%s"
                synod.limits.low-space-bytes = 0
                synod.chaos.http = on
                synod.cluster {
                  nodes = [ { name = n1, host = 127.0.0.1, akka-port = %d, http-port = %d,
                    roles = [acceptor, proposer, learner, gateway] } ]
                  acceptors = [ n1 ]
                  seed-nodes = [ n1 ]
                }
                """
                    .formatted(directory, freePort(), freePort()))
            .withFallback(ConfigFiles.DEFAULT.load());
    NodeConfig read = ConfigReader.read(config, "n1");
    Metrics metrics = new Metrics();
    node = Node.start(read, ConfigReader.akkaConfig(config, read), metrics::count);
    // The node needn't be seen to come to life before it has.
    ServerFixture.await(() -> node.services().status().view().ready());
    binding =
        HttpServer.start(node.services(), metrics).toCompletableFuture().get(10, TimeUnit.SECONDS);
    ServerFixture.await(() -> send("GET", "/health/ready", "").statusCode() == 200);
  }

  /**
   * @param headers names and values in turn
   */
  HttpResponse<String> send(String method, String target, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(target)).method(method, BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return CLIENT.send(request.build(), BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  static JsonNode json(HttpResponse<String> response) {
    try {
      return Json.mapper().readTree(response.body());
    } catch (IOException e) {
      throw new AssertionError(response.body(), e);
    }
  }

  URI uri(String target) {
    return URI.create("http://127.0.0.1:" + binding.localAddress().getPort() + target);
  }

  void close() throws Exception {
    node.stop().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
