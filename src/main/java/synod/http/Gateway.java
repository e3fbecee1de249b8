package synod.http;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Props;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import synod.node.NodeEvent;
import synod.node.NodeServices;
import synod.node.Operation;
import synod.node.Outcome;
import synod.node.Request;
import synod.paxos.Role;

/**
 * The node's gateway as the HTTP handlers see it. Every request gets exactly one outcome, soon
 * after its timeout at the latest, whatever becomes of the gateway meanwhile. Any thread may call.
 */
final class Gateway implements AutoCloseable {
  /** Actor names are unique in a system; a second server in the same one gets the next. */
  private static final AtomicInteger COUNTER = new AtomicInteger();

  private final ActorRef<GatewayBridge.Message> bridge;
  private final Runnable stopListening;

  /** A node without a gateway refuses everything. */
  Gateway(NodeServices services) {
    if (services.gateway() == null) {
      bridge = null;
      stopListening = () -> {};
      return;
    }
    bridge =
        services
            .system()
            .systemActorOf(
                GatewayBridge.create(services.gateway(), services.status()),
                "http-gateway-" + COUNTER.incrementAndGet(),
                Props.empty());
    stopListening = services.events().listen(this::watch);
  }

  /**
   * @param session null to use the gateway's own
   */
  CompletionStage<Outcome> submit(Operation operation, Request.Stamp session, Duration timeout) {
    if (bridge == null) {
      return CompletableFuture.completedFuture(
          new Outcome.Refused(
              Outcome.Reason.UNAVAILABLE,
              "this node runs no gateway; send the request to a node that does"));
    }
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    bridge.tell(new GatewayBridge.Submit(operation, session, timeout.toMillis(), outcome));
    return outcome;
  }

  /** Requests that are still open get their outcome; later ones are not answered. */
  @Override
  public void close() {
    stopListening.run();
    if (bridge != null) {
      bridge.tell(new GatewayBridge.Close());
    }
  }

  private void watch(NodeEvent event) {
    if (event instanceof NodeEvent.RoleStopped stopped && stopped.role() == Role.GATEWAY) {
      bridge.tell(new GatewayBridge.GatewayStopped("the gateway of this node was stopped"));
    } else if (event instanceof NodeEvent.RoleFailed failed && failed.role() == Role.GATEWAY) {
      bridge.tell(new GatewayBridge.GatewayStopped("the gateway of this node failed"));
    } else if (event instanceof NodeEvent.RoleFailedForGood failed
        && failed.role() == Role.GATEWAY) {
      bridge.tell(new GatewayBridge.GatewayStopped("the gateway of this node failed for good"));
    } else if (event instanceof NodeEvent.RoleResumed resumed && resumed.role() == Role.GATEWAY) {
      bridge.tell(new GatewayBridge.GatewayResumed());
    }
  }
}
