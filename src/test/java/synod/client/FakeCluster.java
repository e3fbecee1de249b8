package synod.client;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorRefResolver;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import synod.kv.Command;
import synod.kv.Command.Condition;
import synod.kv.Query;
import synod.kv.Result;
import synod.kv.SessionId;
import synod.node.Assembler;
import synod.node.CborSerializable;
import synod.node.ClientCodec;
import synod.node.GatewayMessage.ClientReplies;
import synod.node.GatewayMessage.ClientRequests;
import synod.node.Operation;
import synod.node.Outcome;
import synod.node.Part;
import synod.node.Reply;
import synod.node.Request;

/** Gateways that a test plays itself, a client actor that begins with n1, and time by hand. */
final class FakeCluster implements AutoCloseable {
  /** The effective time of a client's sign of life in these tests. */
  static final Duration TTL = Duration.ofSeconds(60);

  final ActorTestKit kit = ActorTestKit.create(ManualTime.config());
  final ManualTime time = ManualTime.get(kit.system());
  final AtomicLong nanos = new AtomicLong();
  private final Assembler assembler = new Assembler(kit.system());
  final List<ClientSettings.Failover> failovers = new ArrayList<>();
  private final Map<String, TestProbe<CborSerializable>> gateways = new HashMap<>();
  private ActorRef<ClientActor.Command> actor;
  private String client;
  private long sessions;

  /** Who leads, as the gateways say with every reply. */
  String leader = "";

  /** A message that a gateway got. */
  record Message(String client, List<Request> requests) {
    Request only() {
      assertThat(requests).hasSize(1);
      return requests.get(0);
    }
  }

  ActorRef<ClientActor.Command> client(
      UnaryOperator<ClientSettings.Builder> change, String... nodes) {
    ClientSettings.Builder builder = ClientSettings.builder("synod").sessionTtl(TTL);
    for (String node : nodes) {
      gateways.put(node, kit.createTestProbe(CborSerializable.class));
      builder.node(node, "127.0.0.1", 25521);
    }
    ClientSettings settings = change.apply(builder.failoverListener(failovers::add)).build();
    actor =
        kit.spawn(
            ClientActor.create(
                settings, node -> gateways.get(node.name()).getRef(), 0, nanos::get, () -> {}));
    return actor;
  }

  ActorRef<ClientActor.Command> client(String... nodes) {
    return client(builder -> builder, nodes);
  }

  /** The clock goes on, and timers fire. */
  void pass(Duration duration) {
    nanos.addAndGet(duration.toNanos());
    time.timePasses(duration);
  }

  /** The next message to a node. */
  Message receive(String node) {
    CborSerializable received = gateways.get(node).receiveMessage();
    while (received instanceof Part part) {
      Optional<Object> whole = assembler.add(part);
      received =
          whole.isPresent() ? (ClientRequests) whole.get() : gateways.get(node).receiveMessage();
    }
    ClientRequests message = (ClientRequests) received;
    client = message.client();
    return new Message(message.client(), ClientCodec.decodeRequests(message.requests()));
  }

  /** Nothing more goes to a node, after all that the client was told. */
  void expectNothing(String node) {
    TestProbe<Outcome> probe = kit.createTestProbe(Outcome.class);
    // Twice, since the first may overtake a message of the client to itself.
    for (int i = 0; i < 2; i++) {
      actor.tell(new ClientActor.Execute(put(""), null, probe.getRef()));
      probe.expectMessageClass(Outcome.Refused.class);
    }
    gateways.get(node).expectNoMessage(Duration.ZERO);
  }

  void reply(Reply... replies) {
    answer(new ClientReplies(leader, ClientCodec.encodeReplies(List.of(replies))));
  }

  void answer(ClientReplies message) {
    ActorRefResolver.get(kit.system()).<ClientReplies>resolveActorRef(client).tell(message);
  }

  /** Plays the opening of a session at a node. */
  SessionId openSession(String node) {
    Request open = receive(node).only();
    assertThat(open.operation())
        .isEqualTo(new Operation.Write(new Command.OpenSession(TTL.toMillis())));
    assertThat(open.session()).isNull();
    SessionId session = new SessionId(10 + ++sessions, 0);
    reply(written(open, new Result.SessionOpened(session, TTL.toMillis())));
    return session;
  }

  static Reply applied(Request request, long revision) {
    return new Reply(
        request.id(), new Outcome.Written(new Result.Applied(revision, 1, null), revision));
  }

  static Reply written(Request request, Result result) {
    return new Reply(request.id(), new Outcome.Written(result, 1));
  }

  static Reply refused(Request request, Outcome.Reason reason) {
    return new Reply(request.id(), new Outcome.Refused(reason, "for a test"));
  }

  static Operation put(String key) {
    return put(key, 1);
  }

  static Operation put(String key, int valueBytes) {
    return new Operation.Write(
        new Command.Put(bytes(key), new byte[valueBytes], Condition.NONE, false));
  }

  static Operation get(String key) {
    return new Operation.LinearizableRead(new Query.Get(bytes(key)));
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    kit.shutdownTestKit();
  }
}
