package synod.http;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import synod.kv.Query;
import synod.node.NodeStatus;
import synod.node.Operation;
import synod.node.Outcome;

/**
 * Whether this node can serve linearizable requests now. What the node knows of itself doesn't
 * tell: it may hear a leader that doesn't hear it. So one is served: a read of a key, at most one a
 * second, whose answer all share who ask meanwhile; none while nobody asks. Any thread may call.
 */
final class Readiness {
  /** A read counts for this long from its beginning, and longer only while it isn't answered. */
  static final Duration FRESH = Duration.ofSeconds(1);

  /** In which the read must be served. */
  static final Duration DEADLINE = Duration.ofSeconds(1);

  /** The way of a request to the node's gateway. */
  interface Requests {
    CompletionStage<Outcome> submit(Operation operation, Duration timeout);
  }

  /** Any key will do, and most likely there is none of this name. */
  private static final Operation READ =
      new Operation.LinearizableRead(new Query.Get(new byte[] {0}));

  private final NodeStatus status;
  private final Requests requests;
  private final LongSupplier nanoTime;

  /** Why the latest read was not served, if it wasn't; null before the first. */
  private CompletableFuture<Optional<String>> latest;

  private long startedAt;

  Readiness(NodeStatus status, Requests requests, LongSupplier nanoTime) {
    this.status = status;
    this.requests = requests;
    this.nanoTime = nanoTime;
  }

  /** Why the node isn't ready; nothing if it is. */
  CompletionStage<Optional<String>> whyNot() {
    String known = StatusJson.notReady(status.view());
    return known == null ? whyNotServed() : CompletableFuture.completedFuture(Optional.of(known));
  }

  private synchronized CompletionStage<Optional<String>> whyNotServed() {
    long now = nanoTime.getAsLong();
    boolean isCurrent = latest != null && (!latest.isDone() || now - startedAt < FRESH.toNanos());
    if (!isCurrent) {
      startedAt = now;
      latest = requests.submit(READ, DEADLINE).thenApply(Readiness::why).toCompletableFuture();
    }
    return latest;
  }

  private static Optional<String> why(Outcome outcome) {
    // A node with much to do is ready: whoever comes in time is served.
    boolean isServing =
        outcome instanceof Outcome.Answered
            || outcome instanceof Outcome.Refused refused
                && refused.reason() == Outcome.Reason.OVERLOADED;
    return isServing
        ? Optional.empty()
        : Optional.of(
            "a linearizable read was not served within "
                + DEADLINE.toMillis()
                + " ms"
                + (outcome instanceof Outcome.Refused refused ? ": " + refused.detail() : ""));
  }
}
