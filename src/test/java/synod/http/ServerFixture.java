package synod.http;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.Behaviors;
import akka.http.javadsl.ServerBinding;
import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import synod.node.ChaosMessage;
import synod.node.GatewayMessage;
import synod.node.LeaderMessage;
import synod.node.NodeConfig;
import synod.node.NodeControls;
import synod.node.NodeEvents;
import synod.node.NodeServices;
import synod.node.NodeStatus;
import synod.node.RelayMessage;
import synod.node.RoleMessage;
import synod.paxos.Ballot;
import synod.paxos.Quorums;
import synod.paxos.Role;

/** An HTTP server on a free port before a node whose actors are played by the test. */
final class ServerFixture implements AutoCloseable {
  static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(5);

  final FakeGateway gateway = new FakeGateway();
  final NodeEvents events = new NodeEvents();
  final NodeStatus status = new NodeStatus("n1", Set.of(Role.values()));
  final ActorSystem<Void> system;
  final NodeServices services;
  final int port;

  /** What the chaos scheduler was asked to do, and what it answers. */
  volatile ChaosMessage lastChaos;

  volatile LeaderMessage.Move lastMove;

  volatile LeaderMessage.Result moveResult = LeaderMessage.Result.MOVED;

  volatile ChaosMessage.Answer chaosAnswer = new ChaosMessage.Answer(true, "as you wish");

  /** What the learner answers when it is asked for a snapshot, and what that holds. */
  volatile RoleMessage.SnapshotReply snapshotAnswer =
      new RoleMessage.SnapshotReply(null, "none in this test");

  volatile SnapshotBytes snapshot = (offset, length) -> Optional.empty();

  /** What a snapshot holds. */
  interface SnapshotBytes {
    Optional<byte[]> read(long offset, int length);
  }

  private final ServerBinding binding;
  private final HttpClient client = HttpClient.newHttpClient();

  ServerFixture() {
    this(config(0));
  }

  ServerFixture(NodeConfig config) {
    system =
        ActorSystem.create(
            Behaviors.empty(),
            "http-test",
            ConfigFactory.parseString(
                    "akka.actor.provider = local,"
                        + " akka.coordinated-shutdown.run-by-jvm-shutdown-hook = off")
                .withFallback(ConfigFactory.load()));
    ActorRef<GatewayMessage> gatewayRef =
        system.systemActorOf(gateway.behavior(), "gateway", Props.empty());
    ActorRef<ChaosMessage> chaos = system.systemActorOf(chaos(config), "chaos", Props.empty());
    ActorRef<RoleMessage> learner = system.systemActorOf(learner(), "learner", Props.empty());
    ActorRef<RelayMessage> relay =
        system.systemActorOf(NodeControls.relay(config), "relay", Props.empty());
    ActorRef<LeaderMessage> leadership =
        system.systemActorOf(leadership(), "leadership", Props.empty());
    services =
        new NodeServices(
            system,
            config,
            status,
            events,
            gatewayRef,
            chaos,
            learner,
            leadership,
            (of, offset, length) -> snapshot.read(offset, length),
            relay);
    NodeControls.update(status, view -> NodeControls.serving(view, new Ballot(3, "n2", -1)));
    Metrics metrics = new Metrics();
    events.listen(metrics::count);
    try {
      binding = HttpServer.start(services, metrics).toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      system.terminate();
      throw new IllegalStateException(e);
    }
    port = binding.localAddress().getPort();
  }

  static NodeConfig config(int httpPort) {
    return config(httpPort, new NodeConfig.Security(Optional.empty(), Optional.empty(), true));
  }

  static NodeConfig config(int httpPort, NodeConfig.Security security) {
    NodeConfig.Node self =
        new NodeConfig.Node("n1", "127.0.0.1", 25521, httpPort, Set.of(Role.values()));
    NodeConfig.Node other =
        new NodeConfig.Node("n2", "127.0.0.1", 25522, 8082, EnumSet.of(Role.LEARNER));
    return new NodeConfig(
        "synod",
        self,
        List.of(self, other),
        Quorums.majority(List.of("n1")),
        List.of("n1"),
        Path.of("unused"),
        false,
        new NodeConfig.Timing(
            Duration.ofMillis(60),
            Duration.ofMillis(300),
            Duration.ofMillis(600),
            Duration.ofMillis(100),
            REQUEST_TIMEOUT,
            Duration.ofSeconds(60),
            Duration.ofMillis(1)),
        new NodeConfig.Limits(
            2, 512 << 10, 1000, 128 << 10, 0, 300L << 20, 256 << 10, 64 << 20, 64 << 20),
        new NodeConfig.Chaos(
            EnumSet.of(Role.ACCEPTOR),
            Duration.ofSeconds(10),
            Duration.ofMillis(500),
            Duration.ofSeconds(3),
            1),
        security,
        NodeConfig.Upkeep.DEFAULT);
  }

  URI uri(String target) {
    return URI.create("http://127.0.0.1:" + port + target);
  }

  /**
   * @param headers names and values in turn
   */
  Answer send(String method, String target, BodyPublisher body, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(target)).method(method, body);
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return new Answer(client.send(request.build(), BodyHandlers.ofByteArray()));
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(method + " " + target, e);
    }
  }

  Answer send(String method, String target, String body, String... headers) {
    return send(method, target, BodyPublishers.ofString(body), headers);
  }

  Answer get(String target, String... headers) {
    return send("GET", target, BodyPublishers.noBody(), headers);
  }

  Answer put(String target, String value, String... headers) {
    return send("PUT", target, value, headers);
  }

  Answer delete(String target, String... headers) {
    return send("DELETE", target, BodyPublishers.noBody(), headers);
  }

  /** The JSON form of {@link #send}. */
  Answer json(String method, String target, String body) {
    return send(method, target, body, "Content-Type", "application/json");
  }

  Socket connect() {
    try {
      Socket socket = new Socket("127.0.0.1", port);
      socket.setSoTimeout(20_000);
      return socket;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Sends bytes as they are and reads until the server closes the connection. */
  String raw(byte[] bytes) {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(bytes);
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  String raw(String text) {
    return raw(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Waits until something is so, for ten seconds at most. */
  static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("waited for ten seconds");
      }
      LockSupport.parkNanos(100_000);
    }
  }

  private Behavior<RoleMessage> learner() {
    return Behaviors.receiveMessage(
        message -> {
          if (message instanceof RoleMessage.DigestQuery query) {
            query.replyTo().tell(new RoleMessage.StateDigest(10, 9, new byte[] {1, (byte) 0xfe}));
          }
          if (message instanceof RoleMessage.TakeSnapshot query) {
            query.replyTo().tell(snapshotAnswer);
          }
          return Behaviors.same();
        });
  }

  private Behavior<LeaderMessage> leadership() {
    return Behaviors.receiveMessage(
        message -> {
          if (message instanceof LeaderMessage.Move move) {
            lastMove = move;
            move.replyTo().tell(new LeaderMessage.Moved(moveResult, new Ballot(7, "n2", 1)));
          }
          return Behaviors.same();
        });
  }

  private Behavior<ChaosMessage> chaos(NodeConfig config) {
    return Behaviors.receiveMessage(
        message -> {
          lastChaos = message;
          if (message instanceof ChaosMessage.Kill kill) {
            kill.replyTo().tell(chaosAnswer);
          } else if (message instanceof ChaosMessage.Configure configure) {
            configure.replyTo().tell(chaosAnswer);
          } else if (message instanceof ChaosMessage.Describe describe) {
            describe.replyTo().tell(config.chaos());
          }
          return Behaviors.same();
        });
  }

  @Override
  public void close() {
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().join();
  }

  /** A response, with what tests look at. */
  record Answer(HttpResponse<byte[]> response) {
    int status() {
      return response.statusCode();
    }

    String text() {
      return new String(response.body(), StandardCharsets.UTF_8);
    }

    byte[] bytes() {
      return response.body();
    }

    JsonNode json() {
      try {
        return Json.mapper().readTree(response.body());
      } catch (IOException e) {
        throw new AssertionError("not JSON: " + text(), e);
      }
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse(null);
    }

    /** The problem's type without its scheme, having checked that the body is a problem. */
    String problem() {
      JsonNode body = json();
      if (!"application/problem+json".equals(header("Content-Type"))
          || body.path("status").asInt() != status()
          || body.path("detail").asText().isEmpty()
          || body.path("title").asText().isEmpty()) {
        throw new AssertionError("no problem document: " + header("Content-Type") + " " + text());
      }
      return body.path("type").asText().replace("urn:synod:", "");
    }

    String detail() {
      return json().path("detail").asText();
    }
  }
}
