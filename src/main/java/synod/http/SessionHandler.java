package synod.http;

import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.headers.RawHeader;
import akka.util.ByteString;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import synod.kv.Command;
import synod.kv.KvLimits;
import synod.kv.Result;
import synod.kv.SessionId;
import synod.node.Operation;
import synod.node.Outcome;
import synod.node.Request;

/** Client sessions, which make repeated writes harmless: {@code /v1/sessions}. */
final class SessionHandler {
  static final Set<String> OPEN_PARAMETERS = Set.of("ttl", "timeout");
  static final Set<String> PARAMETERS = Set.of("timeout");

  private static final Duration DEFAULT_TTL = Duration.ofMinutes(10);

  /**
   * The sequence at which a session is closed: behind every other one, so that to close it takes
   * its id alone, and all of its results are acknowledged by that.
   */
  private static final long LAST_SEQUENCE = Long.MAX_VALUE;

  private final Gateway gateway;
  private final Bodies bodies;
  private final RequestOptions options;

  SessionHandler(Gateway gateway, Bodies bodies, RequestOptions options) {
    this.gateway = gateway;
    this.bodies = bodies;
    this.options = options;
  }

  /** The body of the request that opens a session; every field may be left out. */
  record Open(String ttl) {}

  /** A session that was opened. */
  record Opened(String session, long ttlMillis) {}

  CompletionStage<HttpResponse> open(HttpRequest request, Target target) {
    Duration fromQuery = target.duration("ttl");
    Duration timeout = options.timeout(request, target);
    return bodies.read(
        request,
        Bodies.JSON_LIMIT,
        "the body",
        body -> {
          Command open = new Command.OpenSession(ttl(request, fromQuery, body).toMillis());
          RequestOptions.check(KvLimits.check(open));
          return gateway
              .submit(new Operation.Write(open), null, timeout)
              .thenApply(SessionHandler::opened);
        });
  }

  CompletionStage<HttpResponse> keepAlive(HttpRequest request, Target target, String id) {
    Request.Stamp stamp = options.session(request, RequestOptions.sessionId("the path", id));
    return done(new Command.KeepAlive(), stamp, options.timeout(request, target));
  }

  CompletionStage<HttpResponse> close(HttpRequest request, Target target, String id) {
    SessionId session = RequestOptions.sessionId("the path", id);
    return done(
        new Command.CloseSession(),
        new Request.Stamp(session, LAST_SEQUENCE, LAST_SEQUENCE - 1),
        options.timeout(request, target));
  }

  private CompletionStage<HttpResponse> done(
      Command command, Request.Stamp stamp, Duration timeout) {
    return gateway
        .submit(new Operation.Write(command), stamp, timeout)
        .thenApply(
            outcome -> {
              if (!(outcome instanceof Outcome.Written written)) {
                throw Answers.failure(outcome);
              }
              if (!(written.result() instanceof Result.Done)) {
                throw Answers.failure(written.result());
              }
              return HttpResponse.create().withStatus(204);
            });
  }

  private static Duration ttl(HttpRequest request, Duration fromQuery, ByteString body) {
    String fromBody = body.isEmpty() ? null : Json.read(request, body, Open.class).ttl();
    if (fromBody != null && fromQuery != null) {
      throw Problem.invalid("give ttl as a query parameter or in the body, not both");
    }
    if (fromBody != null) {
      return Values.duration("field ttl", fromBody);
    }
    return fromQuery == null ? DEFAULT_TTL : fromQuery;
  }

  private static HttpResponse opened(Outcome outcome) {
    if (!(outcome instanceof Outcome.Written written)) {
      throw Answers.failure(outcome);
    }
    if (!(written.result() instanceof Result.SessionOpened opened)) {
      throw Answers.failure(written.result());
    }
    String id = opened.session().toString();
    return Json.response(201, new Opened(id, opened.ttlMillis()))
        .addHeader(RawHeader.create("Location", "/v1/sessions/" + id));
  }
}
