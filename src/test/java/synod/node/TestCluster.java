package synod.node;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.AskPattern;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import synod.kv.Command;
import synod.kv.FormatVersion;
import synod.kv.Query;
import synod.paxos.Role;

/** Whole nodes, with real actors, disks and sockets, in this process and on free ports. */
final class TestCluster implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Path directory;
  private final Config config;
  private final Map<String, Node> running = new LinkedHashMap<>();

  /**
   * @param overrides settings beyond the shipped ones, in HOCON
   */
  TestCluster(Path directory, int size, String overrides) throws IOException {
    this(directory, size, 0, overrides);
  }

  /**
   * @param learners this many of the nodes, the last ones, have no vote: they learn and serve
   *     clients
   */
  TestCluster(Path directory, int size, int learners, String overrides) throws IOException {
    this.directory = directory;
    List<String> nodes = new ArrayList<>();
    List<Integer> ports = freePorts(2 * size);
    for (int i = 1; i <= size; i++) {
      nodes.add(
          "{ name = n%d, host = 127.0.0.1, akka-port = %d, http-port = %d, roles = [%s] }"
              .formatted(
                  i,
                  ports.get(2 * i - 2),
                  ports.get(2 * i - 1),
                  i <= size - learners
                      ? "acceptor, proposer, learner, gateway"
                      : "learner, gateway"));
    }
    String acceptors =
        IntStream.rangeClosed(1, size - learners)
            .mapToObj(i -> "n" + i)
            .collect(Collectors.joining(", "));
    String text =
        """
        synod.data-directory = "%s"
        synod.limits.low-space-bytes = 0
        synod.cluster {
          nodes = [ %s ]
          acceptors = [ %s ]
          seed-nodes = [ n1 ]
        }
        """
            .formatted(directory, String.join(", ", nodes), acceptors);
    config =
        ConfigFactory.parseString(overrides)
            .withFallback(ConfigFactory.parseString(text))
            .withFallback(ConfigFiles.DEFAULT.load());
  }

  static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    List<Integer> ports = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      sockets.add(socket);
      ports.add(socket.getLocalPort());
    }
    for (ServerSocket socket : sockets) {
      socket.close();
    }
    return ports;
  }

  static void delete(Path tree) throws IOException {
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  Path dataDirectory(String name) {
    return directory.resolve(name);
  }

  Node start(String name) {
    return start(name, FormatVersion.LATEST);
  }

  /** A node that runs a program which knows no higher format version. */
  Node start(String name, int formatVersion) {
    NodeConfig node = ConfigReader.read(config, name);
    Node started =
        Node.start(node, ConfigReader.akkaConfig(config, node), event -> {}, formatVersion);
    running.put(name, started);
    return started;
  }

  TestCluster startAll() {
    ConfigReader.read(config, "n1").nodes().forEach(node -> start(node.name()));
    running.keySet().forEach(name -> await(() -> status(name).ready(), name + " serves"));
    return this;
  }

  void stop(String name) throws Exception {
    running.remove(name).stop().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  Node node(String name) {
    return running.get(name);
  }

  ReplicaView replica(String name) {
    return node(name).services().status().replica();
  }

  NodeStatus.View status(String name) {
    return node(name).services().status().view();
  }

  String leader() {
    List<String> leading = new ArrayList<>();
    await(
        () -> {
          leading.clear();
          running.keySet().stream().filter(name -> status(name).leading()).forEach(leading::add);
          return leading.size() == 1;
        },
        "one leader");
    return leading.get(0);
  }

  Outcome ask(String name, Operation operation) {
    return ask(name, new Request(1, operation, null, 5_000));
  }

  Outcome ask(String name, Request request) {
    NodeServices services = node(name).services();
    return AskPattern.<GatewayMessage, GatewayMessage.Replies>ask(
            services.gateway(),
            (ActorRef<GatewayMessage.Replies> replyTo) ->
                new GatewayMessage.Requests(List.of(request), replyTo),
            PATIENCE,
            services.system().scheduler())
        .toCompletableFuture()
        .join()
        .replies()
        .get(0)
        .outcome();
  }

  Outcome put(String name, String key, String value) {
    return ask(
        name,
        new Operation.Write(
            new Command.Put(bytes(key), bytes(value), Command.Condition.NONE, false)));
  }

  String get(String name, String key) {
    Outcome outcome = ask(name, new Operation.LinearizableRead(new Query.Get(bytes(key))));
    if (outcome instanceof Outcome.Answered answered
        && answered.answer() instanceof Query.KeyAnswer answer) {
      return answer.found() == null
          ? null
          : new String(answer.found().value(), StandardCharsets.UTF_8);
    }
    throw new AssertionError("not read: " + outcome);
  }

  void kill(String name, Role role, Duration downtime) {
    NodeServices services = node(name).services();
    ChaosMessage.Answer answer =
        AskPattern.<ChaosMessage, ChaosMessage.Answer>ask(
                services.chaos(),
                replyTo -> new ChaosMessage.Kill(role, downtime, replyTo),
                PATIENCE,
                services.system().scheduler())
            .toCompletableFuture()
            .join();
    if (!answer.accepted()) {
      throw new AssertionError(answer.detail());
    }
  }

  RoleMessage.StateDigest digest(String name) {
    NodeServices services = node(name).services();
    return AskPattern.<RoleMessage, RoleMessage.StateDigest>ask(
            services.learner(),
            RoleMessage.DigestQuery::new,
            PATIENCE,
            services.system().scheduler())
        .toCompletableFuture()
        .join();
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static void await(BooleanSupplier condition, String what) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("waited in vain: " + what);
      }
      Thread.onSpinWait();
      java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
    }
  }

  @Override
  public void close() {
    List<Node> ending = List.copyOf(running.values());
    running.clear();
    ending.forEach(Node::stop);
    ending.forEach(node -> node.whenTerminated().toCompletableFuture().join());
  }
}
