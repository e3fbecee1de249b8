package synod.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import synod.client.ClientSettings.Failover;
import synod.kv.KeyValue;
import synod.kv.KvLimits;
import synod.kv.Query.KeyAnswer;
import synod.kv.Query.PageAnswer;
import synod.node.Outcome.Reason;

/** The Java client against gateways in other actor systems, over the real wire. */
class SynodClientTest {
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final List<Failover> failovers = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (int i = opened.size() - 1; i >= 0; i--) {
      opened.get(i).close();
    }
  }

  private <T extends AutoCloseable> T open(T resource) {
    opened.add(resource);
    return resource;
  }

  private ClientSettings settings(int... ports) {
    ClientSettings.Builder builder =
        ClientSettings.builder(RemoteGateway.CLUSTER).failoverListener(failovers::add);
    for (int port : ports) {
      builder.node("n" + port, "127.0.0.1", port);
    }
    return builder.build();
  }

  private static <T> T get(CompletionStage<T> stage)
      throws InterruptedException, ExecutionException, TimeoutException {
    return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  @Test
  void everyOperationComesBackWithItsAnswer() throws Exception {
    SynodClient client = open(SynodClient.connect(settings(open(RemoteGateway.store()).port())));

    assertThat(get(client.put("a", "1")))
        .isEqualTo(new WriteResult.Applied(1, 1, Optional.empty(), 17));
    KeyValue first = new KeyValue(bytes("a"), bytes("1"), 1, 1, 1);
    assertThat(get(client.get("a"))).isEqualTo(new KeyAnswer(first, 1));
    assertThat(get(client.get("b")).found()).isNull();

    assertThat(get(client.put(bytes("a"), bytes("2"), WriteOptions.DEFAULT.withPrevious())))
        .isEqualTo(new WriteResult.Applied(2, 2, Optional.of(first), 17));
    assertThat(get(client.compareAndSet("a", 1, "3")))
        .isEqualTo(new WriteResult.ConditionFailed(2, 17));
    assertThat(get(client.compareAndSet("a", 2, "3")).isApplied()).isTrue();
    assertThat(get(client.compareAndSet("a", 0, "4")))
        .isEqualTo(new WriteResult.ConditionFailed(3, 17));
    assertThat(get(client.compareAndSet("b", 0, "5")).isApplied()).isTrue();

    PageAnswer page = get(client.list(bytes(""), bytes(""), 1, ReadOptions.STALE));
    assertThat(page.entries())
        .extracting(entry -> new String(entry.key(), UTF_8))
        .containsExactly("a");
    assertThat(page.more()).isTrue();
    PageAnswer rest = get(client.list(bytes(""), bytes("a"), 9, ReadOptions.LINEARIZABLE));
    assertThat(rest.entries())
        .extracting(entry -> new String(entry.key(), UTF_8))
        .containsExactly("b");
    assertThat(rest.more()).isFalse();

    assertThat(get(client.delete("b")).isApplied()).isTrue();
    assertThat(get(client.delete("b"))).isEqualTo(new WriteResult.NotFound(17));
  }

  @Test
  void aThousandOperationsAtOnceAllComeBack() throws Exception {
    RemoteGateway gateway = open(RemoteGateway.store());
    SynodClient client = open(SynodClient.connect(settings(gateway.port())));
    List<CompletableFuture<WriteResult>> puts = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      puts.add(client.put("key-" + i, "value").toCompletableFuture());
    }
    get(CompletableFuture.allOf(puts.toArray(CompletableFuture[]::new)));
    assertThat(puts).allSatisfy(put -> assertThat(put.join().isApplied()).isTrue());
    assertThat(get(client.get("key-999")).revision()).isEqualTo(1000);
  }

  @Test
  void valuesOfTheLargestSizeGoBothWays() throws Exception {
    SynodClient client = open(SynodClient.connect(settings(open(RemoteGateway.store()).port())));
    byte[] value = new byte[KvLimits.MAX_VALUE_BYTES];
    new Random(1).nextBytes(value);
    List<CompletableFuture<WriteResult>> puts = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      puts.add(client.put(bytes("large-" + i), value).toCompletableFuture());
    }
    get(CompletableFuture.allOf(puts.toArray(CompletableFuture[]::new)));
    assertThat(get(client.get("large-7")).found().value()).isEqualTo(value);
    PageAnswer page = get(client.list(bytes("large"), bytes(""), 8, ReadOptions.LINEARIZABLE));
    assertThat(page.entries()).hasSize(8).allSatisfy(e -> assertThat(e.value()).isEqualTo(value));
  }

  @Test
  void aClientFindsTheNodeThatAnswersAmongThoseThatAreAwayOrSilent() throws Exception {
    int away;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      away = socket.getLocalPort();
    }
    RemoteGateway silent = open(RemoteGateway.silent());
    RemoteGateway store = open(RemoteGateway.store());
    SynodClient client = open(SynodClient.connect(settings(away, silent.port(), store.port())));
    assertThat(get(client.put("a", "1")).isApplied()).isTrue();
  }

  @Test
  void aClientGoesOverWhenItsNodeDiesAndSaysSo() throws Exception {
    RemoteGateway first = RemoteGateway.store();
    RemoteGateway second = RemoteGateway.store();
    opened.addAll(List.of(first, second));
    SynodClient client = open(SynodClient.connect(settings(first.port(), second.port())));
    // The first request may go to both, if connecting takes its time.
    int firsts;
    int seconds;
    do {
      firsts = first.requests.get();
      seconds = second.requests.get();
      get(client.put("a", "1"));
      firsts = first.requests.get() - firsts;
      seconds = second.requests.get() - seconds;
    } while (firsts > 0 && seconds > 0);
    failovers.clear();
    RemoteGateway used = firsts > 0 ? first : second;
    RemoteGateway other = used == first ? second : first;

    String from = "n" + used.port();
    used.close();
    assertThat(get(client.put("a", "2")).isApplied()).isTrue();
    assertThat(failovers)
        .containsExactly(new Failover(from, "n" + other.port(), "no answer within 600 ms"));
  }

  @Test
  void errorsComeAsExceptionsOfTheirOwn() throws Exception {
    RemoteGateway silent = open(RemoteGateway.silent());
    SynodClient client = open(SynodClient.connect(settings(silent.port())));
    Duration soon = Duration.ofMillis(200);
    assertThatThrownBy(
            () -> get(client.put(bytes("a"), bytes("1"), WriteOptions.DEFAULT.withTimeout(soon))))
        .hasCauseInstanceOf(RefusedException.class)
        .hasMessageContaining("no node has answered");
    assertThatThrownBy(() -> get(client.put(new byte[0], bytes("1"))))
        .cause()
        .isInstanceOfSatisfying(
            RefusedException.class, e -> assertThat(e.reason()).isEqualTo(Reason.INVALID))
        .hasMessageContaining("key");

    SynodClient unknown = open(SynodClient.connect(settings(open(RemoteGateway.mute()).port())));
    get(unknown.get("a"));
    WriteOptions later = WriteOptions.DEFAULT.withTimeout(Duration.ofSeconds(2));
    assertThatThrownBy(() -> get(unknown.put(bytes("a"), bytes("1"), later)))
        .hasCauseInstanceOf(UnknownOutcomeException.class);
  }

  @Test
  void aClosedClientAnswersEverybody() {
    SynodClient client = SynodClient.connect(settings(open(RemoteGateway.silent()).port()));
    CompletableFuture<KeyAnswer> pending = client.get("a").toCompletableFuture();
    client.close();
    assertThatThrownBy(pending::join)
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(RefusedException.class);
    assertThatThrownBy(client.get("a").toCompletableFuture()::join)
        .hasCauseInstanceOf(RefusedException.class);
  }

  @Test
  void aClientLivesInAnotherActorSystemAndLeavesItRunning() throws Exception {
    RemoteGateway gateway = open(RemoteGateway.store());
    RemoteGateway host = open(RemoteGateway.silent());
    SynodClient client = SynodClient.on(host.system(), settings(gateway.port()));
    assertThat(get(client.put("a", "1")).isApplied()).isTrue();
    client.close();
    assertThat(host.system().getWhenTerminated().toCompletableFuture()).isNotDone();
  }

  @Test
  void aClientOnTheNodeItselfNeedsNoWire() throws Exception {
    RemoteGateway gateway = open(RemoteGateway.store());
    SynodClient client = SynodClient.on(gateway.system(), settings(gateway.port()));
    assertThat(get(client.put("a", "1")).isApplied()).isTrue();
    client.close();
  }
}
