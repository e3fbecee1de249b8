package synod.http;

import static akka.http.javadsl.server.PathMatchers.segment;
import static java.nio.charset.StandardCharsets.UTF_8;
import static synod.node.Permission.BACKUP;
import static synod.node.Permission.CHAOS;
import static synod.node.Permission.READ;
import static synod.node.Permission.WRITE;

import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpMethod;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.headers.Allow;
import akka.http.javadsl.model.headers.Connection;
import akka.http.javadsl.model.headers.RawHeader;
import akka.http.javadsl.server.AllDirectives;
import akka.http.javadsl.server.ExceptionHandler;
import akka.http.javadsl.server.MethodRejection;
import akka.http.javadsl.server.Rejection;
import akka.http.javadsl.server.RejectionHandler;
import akka.http.javadsl.server.Route;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import synod.node.NodeServices;
import synod.node.Permission;
import synod.node.RoleMessage;

/**
 * Every resource of a node's HTTP interface, and what is answered where there is none. {@code HEAD}
 * is answered like {@code GET}, without the body, but for streams: those would be made for nothing.
 */
final class Routes extends AllDirectives {
  private static final Logger LOG = LoggerFactory.getLogger(Routes.class);

  private static final Set<String> CHAOS_PARAMETERS = Set.of(ChaosHandler.NODE);

  /** Makes the client connect anew for its next request, to a node that doesn't stop. */
  private static final HttpHeader LAST = Connection.create("close");

  private final NodeServices services;
  private final HttpHeader answeredBy;
  private final Metrics metrics;
  private final Readiness readiness;
  private final RecentSlots recent;
  private final RequestOptions options;
  private final Authorization authorization;
  private final KeyHandler keys;
  private final ListHandler list;
  private final SessionHandler sessions;
  private final ChaosHandler chaos;
  private final WatchHandler watch;
  private final CompactHandler compact;
  private final LeaderHandler leader;
  private final SnapshotHandler snapshot;
  private final LogLevelHandler logLevels = new LogLevelHandler();
  private final ClusterView view;
  private final EventsHandler events;
  private final Origins origins;
  private final PageHandler page;

  Routes(
      NodeServices services,
      Gateway gateway,
      Bodies bodies,
      Metrics metrics,
      RecentSlots recent,
      ChaosElsewhere elsewhere,
      ClusterView view) {
    options = new RequestOptions(services.config().timing());
    authorization = new Authorization(services.config().security());
    answeredBy = RawHeader.create("Synod-Node", services.config().self().name());
    this.services = services;
    this.metrics = metrics;
    readiness =
        new Readiness(
            services.status(),
            (operation, timeout) -> gateway.submit(operation, null, timeout),
            System::nanoTime);
    this.recent = recent;
    keys = new KeyHandler(gateway, bodies, options);
    list = new ListHandler(gateway, options, services.system().executionContext());
    sessions = new SessionHandler(gateway, bodies, options);
    watch = new WatchHandler(services, gateway);
    compact = new CompactHandler(gateway, options);
    leader = new LeaderHandler(services, options);
    snapshot = new SnapshotHandler(services, gateway, options);
    chaos = new ChaosHandler(services, bodies, elsewhere);
    elsewhere.connect(view, chaos::carryOut);
    this.view = view;
    origins = new Origins(services.config());
    page = new PageHandler(origins);
    events = new EventsHandler(view, services.config().self().name());
  }

  /**
   * Answers every request, with a problem if need be, times it, and tells which node it was.
   *
   * <p>Keys don't go through the tree of routes: that costs more than the rest of such a request.
   */
  akka.japi.function.Function<HttpRequest, CompletionStage<HttpResponse>> handler() {
    var tree = instrumented().handler(services.system());
    return request -> {
      Optional<HttpResponse> preflight = origins.preflight(request);
      if (preflight.isPresent()) {
        return now(preflight.get());
      }
      return Target.path(request).startsWith(KeyHandler.PREFIX)
          ? key(request)
          : tree.apply(request);
    };
  }

  private CompletionStage<HttpResponse> key(HttpRequest request) {
    long start = System.nanoTime();
    CompletionStage<HttpResponse> response;
    try {
      authorization.require(Authorization.forKey(request.method()), request);
      response = keys.handle(request, Target.of(request));
    } catch (RuntimeException e) {
      response = CompletableFuture.failedFuture(e);
    }
    return response
        .exceptionally(Routes::failed)
        .thenApply(answer -> instrumented(request, answer, start));
  }

  private Route instrumented() {
    Route sealed = sealed();
    return extractRequest(
        request -> {
          long start = System.nanoTime();
          return mapResponse(response -> instrumented(request, response, start), () -> sealed);
        });
  }

  private HttpResponse instrumented(HttpRequest request, HttpResponse response, long start) {
    long nanos = System.nanoTime() - start;
    String path = Target.path(request);
    metrics.answered(request.method().value(), path, response.status().intValue(), nanos);
    if (path.startsWith(KeyHandler.PREFIX)) {
      view.answered(nanos);
    }
    HttpResponse answer = origins.mark(request, response.addHeader(answeredBy));
    return services.status().view().stopping() ? answer.addHeader(LAST) : answer;
  }

  private Route sealed() {
    return concat(v1("kv", read(() -> answer(READ, ListHandler.PARAMETERS, list::handle))), other())
        .seal(rejections(), failures());
  }

  private Route other() {
    return concat(
        v1("sessions", post(() -> answer(WRITE, SessionHandler.OPEN_PARAMETERS, sessions::open))),
        path(segment("v1").slash("sessions").slash(segment()), this::session),
        path(
            segment("v1").slash("sessions").slash(segment()).slash("keep-alive"),
            id -> post(() -> answer(WRITE, SessionHandler.PARAMETERS, keepAlive(id)))),
        v1("watch", get(() -> answer(READ, WatchHandler.PARAMETERS, watch::handle))),
        v1("compact", post(() -> answer(WRITE, CompactHandler.PARAMETERS, compact::handle))),
        v1("leader", post(() -> answer(WRITE, LeaderHandler.PARAMETERS, leader::handle))),
        v1("snapshot", get(() -> answer(BACKUP, SnapshotHandler.PARAMETERS, snapshot::handle))),
        v1(
            "log-level",
            concat(
                read(() -> answer(READ, logLevels::get)),
                put(() -> answer(WRITE, LogLevelHandler.PARAMETERS, logLevels::set)))),
        v1("status", read(() -> answer(READ, this::status))),
        v1("digest", read(() -> answer(READ, Set.of("timeout"), this::digest))),
        v1(
            "chaos",
            concat(
                read(() -> answer(CHAOS, CHAOS_PARAMETERS, chaos::get)),
                put(() -> answer(CHAOS, CHAOS_PARAMETERS, chaos::configure)))),
        path(
            segment("v1").slash("chaos").slash("kill"),
            () -> post(() -> answer(CHAOS, CHAOS_PARAMETERS, chaos::kill))),
        v1("events", get(() -> answer(READ, EventFilter.PARAMETERS, events::handle))),
        path(segment("health").slash("live"), () -> read(() -> answerAnyone(this::live))),
        path(segment("health").slash("ready"), () -> read(() -> answerAnyone(this::ready))),
        pathSingleSlash(() -> read(() -> answerAnyone(request -> now(page.file("index.html"))))),
        path(
            segment("page").slash(segment()),
            name -> read(() -> answerAnyone(request -> now(page.file(name))))),
        path("metrics", () -> read(() -> answer(READ, this::scrape))));
  }

  private Route session(String id) {
    return delete(
        () ->
            answer(
                WRITE,
                SessionHandler.PARAMETERS,
                (request, target) -> sessions.close(request, target, id)));
  }

  private BiFunction<HttpRequest, Target, CompletionStage<HttpResponse>> keepAlive(String id) {
    return (request, target) -> sessions.keepAlive(request, target, id);
  }

  private Route read(Supplier<Route> inner) {
    return concat(get(inner), head(inner));
  }

  private Route v1(String name, Route route) {
    return path(segment("v1").slash(name), () -> route);
  }

  /** Answers a request that may do this and has none but these query parameters. */
  private Route answer(
      Permission needed,
      Set<String> parameters,
      BiFunction<HttpRequest, Target, CompletionStage<HttpResponse>> handler) {
    return extractRequest(
        request -> {
          authorization.require(needed, request);
          return completeWithFuture(handler.apply(request, Target.of(request).only(parameters)));
        });
  }

  private Route answer(
      Permission needed, Function<HttpRequest, CompletionStage<HttpResponse>> handler) {
    return answer(needed, Set.of(), (request, target) -> handler.apply(request));
  }

  /** For what supervises nodes and has no token. */
  private Route answerAnyone(Function<HttpRequest, CompletionStage<HttpResponse>> handler) {
    return extractRequest(
        request -> {
          Target.of(request).only(Set.of());
          return completeWithFuture(handler.apply(request));
        });
  }

  private CompletionStage<HttpResponse> status(HttpRequest request) {
    return now(
        Json.response(
            200,
            StatusJson.of(
                services.status(),
                services.config(),
                recent.latest(),
                System.currentTimeMillis())));
  }

  /** The state of this replica in 32 bytes: equal wherever the same slots were applied. */
  private CompletionStage<HttpResponse> digest(HttpRequest request, Target target) {
    return Asking.<RoleMessage, RoleMessage.StateDigest>ask(
            services.system(),
            "learner",
            services.learner(),
            options.timeout(request, target),
            RoleMessage.DigestQuery::new)
        .thenApply(
            digest ->
                Json.response(
                    200,
                    new DigestJson(
                        digest.slot(),
                        digest.revision(),
                        HexFormat.of().formatHex(digest.sha256()))));
  }

  /**
   * @param slot the last slot applied in the state
   * @param sha256 in hexadecimal
   */
  record DigestJson(long slot, long revision, String sha256) {}

  private CompletionStage<HttpResponse> live(HttpRequest request) {
    String fault = StatusJson.notLive(services.status().view());
    if (fault != null) {
      throw new Problem(Problem.Type.NOT_LIVE, fault);
    }
    return now(Json.response(200, Map.of("live", true)));
  }

  private CompletionStage<HttpResponse> ready(HttpRequest request) {
    return readiness
        .whyNot()
        .thenApply(
            fault -> {
              if (fault.isPresent()) {
                throw new Problem(Problem.Type.NOT_READY, fault.get());
              }
              return Json.response(200, Map.of("ready", true));
            });
  }

  private CompletionStage<HttpResponse> scrape(HttpRequest request) {
    return readiness
        .whyNot()
        .thenApply(
            fault ->
                HttpResponse.create()
                    .withEntity(
                        Metrics.CONTENT_TYPE, metrics.scrape(fault.isEmpty()).getBytes(UTF_8)));
  }

  private static CompletionStage<HttpResponse> now(HttpResponse response) {
    return CompletableFuture.completedFuture(response);
  }

  private RejectionHandler rejections() {
    return RejectionHandler.newBuilder()
        .handleAll(MethodRejection.class, this::wrongMethod)
        .handle(Rejection.class, rejection -> complete(Problem.invalid("refused").toResponse()))
        .handleNotFound(
            complete(
                new Problem(Problem.Type.NOT_FOUND, "there is nothing at this path").toResponse()))
        .build();
  }

  private Route wrongMethod(List<MethodRejection> rejections) {
    Set<HttpMethod> allowed =
        rejections.stream()
            .map(MethodRejection::supported)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    String names = allowed.stream().map(HttpMethod::value).collect(Collectors.joining(", "));
    return complete(
        new Problem(Problem.Type.METHOD_NOT_ALLOWED, "this resource takes " + names)
            .with(Allow.create(allowed.toArray(HttpMethod[]::new)))
            .toResponse());
  }

  private ExceptionHandler failures() {
    return ExceptionHandler.newBuilder().matchAny(failure -> complete(failed(failure))).build();
  }

  /** The client learns of an error in this program no more than where to find it in the log. */
  private static HttpResponse failed(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof Problem problem) {
      return problem.toResponse();
    }
    String id = UUID.randomUUID().toString();
    LOG.error("request failed, error id {}", id, cause);
    return new Problem(Problem.Type.INTERNAL, "an error was logged under this id: " + id)
        .with("errorId", id)
        .toResponse();
  }
}
