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

/** The chaos scheduler of this node: {@code /v1/chaos}. */
final class ChaosHandler {
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final NodeServices services;
  private final Bodies bodies;

  ChaosHandler(NodeServices services, Bodies bodies) {
    this.services = services;
    this.bodies = bodies;
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

  CompletionStage<HttpResponse> get(HttpRequest request) {
    return this.<NodeConfig.Chaos>ask(ChaosMessage.Describe::new)
        .thenApply(chaos -> Json.response(200, Schedule.of(chaos)));
  }

  CompletionStage<HttpResponse> configure(HttpRequest request) {
    return bodies.read(
        request,
        Bodies.JSON_LIMIT,
        "the body",
        body -> {
          NodeConfig.Chaos chaos = schedule(Json.read(request, body, Schedule.class));
          return done(
              replyTo ->
                  new ChaosMessage.Configure(
                      chaos.roles(),
                      chaos.meanTimeBetweenFailures(),
                      chaos.downtimeMin(),
                      chaos.downtimeMax(),
                      replyTo));
        });
  }

  CompletionStage<HttpResponse> kill(HttpRequest request) {
    return bodies.read(
        request,
        Bodies.JSON_LIMIT,
        "the body",
        body -> {
          Kill kill = Json.read(request, body, Kill.class);
          if (kill.role == null) {
            throw Problem.invalid("field role is missing");
          }
          Role role = role("field role", kill.role);
          Duration downtime =
              kill.downtime == null ? null : positive("field downtime", kill.downtime);
          return done(replyTo -> new ChaosMessage.Kill(role, downtime, replyTo));
        });
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

  private CompletionStage<HttpResponse> done(
      Function<ActorRef<ChaosMessage.Answer>, ChaosMessage> message) {
    return ask(message)
        .thenApply(
            answer -> {
              if (!answer.accepted()) {
                throw new Problem(Problem.Type.CONFLICT, answer.detail());
              }
              return Json.response(200, new Done(answer.detail()));
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
