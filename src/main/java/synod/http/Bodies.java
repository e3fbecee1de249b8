package synod.http;

import akka.actor.typed.ActorSystem;
import akka.http.javadsl.model.HttpEntity;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.headers.Connection;
import akka.http.scaladsl.model.EntityStreamException;
import akka.http.scaladsl.model.EntityStreamSizeException;
import akka.stream.StreamTcpException;
import akka.stream.javadsl.Sink;
import akka.util.ByteString;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * Reads request bodies within bounds: at most so many bytes each, so many for all requests
 * together, and within a time. What is beyond a bound is read and dropped for a while, so that the
 * client gets to see the answer, and then cut off.
 */
final class Bodies {
  /** A body that is too large is read this far; beyond that the connection is closed. */
  static final long DISCARDED_AT_MOST = 8 << 20;

  /** The largest JSON document that is taken. */
  static final int JSON_LIMIT = 64 << 10;

  /**
   * Runs what follows a stage made from a Scala future on the thread that completes it. Without an
   * executor such stages take the common pool, which on a machine of two cores is a new thread each
   * time.
   */
  private static final Executor HERE = Runnable::run;

  private final ActorSystem<?> system;
  private final long heldAtMost;
  private final Duration readWithin;
  private final AtomicLong held = new AtomicLong();

  /**
   * @param heldAtMost bytes of all bodies whose requests are not answered yet
   * @param readWithin how long a body may take to arrive
   */
  Bodies(ActorSystem<?> system, long heldAtMost, Duration readWithin) {
    this.system = system;
    this.heldAtMost = heldAtMost;
    this.readWithin = readWithin;
  }

  /**
   * Reads the body and hands it on. The bytes count as held until the response is there.
   *
   * @param limit largest size in bytes; a larger body is answered 413
   * @param what names the body in messages
   */
  CompletionStage<HttpResponse> read(
      HttpRequest request,
      int limit,
      String what,
      Function<ByteString, CompletionStage<HttpResponse>> use) {
    Body body = new Body(limit);
    return collect(request.entity(), body)
        .thenCompose(
            done -> {
              if (body.size > limit) {
                throw new Problem(
                        Problem.Type.TOO_LARGE,
                        what + " is larger than the " + limit + " bytes that are allowed")
                    .with("limit", limit);
              }
              if (body.dropped) {
                throw new Problem(
                    Problem.Type.OVERLOADED, "this node holds as many requests as it has room for");
              }
              return use.apply(body.bytes);
            })
        .whenComplete((response, failure) -> body.release());
  }

  private CompletionStage<Body> collect(HttpEntity entity, Body body) {
    if (entity instanceof HttpEntity.Strict strict) {
      return CompletableFuture.completedFuture(body.add(strict.getData()));
    }
    return entity
        .getDataBytes()
        .completionTimeout(readWithin)
        .runWith(Sink.fold(body, Body::add), system)
        .handleAsync(
            (read, failure) -> {
              if (failure != null) {
                throw explain(failure, body.limit);
              }
              return read;
            },
            HERE);
  }

  private RuntimeException explain(Throwable failure, int limit) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    Connection close = Connection.create("close");
    if (cause instanceof EntityStreamSizeException) {
      return new Problem(
              Problem.Type.TOO_LARGE,
              "the body is far larger than the " + limit + " bytes that are allowed")
          .with("limit", limit)
          .with(close);
    }
    if (cause instanceof TimeoutException) {
      return new Problem(
              Problem.Type.REQUEST_TIMEOUT,
              "the body did not arrive within " + readWithin.toMillis() + " ms")
          .with(close);
    }
    if (cause instanceof EntityStreamException || cause instanceof StreamTcpException) {
      return Problem.invalid("the body is malformed or was cut off").with(close);
    }
    return new CompletionException(cause);
  }

  /** What was read so far. Belongs to the reading stream, then to the request's handler. */
  private final class Body {
    private final int limit;
    private ByteString bytes = ByteString.emptyByteString();
    private long size;
    private boolean dropped;

    Body(int limit) {
      this.limit = limit;
    }

    Body add(ByteString more) {
      size += more.size();
      if (!dropped && size <= limit && hold(more.size())) {
        bytes = bytes.concat(more);
      } else {
        dropped = true;
        release();
      }
      return this;
    }

    private boolean hold(int count) {
      if (held.addAndGet(count) <= heldAtMost) {
        return true;
      }
      held.addAndGet(-count);
      return false;
    }

    private void release() {
      held.addAndGet(-bytes.size());
      bytes = ByteString.emptyByteString();
    }
  }
}
