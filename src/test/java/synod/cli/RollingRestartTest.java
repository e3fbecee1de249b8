package synod.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real processes are restarted one after the other, and clients don't notice. */
@Timeout(240)
class RollingRestartTest {
  private static final int NODES = 3;
  private static final int CLIENTS = 6;
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  /** Between a client's requests: the same machine must start nodes meanwhile. */
  private static final Duration PACE = Duration.ofMillis(20);

  /** A pause of the machine that is longer than this is no fault of the nodes. */
  private static final Duration NOTICED = Duration.ofMillis(100);

  @TempDir private Path directory;
  private final List<Slow> stalls = new CopyOnWriteArrayList<>();
  private LocalCluster cluster;

  @AfterEach
  void end() {
    cluster.nodes().forEach(LocalNode::kill);
  }

  @Test
  void noRequestFailsOrTakesASecondWhileAllNodesAreRestarted() throws Exception {
    cluster =
        LocalCluster.create(
            directory.resolve("c"), Ports.free(NODES), "", NodeLauncher.BESIDE_OTHERS);
    cluster.start(PATIENCE, System.out::println);
    LocalNode leader = awaitLeader();
    List<Long> before = pids();
    AtomicBoolean working = new AtomicBoolean(true);
    ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    List<Future<Client>> clients = new ArrayList<>();
    List<String> killed;
    Thread watch = new Thread(() -> watch(working));
    watch.start();
    try {
      for (int i = 1; i <= CLIENTS; i++) {
        clients.add(threads.submit(new Client("c" + i, cluster.nodes(), working)));
      }
      killed =
          new RollingRestart(
                  cluster, LocalNode::start, PATIENCE, Duration.ofSeconds(20), System.out::println)
              .run();
    } finally {
      working.set(false);
      threads.shutdown();
    }
    watch.join();

    assertThat(killed).isEmpty();
    assertThat(pids()).hasSize(NODES).doesNotContainAnyElementsOf(before);
    assertThat(awaitLeader()).isNotEqualTo(leader);
    for (Future<Client> future : clients) {
      Client client = future.get();
      System.out.println(client);
      assertThat(client.requests).isGreaterThan(100);
      assertThat(client.failures).isEmpty();
      for (Slow slow : client.slow) {
        assertThat(slow.millis() - stalledMillis(slow))
            .as("%s, without the time in which the machine stood still, in ms", slow)
            .isLessThan(1_000);
      }
    }
  }

  private LocalNode awaitLeader() {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      Optional<LocalNode> leader = cluster.leader();
      if (leader.isPresent()) {
        return leader.get();
      }
      assertThat(System.nanoTime()).as("nobody leads").isLessThan(deadline);
      Waiting.pause(PACE);
    }
  }

  /** Notes when the machine kept even a thread waiting that has next to nothing to do. */
  private void watch(AtomicBoolean working) {
    long last = System.nanoTime();
    while (working.get()) {
      Waiting.pause(Duration.ofMillis(10));
      long now = System.nanoTime();
      if (now - last > NOTICED.toNanos()) {
        stalls.add(new Slow(last, now));
      }
      last = now;
    }
  }

  private long stalledMillis(Slow request) {
    return stalls.stream()
        .mapToLong(
            stall ->
                Math.max(
                    0, Math.min(stall.end, request.end) - Math.max(stall.begin, request.begin)))
        .map(nanos -> nanos / 1_000_000)
        .sum();
  }

  /** What took so long, in nanoseconds. */
  private record Slow(long begin, long end) {
    long millis() {
      return (end - begin) / 1_000_000;
    }
  }

  private List<Long> pids() {
    return cluster.nodes().stream().flatMapToLong(node -> node.pid().stream()).boxed().toList();
  }

  /**
   * Writes a key of its own and reads it, at one node after the other; goes to the next one when a
   * connection is refused or closed, and only then.
   */
  private static final class Client implements Callable<Client> {
    private final String name;
    private final List<LocalNode> nodes;
    private final AtomicBoolean working;
    private final HttpClient http =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private int turn;

    final List<String> failures = new ArrayList<>();
    int requests;
    int repeats;
    long slowestMillis;

    /** The requests that took a second. */
    final List<Slow> slow = new ArrayList<>();

    Client(String name, List<LocalNode> nodes, AtomicBoolean working) {
      this.name = name;
      this.nodes = nodes;
      this.working = working;
    }

    @Override
    public Client call() throws InterruptedException {
      while (working.get()) {
        String value = Integer.toString(requests);
        expect("200|201", ".*", request -> request.PUT(BodyPublishers.ofString(value)));
        expect("200", value, HttpRequest.Builder::GET);
        Waiting.pause(PACE);
      }
      return this;
    }

    private void expect(String status, String body, UnaryOperator<HttpRequest.Builder> method)
        throws InterruptedException {
      requests++;
      long start = System.nanoTime();
      HttpResponse<String> answer = null;
      for (int attempt = 0; answer == null; attempt++) {
        LocalNode node = nodes.get(turn++ % nodes.size());
        URI uri = URI.create(node.url() + "/v1/kv/" + name);
        try {
          answer =
              http.send(
                  method.apply(HttpRequest.newBuilder(uri)).timeout(PATIENCE).build(),
                  BodyHandlers.ofString());
        } catch (IOException e) {
          repeats++;
          if (attempt == nodes.size()) {
            failures.add("no node can be reached: " + e);
            return;
          }
        }
      }
      Slow taken = new Slow(start, System.nanoTime());
      slowestMillis = Math.max(slowestMillis, taken.millis());
      if (taken.millis() >= 1_000) {
        slow.add(taken);
      }
      if (!Integer.toString(answer.statusCode()).matches(status) || !answer.body().matches(body)) {
        failures.add(answer + ": " + answer.body());
      }
    }

    @Override
    public String toString() {
      return "%s: %d requests, %d of them repeated elsewhere, the slowest took %d ms"
          .formatted(name, requests, repeats, slowestMillis);
    }
  }
}
