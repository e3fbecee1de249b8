package synod.http;

import akka.actor.typed.ActorRef;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import synod.node.ChaosMessage;
import synod.node.NodeConfig;
import synod.node.NodeServices;
import synod.paxos.Role;

/**
 * The chaos scheduler: {@code /v1/chaos}. Of this node, or through it of another, which decides by
 * its own configuration whether it obeys.
 */
final class ChaosHandler {
  /** Names the node that is meant, if it isn't this one. */
  static final String NODE = "node";

  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final NodeServices services;
  private final Bodies bodies;
  private final ChaosElsewhere elsewhere;

  ChaosHandler(NodeServices services, Bodies bodies, ChaosElsewhere elsewhere) {
    this.services = services;
    this.bodies = bodies;
    this.elsewhere = elsewhere;
  }

  /**
   * The schedule as it is shown and set.
   *
   * @param roles none switches chaos off; must be given
   * @param meanTimeBetweenFailures per role; a time that isn't given stays as the node's
   *     configuration has it
   */
  record Schedule(
      List<String> roles, String meanTimeBetweenFailures, String downtimeMin, String downtimeMax) {
    static Schedule of(NodeConfig.Chaos chaos) {
      return new Schedule(
          chaos.roles().stream().sorted().map(Role::label).toList(),
          text(chaos.meanTimeBetweenFailures()),
          text(chaos.downtimeMin()),
          text(chaos.downtimeMax()));
    }
  }

  /**
   * @param downtime null to have it drawn from the configured range
   */
  record Kill(String role, String downtime) {}

  record Done(String detail) {}

  CompletionStage<HttpResponse> get(HttpRequest request, Target target) {
    return respond(carryOut(target, new ChaosOrder(ChaosOrder.Action.DESCRIBE, null, null)));
  }

  CompletionStage<HttpResponse> configure(HttpRequest request, Target target) {
    return bodies.read(
        request,
        Bodies.JSON_LIMIT,
        "the body",
        body ->
            respond(
                carryOut(
                    target,
                    new ChaosOrder(
                        ChaosOrder.Action.CONFIGURE,
                        Json.read(request, body, Schedule.class),
                        null))));
  }

  CompletionStage<HttpResponse> kill(HttpRequest request, Target target) {
    return bodies.read(
        request,
        Bodies.JSON_LIMIT,
        "the body",
        body ->
            respond(
                carryOut(
                    target,
                    new ChaosOrder(
                        ChaosOrder.Action.KILL, null, Json.read(request, body, Kill.class)))));
  }

  /** Here, or at the node that the request names. */
  private CompletionStage<?> carryOut(Target target, ChaosOrder order) {
    String node = target.text(NODE);
    if (node == null || node.equals(services.config().self().name())) {
      return carryOut(order);
    }
    if (services.config().nodes().stream().noneMatch(known -> known.name().equals(node))) {
      throw Problem.invalid("query parameter node: no node is named " + node);
    }
    return elsewhere.send(node, order);
  }

  /**
   * Carries out an order at this node, wherever it came in.
   *
   * @return a {@link Schedule} or a {@link Done}
   */
  CompletionStage<?> carryOut(ChaosOrder order) {
    return switch (order.action()) {
      case DESCRIBE ->
          this.<NodeConfig.Chaos>ask(ChaosMessage.Describe::new).thenApply(Schedule::of);
      case CONFIGURE -> configure(schedule(order.schedule()));
      case KILL -> kill(order.kill());
    };
  }

  private CompletionStage<Done> configure(NodeConfig.Chaos chaos) {
    return done(
        replyTo ->
            new ChaosMessage.Configure(
                chaos.roles(),
                chaos.meanTimeBetweenFailures(),
                chaos.downtimeMin(),
                chaos.downtimeMax(),
                replyTo));
  }

  private CompletionStage<Done> kill(Kill kill) {
    if (kill.role == null) {
      throw Problem.invalid("field role is missing");
    }
    Role role = role("field role", kill.role);
    Duration downtime = kill.downtime == null ? null : positive("field downtime", kill.downtime);
    return done(replyTo -> new ChaosMessage.Kill(role, downtime, replyTo));
  }

  private static CompletionStage<HttpResponse> respond(CompletionStage<?> result) {
    return result.thenApply(body -> Json.response(200, body));
  }

  private NodeConfig.Chaos schedule(Schedule given) {
    if (given.roles == null) {
      throw Problem.invalid("field roles is missing; [] switches chaos off");
    }
    Set<Role> roles = EnumSet.noneOf(Role.class);
    for (int i = 0; i < given.roles.size(); i++) {
      roles.add(role("field roles[" + i + "]", given.roles.get(i)));
    }
    NodeConfig.Chaos usual = services.config().chaos();
    Duration meanTime =
        given.meanTimeBetweenFailures == null
            ? usual.meanTimeBetweenFailures()
            : positive("field meanTimeBetweenFailures", given.meanTimeBetweenFailures);
    Duration min =
        given.downtimeMin == null
            ? usual.downtimeMin()
            : positive("field downtimeMin", given.downtimeMin);
    Duration max =
        given.downtimeMax == null
            ? usual.downtimeMax()
            : positive("field downtimeMax", given.downtimeMax);
    if (min.compareTo(max) > 0) {
      throw Problem.invalid(
          "field downtimeMin (" + text(min) + ") is above downtimeMax (" + text(max) + ")");
    }
    return new NodeConfig.Chaos(roles, meanTime, min, max, usual.seed());
  }

  private CompletionStage<Done> done(
      Function<ActorRef<ChaosMessage.Answer>, ChaosMessage> message) {
    return ask(message)
        .thenApply(
            answer -> {
              if (!answer.accepted()) {
                throw new Problem(Problem.Type.CONFLICT, answer.detail());
              }
              return new Done(answer.detail());
            });
  }

  private <T> CompletionStage<T> ask(Function<ActorRef<T>, ChaosMessage> message) {
    return Asking.ask(services.system(), "chaos scheduler", services.chaos(), PATIENCE, message);
  }

  private static Role role(String what, String name) {
    for (Role role : Role.values()) {
      if (role.label().equals(name)) {
        return role;
      }
    }
    throw Problem.invalid(
        what
            + " must be one of "
            + List.of(Role.values()).stream().map(Role::label).toList()
            + ", not "
            + name);
  }

  private static Duration positive(String what, String text) {
    Duration duration = Values.duration(what, text);
    if (duration.toMillis() < 1) {
      throw Problem.invalid(what + " must be at least 1ms, not " + text);
    }
    return duration;
  }

  /** In the form in which it may be given back. */
  private static String text(Duration duration) {
    return duration.toMillis() % 1000 == 0
        ? String.format(Locale.ROOT, "%ds", duration.toSeconds())
        : String.format(Locale.ROOT, "%dms", duration.toMillis());
  }
}
