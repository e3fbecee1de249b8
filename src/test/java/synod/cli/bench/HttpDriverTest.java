package synod.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HttpDriverTest {
  private static final byte[] KEY = "k1".getBytes();

  private final BlockingQueue<String> ends = new LinkedBlockingQueue<>();
  private final Set<Integer> connections = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;
  private HttpDriver driver;
  private volatile int status = 200;
  private volatile int answerBytes = 5;
  private volatile String seen = "";

  private final Driver.Reply reply =
      new Driver.Reply() {
        @Override
        public void succeeded() {
          ends.add("ok");
        }

        @Override
        public void failed(String why) {
          ends.add(why);
        }
      };

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
    driver = new HttpDriver(List.of(server.getAddress()), true);
  }

  @AfterEach
  void end() {
    driver.close();
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    connections.add(exchange.getRemoteAddress().getPort());
    byte[] body = exchange.getRequestBody().readAllBytes();
    seen = exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body.length;
    exchange.sendResponseHeaders(status, answerBytes);
    exchange.getResponseBody().write("x".repeat(answerBytes).getBytes());
    exchange.close();
  }

  private String send(Kind kind, byte[] value) throws InterruptedException {
    driver.send(new Operation(kind, KEY, value), reply);
    return ends.poll(30, TimeUnit.SECONDS);
  }

  @Test
  void requestsFollowOneAnotherOnOneConnection() throws Exception {
    assertThat(send(Kind.PUT, new byte[100])).isEqualTo("ok");
    assertThat(seen).isEqualTo("PUT /v1/kv/k1 100");
    assertThat(send(Kind.GET, null)).isEqualTo("ok");
    assertThat(seen).isEqualTo("GET /v1/kv/k1?consistency=stale 0");
    assertThat(send(Kind.DELETE, null)).isEqualTo("ok");
    assertThat(seen).isEqualTo("DELETE /v1/kv/k1 0");

    assertThat(connections).hasSize(1);
  }

  @Test
  void largeValuesGoThroughBothWays() throws Exception {
    answerBytes = 1 << 20;
    assertThat(send(Kind.PUT, new byte[1 << 20])).isEqualTo("ok");
    assertThat(seen).isEqualTo("PUT /v1/kv/k1 1048576");
    assertThat(send(Kind.GET, null)).isEqualTo("ok");
  }

  @Test
  void aKeyThatIsNotThereIsAnAnswerAndARefusalIsAFailure() throws Exception {
    status = 404;
    assertThat(send(Kind.GET, null)).isEqualTo("ok");
    assertThat(send(Kind.PUT, new byte[1])).isEqualTo("HTTP 404: xxxxx");
    status = 503;
    assertThat(send(Kind.GET, null)).isEqualTo("HTTP 503: xxxxx");
    status = 200;
    assertThat(send(Kind.GET, null)).isEqualTo("ok");
  }

  @Test
  void aNodeThatGoesAwayFailsTheRequestsAndNotTheDriver() throws Exception {
    assertThat(send(Kind.GET, null)).isEqualTo("ok");
    server.stop(0);

    assertThat(send(Kind.GET, null)).isNotNull().isNotEqualTo("ok");
    assertThat(send(Kind.GET, null)).isNotNull().isNotEqualTo("ok");
  }
}
