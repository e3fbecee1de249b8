package synod.client;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Props;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.LoggerFactory;
import synod.kv.Command;
import synod.kv.Query;
import synod.kv.Query.KeyAnswer;
import synod.kv.Query.PageAnswer;
import synod.kv.Result;
import synod.node.Operation;
import synod.node.Outcome;

/**
 * A client of the store for Java programs: a thin face on a {@link ClientActor}, which sees to
 * sessions, retries and fail-over. May be used by any number of threads at once; no method blocks
 * but {@link #connect} and {@link #close}.
 *
 * <p>Each stage completes by the operation's deadline: with the store's answer, or exceptionally
 * with a {@link RefusedException} (certainly not applied) or, writes only, an {@link
 * UnknownOutcomeException}. That a condition doesn't hold is an answer. Stages complete on the
 * client's thread: what is attached to them returns soon, or goes elsewhere by the {@code Async}
 * methods. Arrays that are handed in stay as they are until the stage completes.
 *
 * <p>Operations that are under way at the same time are concurrent; whoever wants one after the
 * other waits for the first.
 */
public final class SynodClient implements AutoCloseable {
  private static final Duration CLOSING = Duration.ofSeconds(5);

  private final ActorRef<ClientActor.Command> actor;
  private final CompletableFuture<?> stopped;
  private final Set<Consumer<Outcome>> waiting = ConcurrentHashMap.newKeySet();

  private SynodClient(ActorRef<ClientActor.Command> actor, CompletableFuture<?> stopped) {
    this.actor = actor;
    this.stopped = stopped;
    stopped.whenComplete((done, failure) -> refuseWaiting());
  }

  /**
   * A client with an actor system of its own, which ends with the client and doesn't keep the
   * process from ending. Doesn't wait for a node: that none can be reached shows when an operation
   * is tried.
   *
   * @throws IllegalArgumentException if the first node's host is unknown or the client's own can't
   *     be listened on
   */
  public static SynodClient connect(ClientSettings settings) {
    ActorSystem<ClientActor.Command> system = ClientSystem.start(settings);
    return new SynodClient(system, system.getWhenTerminated().toCompletableFuture());
  }

  /** A client in an actor system that has remoting, on a node or elsewhere. */
  public static SynodClient on(ActorSystem<?> system, ClientSettings settings) {
    CompletableFuture<Void> stopped = new CompletableFuture<>();
    ActorRef<ClientActor.Command> actor =
        system.systemActorOf(
            ClientActor.create(settings, () -> stopped.complete(null)),
            "synod-client-" + UUID.randomUUID(),
            Props.empty());
    return new SynodClient(actor, stopped);
  }

  /** Sets a key, whatever it holds. */
  public CompletionStage<WriteResult> put(byte[] key, byte[] value) {
    return put(key, value, WriteOptions.DEFAULT);
  }

  public CompletionStage<WriteResult> put(byte[] key, byte[] value, WriteOptions options) {
    return write(
        new Command.Put(key, value, options.condition(), options.previous()), options.timeout());
  }

  /** Key and value in UTF-8. */
  public CompletionStage<WriteResult> put(String key, String value) {
    return put(utf8(key), utf8(value));
  }

  /**
   * Sets a key if nobody has changed it since it was read.
   *
   * @param expectedRevision the mod revision that was read; 0 if the key didn't exist
   */
  public CompletionStage<WriteResult> compareAndSet(
      byte[] key, long expectedRevision, byte[] value) {
    WriteOptions options = WriteOptions.DEFAULT;
    return put(
        key,
        value,
        expectedRevision == 0 ? options.ifAbsent() : options.ifRevision(expectedRevision));
  }

  /** Key and value in UTF-8. */
  public CompletionStage<WriteResult> compareAndSet(
      String key, long expectedRevision, String value) {
    return compareAndSet(utf8(key), expectedRevision, utf8(value));
  }

  /** Deletes a key, whatever it holds. */
  public CompletionStage<WriteResult> delete(byte[] key) {
    return delete(key, WriteOptions.DEFAULT);
  }

  public CompletionStage<WriteResult> delete(byte[] key, WriteOptions options) {
    return write(
        new Command.Delete(key, options.condition(), options.previous()), options.timeout());
  }

  /** The key in UTF-8. */
  public CompletionStage<WriteResult> delete(String key) {
    return delete(utf8(key));
  }

  /** Reads a key, linearizably. */
  public CompletionStage<KeyAnswer> get(byte[] key) {
    return get(key, ReadOptions.LINEARIZABLE);
  }

  public CompletionStage<KeyAnswer> get(byte[] key, ReadOptions options) {
    return read(new Query.Get(key), options, KeyAnswer.class);
  }

  /** The key in UTF-8. */
  public CompletionStage<KeyAnswer> get(String key) {
    return get(utf8(key));
  }

  /**
   * Reads the keys that begin with a prefix, in the order of their bytes.
   *
   * @param prefix empty for all keys
   * @param after only keys behind this one: the last key of the page before; empty to begin
   * @param limit at most this many, 1 to {@link synod.kv.KvLimits#MAX_LIST_LIMIT}
   */
  public CompletionStage<PageAnswer> list(
      byte[] prefix, byte[] after, int limit, ReadOptions options) {
    return read(new Query.ListKeys(prefix, after, limit), options, PageAnswer.class);
  }

  /**
   * Ends the client: what is under way is refused or, a write that may have been sent, unknown.
   * Waits a few seconds at most until the store has heard of it and the actor has stopped.
   */
  @Override
  public void close() {
    actor.tell(new ClientActor.Close());
    try {
      stopped.get(CLOSING.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException | ExecutionException e) {
      LoggerFactory.getLogger(SynodClient.class)
          .warn("The client has not stopped within {} s", CLOSING.toSeconds(), e);
    }
  }

  private CompletionStage<WriteResult> write(Command command, Duration timeout) {
    return submit(new Operation.Write(command), timeout, SynodClient::writeResult);
  }

  private <T extends Query.Answer> CompletionStage<T> read(
      Query query, ReadOptions options, Class<T> type) {
    Operation operation =
        options.stale()
            ? new Operation.StaleRead(query, options.minRevision())
            : new Operation.LinearizableRead(query);
    return submit(
        operation, options.timeout(), outcome -> type.cast(((Outcome.Answered) outcome).answer()));
  }

  /**
   * @param answer what to make of an outcome that is neither a refusal nor unknown
   */
  private <T> CompletionStage<T> submit(
      Operation operation, Duration timeout, Function<Outcome, T> answer) {
    CompletableFuture<T> stage = new CompletableFuture<>();
    Consumer<Outcome> complete = outcome -> complete(stage, outcome, answer);
    waiting.add(complete);
    actor.tell(
        new ClientActor.Submit(
            operation,
            timeout,
            outcome -> {
              waiting.remove(complete);
              complete.accept(outcome);
            }));
    if (stopped.isDone()) {
      refuseWaiting();
    }
    return stage;
  }

  private static <T> void complete(
      CompletableFuture<T> stage, Outcome outcome, Function<Outcome, T> answer) {
    if (outcome instanceof Outcome.Refused refused) {
      stage.completeExceptionally(new RefusedException(refused.reason(), refused.detail()));
    } else if (outcome instanceof Outcome.Unknown unknown) {
      stage.completeExceptionally(new UnknownOutcomeException(unknown.detail()));
    } else {
      try {
        stage.complete(answer.apply(outcome));
      } catch (ClassCastException | IllegalStateException e) {
        stage.completeExceptionally(e);
      }
    }
  }

  private static WriteResult writeResult(Outcome outcome) {
    Outcome.Written written = (Outcome.Written) outcome;
    Result result = written.result();
    if (result instanceof Result.Applied applied) {
      return new WriteResult.Applied(
          applied.revision(),
          applied.version(),
          Optional.ofNullable(applied.previous()),
          written.slot());
    }
    if (result instanceof Result.ConditionFailed failed) {
      return new WriteResult.ConditionFailed(failed.modRevision(), written.slot());
    }
    if (result instanceof Result.NotFound) {
      return new WriteResult.NotFound(written.slot());
    }
    throw new IllegalStateException("not the result of a put or delete: " + result);
  }

  /** What a stopped actor never got to see was never sent. */
  private void refuseWaiting() {
    Outcome refused = new Outcome.Refused(Outcome.Reason.UNAVAILABLE, "the client is closed");
    waiting.forEach(complete -> complete.accept(refused));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
