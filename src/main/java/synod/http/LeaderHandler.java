package synod.http;

import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import synod.node.LeaderMessage;
import synod.node.NodeConfig;
import synod.node.NodeServices;
import synod.node.NodeStatus;
import synod.paxos.Role;

/** Makes a node the leader: {@code POST /v1/leader}. */
final class LeaderHandler {
  static final Set<String> PARAMETERS = Set.of("node", "timeout");

  /** How much longer than it has for the move its answer is waited for. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  private final NodeServices services;
  private final RequestOptions options;

  LeaderHandler(NodeServices services, RequestOptions options) {
    this.services = services;
    this.options = options;
  }

  /**
   * @param moved false if it led already
   */
  record Leader(String leader, long round, boolean moved) {}

  CompletionStage<HttpResponse> handle(HttpRequest request, Target target) {
    String node = candidate(target.text("node"));
    Duration timeout = options.timeout(request, target);
    return Asking.<LeaderMessage, LeaderMessage.Moved>ask(
            services.system(),
            "mover of leadership",
            services.leadership(),
            timeout.plus(GRACE),
            replyTo -> new LeaderMessage.Move(node, timeout, replyTo))
        .thenApply(moved -> answer(node, timeout, moved));
  }

  private String candidate(String name) {
    if (name == null) {
      throw Problem.invalid("query parameter node is missing: which one shall lead?");
    }
    Optional<NodeConfig.Node> node =
        services.config().nodes().stream().filter(known -> known.name().equals(name)).findAny();
    if (node.isEmpty()) {
      throw Problem.invalid(
          "query parameter node: no node is named "
              + name
              + "; nodes that may lead are "
              + services.config().nodesWith(Role.PROPOSER).stream()
                  .sorted()
                  .collect(Collectors.joining(", ")));
    }
    if (!node.get().roles().contains(Role.PROPOSER)) {
      throw Problem.invalid("query parameter node: " + name + " runs no proposer and can't lead");
    }
    return name;
  }

  private HttpResponse answer(String node, Duration timeout, LeaderMessage.Moved moved) {
    return switch (moved.result()) {
      case MOVED -> Json.response(200, new Leader(node, moved.leader().round(), true));
      case LED_ALREADY -> Json.response(200, new Leader(node, moved.leader().round(), false));
      case NO_LEADER ->
          throw new Problem(
              Problem.Type.UNAVAILABLE,
              "no leader with a quorum is heard: there is nobody who could hand over");
      case NOT_IN_TIME ->
          throw new Problem(
              Problem.Type.OUTCOME_UNKNOWN,
              "%s did not take over within %d ms%s; the last leader heard of is %s"
                  .formatted(node, timeout.toMillis(), hint(node), moved.leader().proposer()));
    };
  }

  /** What membership sees is no more than a hint, so it is tried all the same. */
  private String hint(String node) {
    NodeStatus.View view = services.status().view();
    return view.unreachable().contains(node)
        ? ", it can't be reached"
        : view.members().contains(node) ? "" : ", it is not up";
  }
}
