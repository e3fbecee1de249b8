package synod.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stands in for a node's process in tests of what starts and stops processes: takes a node's
 * arguments, listens on its HTTP port and answers the probes. A file beside its data tells it to
 * misbehave: {@code NODE.dies} (prints a line and ends), {@code NODE.idle} (never ready), {@code
 * NODE.stubborn} (doesn't end when asked to).
 */
public final class FakeNode {
  private FakeNode() {}

  public static void main(String[] args) throws IOException {
    String name = args[1];
    Path data = Path.of(args[7]);
    Matcher port =
        Pattern.compile("name = " + name + ",.* http-port = (\\d+),")
            .matcher(Files.readString(Path.of(args[3])));
    if (!port.find()) {
      throw new IllegalArgumentException("no node " + name);
    }
    System.out.println("fake node " + name);
    if (Files.exists(data.resolve(name + ".dies"))) {
      System.out.println("cannot go on");
      System.exit(1);
    }
    if (Files.exists(data.resolve(name + ".stubborn"))) {
      Runtime.getRuntime().addShutdownHook(new Thread(FakeNode::waitForEver));
    }
    boolean idle = Files.exists(data.resolve(name + ".idle"));
    HttpServer server =
        HttpServer.create(new InetSocketAddress("127.0.0.1", Integer.parseInt(port.group(1))), 0);
    server.createContext(
        "/health/ready",
        exchange -> answer(exchange, idle ? 503 : 200, "{\"detail\": \"no leader is known\"}"));
    server.createContext("/v1/kv/", FakeNode::write);
    server.createContext("/v1/status", exchange -> answer(exchange, 200, status(name)));
    server.start();
  }

  /** Proves that the probe can't change anything. */
  private static void write(HttpExchange exchange) throws IOException {
    List<String> condition = exchange.getRequestHeaders().get("If-Match");
    boolean harmless = List.of("\"" + Long.MAX_VALUE + "\"").equals(condition);
    answer(exchange, harmless ? 412 : 500, "{}");
  }

  private static String status(String name) {
    return """
    {"node": "%s", "ready": true, "leading": %s, "leader": {"round": 3, "proposer": "n2"}, "revision": 17,
     "slots": {"accepted": 9, "chosen": 8, "applied": 7},
     "roles": {"acceptor": {"state": "down"}, "learner": {"state": "up"}}}
    """
        .formatted(name, name.equals("n2"));
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static void waitForEver() {
    try {
      Thread.currentThread().join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
