package synod.client;

import akka.actor.typed.ActorRefResolver;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.SpawnProtocol;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.ConfigFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import synod.kv.Command;
import synod.kv.KeyValue;
import synod.kv.Query;
import synod.kv.Result;
import synod.kv.SessionId;
import synod.node.Assembler;
import synod.node.CborSerializable;
import synod.node.ClientCodec;
import synod.node.GatewayMessage.ClientReplies;
import synod.node.GatewayMessage.ClientRequests;
import synod.node.Operation;
import synod.node.Outcome;
import synod.node.Part;
import synod.node.Parts;
import synod.node.Reply;
import synod.node.Request;

/**
 * An actor system on a free port with a gateway that answers from a map of its own: the far end of
 * a client's wire.
 */
public final class RemoteGateway implements AutoCloseable {
  public static final String CLUSTER = "synod-test";

  /** How many requests have arrived. */
  public final AtomicInteger requests = new AtomicInteger();

  private final ActorSystem<SpawnProtocol.Command> system;

  private RemoteGateway(Function<Request, Outcome> answer) {
    system =
        ActorSystem.create(
            Behaviors.setup(
                context -> {
                  context.spawn(gateway(answer), "gateway");
                  return SpawnProtocol.create();
                }),
            CLUSTER,
            ConfigFactory.parseMap(
                    Map.of(
                        "akka.actor.provider", "remote",
                        "akka.remote.artery.canonical.hostname", "127.0.0.1",
                        "akka.remote.artery.canonical.port", 0,
                        "akka.remote.warn-about-direct-use", "off",
                        "akka.loglevel", "ERROR",
                        "akka.stdout-loglevel", "OFF",
                        "akka.log-dead-letters", "off"))
                .withFallback(ConfigFactory.defaultReference()));
  }

  /** Holds what it is told, for any session. */
  public static RemoteGateway store() {
    return new RemoteGateway(new Store()::answer);
  }

  /** Gets everything and answers nothing. */
  public static RemoteGateway silent() {
    return new RemoteGateway(request -> null);
  }

  /** Opens sessions, and answers nothing else. */
  public static RemoteGateway mute() {
    Store store = new Store();
    return new RemoteGateway(request -> request.session() == null ? store.answer(request) : null);
  }

  ActorSystem<?> system() {
    return system;
  }

  public int port() {
    return system.address().getPort().orElseThrow();
  }

  private Behavior<CborSerializable> gateway(Function<Request, Outcome> answer) {
    return Behaviors.setup(
        context -> {
          Assembler assembler = new Assembler(context.getSystem());
          Parts parts = new Parts(context.getSystem(), 128 * 1024);
          return Behaviors.receiveMessage(
              message -> {
                Object whole =
                    message instanceof Part part ? assembler.add(part).orElse(null) : message;
                if (whole instanceof ClientRequests received) {
                  byte[] replies = ClientCodec.encodeReplies(answer(received, answer));
                  parts.send(
                      ActorRefResolver.get(context.getSystem()).resolveActorRef(received.client()),
                      new ClientReplies("", replies),
                      replies.length);
                }
                return Behaviors.same();
              });
        });
  }

  private List<Reply> answer(ClientRequests message, Function<Request, Outcome> answer) {
    List<Reply> replies = new ArrayList<>();
    for (Request request : ClientCodec.decodeRequests(message.requests())) {
      requests.incrementAndGet();
      Outcome outcome = answer.apply(request);
      if (outcome != null) {
        replies.add(new Reply(request.id(), outcome));
      }
    }
    return replies;
  }

  @Override
  public void close() {
    system.terminate();
    try {
      system.getWhenTerminated().toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the gateway's system does not stop", e);
    }
  }

  /** Just enough of a store to see that what is asked arrives as it was meant. */
  private static final class Store {
    private final TreeMap<String, KeyValue> keys = new TreeMap<>();
    private long revision;

    Outcome answer(Request request) {
      if (request.operation() instanceof Operation.Write write) {
        return new Outcome.Written(apply(write.command()), 17);
      }
      Query query =
          request.operation() instanceof Operation.LinearizableRead read
              ? read.query()
              : ((Operation.StaleRead) request.operation()).query();
      return new Outcome.Answered(read(query), revision);
    }

    private Result apply(Command command) {
      if (command instanceof Command.OpenSession open) {
        return new Result.SessionOpened(new SessionId(1, 0), open.ttlMillis());
      }
      if (command instanceof Command.Put put) {
        KeyValue old = keys.get(text(put.key()));
        if (!holds(put.condition(), old)) {
          return new Result.ConditionFailed(old == null ? 0 : old.modRevision());
        }
        revision++;
        long created = old == null ? revision : old.createRevision();
        long version = old == null ? 1 : old.version() + 1;
        keys.put(text(put.key()), new KeyValue(put.key(), put.value(), created, revision, version));
        return new Result.Applied(revision, version, put.wantPrevious() ? old : null);
      }
      if (command instanceof Command.Delete delete) {
        KeyValue old = keys.remove(text(delete.key()));
        return old == null ? new Result.NotFound() : new Result.Applied(++revision, 0, null);
      }
      return new Result.Done();
    }

    private static boolean holds(Command.Condition condition, KeyValue old) {
      if (condition instanceof Command.Condition.ModRevision expected) {
        return old != null && old.modRevision() == expected.revision();
      }
      return !(condition instanceof Command.Condition.Absent) || old == null;
    }

    private Query.Answer read(Query query) {
      if (query instanceof Query.Get get) {
        return new Query.KeyAnswer(keys.get(text(get.key())), revision);
      }
      Query.ListKeys list = (Query.ListKeys) query;
      List<KeyValue> found =
          keys.tailMap(text(list.after()), false).entrySet().stream()
              .filter(entry -> entry.getKey().startsWith(text(list.prefix())))
              .limit(list.limit() + 1L)
              .map(Map.Entry::getValue)
              .toList();
      boolean more = found.size() > list.limit();
      return new Query.PageAnswer(more ? found.subList(0, list.limit()) : found, more, revision);
    }

    private static String text(byte[] key) {
      return new String(key, StandardCharsets.UTF_8);
    }
  }
}
