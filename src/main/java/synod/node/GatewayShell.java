package synod.node;

import akka.actor.typed.ActorRef;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import synod.kv.CodecException;
import synod.kv.Command;
import synod.kv.FormatVersion;
import synod.paxos.Effect;
import synod.paxos.Message;
import synod.paxos.ProtocolEvent;
import synod.paxos.Role;

/** One life of this node's gateway: who asked what, and grouped replies. */
final class GatewayShell implements RoleShell, Gateway.Output {
  private static final Logger LOG = LoggerFactory.getLogger(GatewayShell.class);

  private static final Outcome.Refused LEAVING =
      new Outcome.Refused(
          Outcome.Reason.UNAVAILABLE, "this node is stopping; the request was not sent on");

  private final NodeContext node;
  private final long incarnation;
  private final Gateway gateway;
  private long lastHandle;

  /** Who asked, by the handle that the core knows the request by. */
  private final Map<Long, Asker> askers = new HashMap<>();

  private List<Effect> effects = new ArrayList<>();

  /**
   * Who wants to know when nothing is under way any more; if there is one, nothing new is taken.
   */
  private final List<ActorRef<RoleMessage.Done>> leaving = new ArrayList<>();

  /** Replies that leave together when the present message is dealt with. */
  private final Map<Destination, List<Reply>> replies = new LinkedHashMap<>();

  /** Of those replies, the ones that are refusals. */
  private final Map<Outcome.Reason, Integer> refused = new EnumMap<>(Outcome.Reason.class);

  /** And the ones that leave it open what became of a write. */
  private int unknown;

  private sealed interface Destination {}

  private record Here(ActorRef<GatewayMessage.Replies> replyTo) implements Destination {}

  private record Elsewhere(String path) implements Destination {}

  private record Asker(Destination destination, long id) {}

  GatewayShell(NodeContext node) {
    this.node = node;
    this.incarnation = node.randomPositive();
    this.gateway =
        new Gateway(
            node.name(),
            incarnation,
            node.config().limits().maxRequestsInFlight(),
            node.paxos(),
            this);
  }

  @Override
  public List<Effect> receive(String from, Message message, long now) {
    gateway.receive(from, message, now);
    return takeEffects();
  }

  @Override
  public List<Effect> receiveHere(RoleMessage message, long now) {
    if (message instanceof RoleMessage.ResultsHere applied) {
      gateway.applied(applied.results(), now);
    } else if (message instanceof GatewayMessage.Requests requests) {
      request(new Here(requests.replyTo()), requests.requests(), now);
    } else if (message instanceof GatewayMessage.ClientRequests requests) {
      requestFromElsewhere(requests, now);
    } else if (message instanceof RoleMessage.ReadAnswers answers) {
      if (answers.incarnation() == incarnation) {
        gateway.answered(answers.id(), answers.answers(), answers.appliedSlot());
      }
    } else if (message instanceof RoleMessage.LearnerResumed) {
      gateway.learnerRestarted();
    } else if (message instanceof RoleMessage.Drain drain) {
      leaving.add(drain.replyTo());
    } else {
      return RoleShell.super.receiveHere(message, now);
    }
    return takeEffects();
  }

  private void requestFromElsewhere(GatewayMessage.ClientRequests requests, long now) {
    List<Request> decoded;
    try {
      decoded = ClientCodec.decodeRequests(requests.requests());
    } catch (CodecException e) {
      LOG.warn(
          "requests of {} can't be read and are dropped: {}", requests.client(), e.getMessage());
      return;
    }
    Elsewhere client = new Elsewhere(requests.client());
    List<Request> allowed = new ArrayList<>();
    for (Request request : decoded) {
      if (request.operation() instanceof Operation.Write write
          && write.command() instanceof Command.Upkeep) {
        reply(
            client,
            new Reply(
                request.id(),
                new Outcome.Refused(
                    Outcome.Reason.INVALID, "this command is for the cluster's nodes alone")));
      } else {
        allowed.add(request);
      }
    }
    request(client, allowed, now);
  }

  private void request(Destination asker, List<Request> requests, long now) {
    gateway.overQuota(node.status().overQuota());
    Optional<String> stopped = stoppedLearner();
    long longest = node.config().timing().requestTimeoutMax().toMillis();
    for (Request request : requests) {
      Optional<Outcome> refusal =
          stopped
              .<Outcome>map(why -> new Outcome.Refused(Outcome.Reason.UNAVAILABLE, why))
              .or(() -> tooNew(request.operation()));
      if (refusal.isPresent()) {
        reply(asker, new Reply(request.id(), refusal.get()));
        continue;
      }
      askers.put(++lastHandle, new Asker(asker, request.id()));
      if (!leaving.isEmpty()) {
        reply(lastHandle, LEAVING);
        continue;
      }
      gateway.request(
          lastHandle,
          new Request(
              request.id(),
              request.operation(),
              request.session(),
              Math.min(request.timeoutMillis(), longest)),
          now);
    }
  }

  /** Nothing can be answered without a learner, so that clients had better go elsewhere at once. */
  private Optional<String> stoppedLearner() {
    NodeStatus.RoleView learner = node.status().view().roles().get(Role.LEARNER);
    return learner != null && learner.state() == NodeStatus.RoleState.FAILED
        ? Optional.of("the learner of this node has stopped for good: " + learner.detail())
        : Optional.empty();
  }

  /** Once it is in the log, a command that a node doesn't know stops that node. */
  private Optional<Outcome> tooNew(Operation operation) {
    if (!(operation instanceof Operation.Write write)) {
      return Optional.empty();
    }
    int required = FormatVersion.of(write.command());
    ReplicaView replica = node.status().replica();
    return required <= replica.clusterVersion()
        ? Optional.empty()
        : Optional.of(
            new Outcome.Refused(
                Outcome.Reason.INVALID,
                "this needs format version "
                    + required
                    + ", and the cluster has version "
                    + replica.clusterVersion()
                    + ": it is raised when every configured node has announced the higher one"));
  }

  @Override
  public boolean wantsFlush() {
    return gateway.wantsFlush();
  }

  @Override
  public List<Effect> flush(long now) {
    gateway.flush(now);
    return takeEffects();
  }

  @Override
  public List<Effect> tick(long now) {
    gateway.tick(now);
    return takeEffects();
  }

  @Override
  public long wakeUpAt() {
    return gateway.wakeUpAt();
  }

  @Override
  public void settle() {
    if (unknown > 0 || !refused.isEmpty()) {
      node.events()
          .publish(new NodeEvent.RequestsUnserved(node.name(), Map.copyOf(refused), unknown));
      refused.clear();
      unknown = 0;
    }
    replies.forEach(this::deliver);
    replies.clear();
    node.status().load().gateway(gateway.inFlight(), gateway.waiting());
    if (!leaving.isEmpty() && gateway.inFlight() == 0) {
      leaving.forEach(asker -> asker.tell(new RoleMessage.Done()));
    }
  }

  @Override
  public void close() {
    node.status().load().gateway(0, 0);
  }

  private void deliver(Destination destination, List<Reply> grouped) {
    if (destination instanceof Here here) {
      here.replyTo().tell(new GatewayMessage.Replies(grouped));
    } else if (destination instanceof Elsewhere elsewhere) {
      byte[] encoded = ClientCodec.encodeReplies(grouped);
      node.peers()
          .sendToClient(
              elsewhere.path(),
              new GatewayMessage.ClientReplies(gateway.leader().proposer(), encoded),
              encoded.length);
    }
  }

  private List<Effect> takeEffects() {
    List<Effect> taken = effects;
    effects = new ArrayList<>();
    return taken;
  }

  // What the core decides

  @Override
  public void send(String to, Message message) {
    effects.add(new Effect.Send(to, Role.PROPOSER, message));
  }

  @Override
  public void read(Gateway.LocalRead read) {
    node.tell(Role.LEARNER, new RoleMessage.ReadHere(read));
  }

  @Override
  public void reply(long handle, Outcome outcome) {
    Asker asker = askers.remove(handle);
    reply(asker.destination(), new Reply(asker.id(), outcome));
  }

  @Override
  public void batched(boolean writes, int requests) {
    node.events().publish(new NodeEvent.BatchSent(node.name(), writes, requests));
  }

  @Override
  public void repeated(int messages) {
    effects.add(new Effect.Publish(new ProtocolEvent.MessagesRepeated(messages)));
  }

  private void reply(Destination destination, Reply reply) {
    if (reply.outcome() instanceof Outcome.Refused refusal) {
      refused.merge(refusal.reason(), 1, Integer::sum);
    } else if (reply.outcome() instanceof Outcome.Unknown) {
      unknown++;
    }
    replies.computeIfAbsent(destination, unused -> new ArrayList<>()).add(reply);
  }
}
