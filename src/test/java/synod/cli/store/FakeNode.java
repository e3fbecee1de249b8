package synod.cli.store;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** A node's HTTP interface on a free port that answers as the test says, and keeps what it got. */
final class FakeNode implements AutoCloseable {
  /** What arrived; the target as it stood on the wire. */
  record Received(String method, String target, Map<String, List<String>> headers, byte[] body) {
    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    /** Null if it isn't there. */
    String header(String name) {
      List<String> values = headers.get(name);
      return values == null ? null : values.get(0);
    }
  }

  /**
   * @param status 0 to break the connection off
   * @param sent how much of the body comes before the connection breaks off, or all of it
   */
  record Reply(int status, Map<String, String> headers, byte[] body, int sent) {
    Reply(int status, Map<String, String> headers, byte[] body) {
      this(status, headers, body, body.length);
    }

    Reply cutTo(int bytes) {
      return new Reply(status, headers, body, bytes);
    }

    static Reply json(int status, String json) {
      return new Reply(
          status,
          Map.of("Content-Type", "application/json", "Synod-Slot", "17"),
          json.getBytes(StandardCharsets.UTF_8));
    }

    static Reply problem(int status, String type, String more) {
      String json =
          "{\"type\":\"urn:synod:%s\",\"detail\":\"because of the test\"%s}".formatted(type, more);
      return new Reply(
          status,
          Map.of("Content-Type", "application/problem+json"),
          json.getBytes(StandardCharsets.UTF_8));
    }

    static Reply broken() {
      return new Reply(0, Map.of(), new byte[0]);
    }
  }

  final List<Received> received = new CopyOnWriteArrayList<>();
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  FakeNode(Function<Received, Reply> answer) {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", exchange -> handle(exchange, answer));
    server.setExecutor(threads);
    server.start();
  }

  private void handle(HttpExchange exchange, Function<Received, Reply> answer) throws IOException {
    try (exchange) {
      Received request =
          new Received(
              exchange.getRequestMethod(),
              exchange.getRequestURI().toString(),
              exchange.getRequestHeaders(),
              exchange.getRequestBody().readAllBytes());
      received.add(request);
      Reply reply = answer.apply(request);
      if (reply.status() == 0) {
        throw new IOException("broken off by the test");
      }
      reply.headers().forEach(exchange.getResponseHeaders()::set);
      exchange.sendResponseHeaders(
          reply.status(), reply.body().length == 0 ? -1 : reply.body().length);
      exchange.getResponseBody().write(reply.body(), 0, reply.sent());
    }
  }

  String address() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
