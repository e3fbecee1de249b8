package synod.http;

import akka.Done;
import akka.NotUsed;
import akka.actor.CoordinatedShutdown;
import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.japi.Pair;
import akka.stream.KillSwitches;
import akka.stream.SharedKillSwitch;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import akka.util.ByteStringBuilder;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import synod.kv.KeyChange;
import synod.kv.KvLimits;
import synod.kv.Query;
import synod.node.NodeServices;
import synod.node.NodeStatus;
import synod.node.Operation;
import synod.node.Outcome;

/**
 * Changes of keys as they are applied on this node, as server-sent events: {@code GET /v1/watch}.
 * Every change from a revision on comes once, in the order of revisions, without a gap; the id of
 * an event is its revision, by which a reader that was cut off goes on at any node.
 *
 * <p>Nothing is kept for a reader but where it is: a page of changes is read from the replica when
 * the reader has taken the page before, so a slow one holds up nobody.
 */
final class WatchHandler {
  static final Set<String> PARAMETERS = Set.of("prefix", "from");

  private static final int MAX_WATCHERS = 256;

  /** After this long without a change the reader gets a sign of life. */
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(10);

  /** Changes that come together are read together, for each read costs the replica some time. */
  private static final Duration GATHER = Duration.ofMillis(10);

  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Gateway gateway;
  private final NodeStatus status;
  private final Duration timeout;
  private final Executor executor;
  private final SharedKillSwitch end = KillSwitches.shared("watches");
  private final AtomicInteger watchers = new AtomicInteger();

  WatchHandler(NodeServices services, Gateway gateway) {
    this.gateway = gateway;
    this.status = services.status();
    this.timeout = services.config().timing().requestTimeout();
    this.executor = services.system().executionContext();
    // An open stream would be waited for, for as long as a stop may take.
    CoordinatedShutdown.get(services.system())
        .addTask(
            CoordinatedShutdown.PhaseBeforeServiceUnbind(),
            "end watches",
            () -> {
              end.shutdown();
              return CompletableFuture.completedFuture(Done.done());
            });
  }

  /**
   * Where a reader is.
   *
   * @param next the first revision that it hasn't been asked about
   * @param told the last id that it was sent
   * @param isLast whether there is nothing more for it
   * @param isBehind whether there is more to be read at once
   */
  private record Position(long next, long told, boolean isLast, boolean isBehind) {}

  CompletionStage<HttpResponse> handle(HttpRequest request, Target target) {
    byte[] prefix = target.bytes("prefix");
    long from = from(request, target);
    // Without a revision: everything that is acknowledged after this request came.
    Operation first =
        from == 0
            ? new Operation.LinearizableRead(new Query.ListChanges(prefix, Long.MAX_VALUE, 1))
            : new Operation.StaleRead(new Query.ListChanges(prefix, from, 1), 0);
    RequestOptions.check(KvLimits.check(new Query.ListChanges(prefix, Math.max(1, from), 1)));
    return gateway
        .submit(first, null, timeout)
        .thenApply(
            outcome -> {
              Query.ChangesAnswer page = page(outcome).orElseThrow(() -> Answers.failure(outcome));
              if (from > 0 && from <= page.compacted()) {
                throw compacted(page);
              }
              return stream(prefix, from == 0 ? page.revision() + 1 : from);
            });
  }

  /** The first revision wanted; 0 if none is named. */
  private static long from(HttpRequest request, Target target) {
    return request
        .getHeader("Last-Event-ID")
        .map(HttpHeader::value)
        .map(id -> Values.number("header Last-Event-ID", id, 0, Long.MAX_VALUE - 1) + 1)
        .orElse(target.number("from", 1, Long.MAX_VALUE, 0));
  }

  private static Problem compacted(Query.ChangesAnswer page) {
    return new Problem(
            Problem.Type.COMPACTED,
            "changes up to revision "
                + page.compacted()
                + " were compacted: read the keys anew, and watch from the revision behind the one"
                + " that the answer names")
        .with("compacted", page.compacted())
        .with("revision", page.revision());
  }

  private HttpResponse stream(byte[] prefix, long from) {
    if (watchers.incrementAndGet() > MAX_WATCHERS) {
      watchers.decrementAndGet();
      throw new Problem(
          Problem.Type.OVERLOADED, MAX_WATCHERS + " readers watch changes at this node already");
    }
    Position start = new Position(from, from - 1, false, true);
    Source<ByteString, NotUsed> events =
        Source.single(EventStreams.RETRY.concat(progress(from - 1)))
            .concat(Source.unfoldAsync(start, at -> next(prefix, at)))
            .via(end.flow())
            .watchTermination(
                (started, ended) -> {
                  ended.whenComplete((done, failure) -> watchers.decrementAndGet());
                  return started;
                });
    return EventStreams.respond(events);
  }

  /** What the reader gets next, and where it is then; nothing if that was all. */
  private CompletionStage<Optional<Pair<Position, ByteString>>> next(byte[] prefix, Position at) {
    if (at.isLast() || !status.view().live()) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    if (at.isBehind()) {
      return read(prefix, at);
    }
    return status
        .reached(at.next())
        .completeOnTimeout(false, KEEP_ALIVE.toMillis(), TimeUnit.MILLISECONDS)
        .thenComposeAsync(
            isThere ->
                isThere ? read(prefix, at) : CompletableFuture.completedFuture(signOfLife(at)),
            CompletableFuture.delayedExecutor(GATHER.toMillis(), TimeUnit.MILLISECONDS, executor));
  }

  private CompletionStage<Optional<Pair<Position, ByteString>>> read(byte[] prefix, Position at) {
    Query query = new Query.ListChanges(prefix, at.next(), KvLimits.MAX_LIST_LIMIT);
    return gateway
        .submit(new Operation.StaleRead(query, 0), null, timeout)
        .thenComposeAsync(
            outcome -> {
              Optional<Query.ChangesAnswer> page = page(outcome);
              return page.isPresent() ? told(prefix, at, page.get()) : later(at);
            },
            executor);
  }

  private CompletionStage<Optional<Pair<Position, ByteString>>> told(
      byte[] prefix, Position at, Query.ChangesAnswer page) {
    boolean isBehind = page.next() <= page.revision();
    Position then = new Position(page.next(), at.told(), false, isBehind);
    if (at.next() <= page.compacted()) {
      return one(new Position(at.next(), at.told(), true, false), compactedEvent(page));
    }
    if (page.changes().isEmpty()) {
      return next(prefix, then);
    }
    ByteStringBuilder text = new ByteStringBuilder();
    page.changes().forEach(change -> text.append(event(change)));
    long last = page.changes().get(page.changes().size() - 1).revision();
    return one(new Position(page.next(), last, false, isBehind), text.result());
  }

  /** The replica couldn't be read: its learner or the gateway is away for a while. */
  private CompletionStage<Optional<Pair<Position, ByteString>>> later(Position at) {
    return CompletableFuture.supplyAsync(
        () -> Optional.of(Pair.create(at, ByteString.fromString(": the replica is away\n\n"))),
        CompletableFuture.delayedExecutor(RETRY.toMillis(), TimeUnit.MILLISECONDS, executor));
  }

  private static CompletionStage<Optional<Pair<Position, ByteString>>> one(
      Position then, ByteString text) {
    return CompletableFuture.completedFuture(Optional.of(Pair.create(then, text)));
  }

  /** With how far the reader is, if that isn't where its last event left it. */
  private static Optional<Pair<Position, ByteString>> signOfLife(Position at) {
    long seen = at.next() - 1;
    return Optional.of(
        seen > at.told()
            ? Pair.create(new Position(at.next(), seen, false, false), progress(seen))
            : Pair.create(at, ByteString.fromString(": keep-alive\n\n")));
  }

  private static Optional<Query.ChangesAnswer> page(Outcome outcome) {
    return outcome instanceof Outcome.Answered answered
            && answered.answer() instanceof Query.ChangesAnswer page
        ? Optional.of(page)
        : Optional.empty();
  }

  private static ByteString event(KeyChange change) {
    String head =
        "id: "
            + change.revision()
            + "\nevent: "
            + (change.isDelete() ? "delete" : "put")
            + "\ndata: ";
    return text(head, ChangeJson.of(change));
  }

  /** Everything up to this revision was told, as far as it was asked for. */
  private static ByteString progress(long revision) {
    return text("id: " + revision + "\nevent: progress\ndata: ", Map.of("revision", revision));
  }

  private static ByteString compactedEvent(Query.ChangesAnswer page) {
    return text(
        "event: compacted\ndata: ",
        Map.of("compacted", page.compacted(), "revision", page.revision()));
  }

  private static ByteString text(String head, Object json) {
    return ByteString.fromString(head)
        .concat(ByteString.fromArrayUnsafe(Json.bytes(json)))
        .concat(ByteString.fromString("\n\n"));
  }
}
