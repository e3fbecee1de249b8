package synod.http;

import akka.NotUsed;
import akka.actor.typed.DispatcherSelector;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.headers.RawHeader;
import akka.japi.Pair;
import akka.stream.OverflowStrategy;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import synod.kv.Query;
import synod.node.NodeServices;
import synod.node.Outcome;
import synod.node.RoleMessage;
import synod.paxos.Snapshot;

/**
 * A copy of everything at one moment: {@code GET /v1/snapshot}. Unless the reader is content with
 * what this node has, nothing that was acknowledged before the request is missing. It is read from
 * the disk as fast as it is taken off.
 */
final class SnapshotHandler {
  static final Set<String> PARAMETERS = Set.of("consistency", "timeout");

  private static final Logger LOG = LoggerFactory.getLogger(SnapshotHandler.class);

  private static final int PART_BYTES = 256 << 10;
  private static final int PARTS_AHEAD = 4;

  private final NodeServices services;
  private final Gateway gateway;
  private final RequestOptions options;
  private final Executor blocking;

  SnapshotHandler(NodeServices services, Gateway gateway, RequestOptions options) {
    this.services = services;
    this.gateway = gateway;
    this.options = options;
    this.blocking = services.system().dispatchers().lookup(DispatcherSelector.blocking());
  }

  CompletionStage<HttpResponse> handle(HttpRequest request, Target target) {
    Duration timeout = options.longTimeout(request, target);
    // Any key will do: once it is answered, this replica has all that was acknowledged before.
    Query any = new Query.ListKeys(new byte[0], new byte[0], 1);
    return gateway
        .submit(options.read(target, any), null, timeout)
        .thenCompose(
            outcome -> {
              if (!(outcome instanceof Outcome.Answered)) {
                throw Answers.failure(outcome);
              }
              return Asking.<RoleMessage, RoleMessage.SnapshotReply>ask(
                  services.system(),
                  "learner",
                  services.learner(),
                  timeout,
                  RoleMessage.TakeSnapshot::new);
            })
        .thenApply(
            answer -> {
              if (answer.snapshot() == null) {
                throw new Problem(Problem.Type.UNAVAILABLE, answer.problem());
              }
              return response(answer.snapshot());
            });
  }

  private HttpResponse response(Snapshot snapshot) {
    return HttpResponse.create()
        .addHeader(RawHeader.create("Cache-Control", "no-store"))
        .addHeader(RawHeader.create("Synod-Slot", Long.toString(snapshot.slot())))
        .addHeader(RawHeader.create("Synod-Snapshot", snapshot.name()))
        .withEntity(
            HttpEntities.create(
                ContentTypes.APPLICATION_OCTET_STREAM, snapshot.bytes(), stream(snapshot)));
  }

  private Source<ByteString, NotUsed> stream(Snapshot snapshot) {
    return Source.unfoldAsync(
            0L, offset -> CompletableFuture.supplyAsync(() -> next(snapshot, offset), blocking))
        .buffer(PARTS_AHEAD, OverflowStrategy.backpressure());
  }

  private Optional<Pair<Long, ByteString>> next(Snapshot snapshot, long offset) {
    if (offset == snapshot.bytes()) {
      return Optional.empty();
    }
    Optional<byte[]> part = services.snapshots().read(snapshot, offset, PART_BYTES);
    if (part.isEmpty()) {
      LOG.warn(
          "a download of {} is broken off after {} bytes: newer snapshots have replaced it, or it"
              + " can't be read",
          snapshot,
          offset);
      throw new BrokenOff();
    }
    return part.map(bytes -> Pair.create(offset + bytes.length, ByteString.fromArrayUnsafe(bytes)));
  }
}
