package synod.node;

import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.PreRestart;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.slf4j.event.Level;
import synod.paxos.Effect;
import synod.paxos.Formation.Standing;
import synod.paxos.InvariantViolation;
import synod.paxos.Message;
import synod.paxos.Role;
import synod.storage.StorageFailure;

/**
 * The actor of a role: its life, death and recovery, and the execution of what its core decides.
 *
 * <p>A stopped role is away for its downtime and loses every message of that time; then it waits
 * until every read and write of its earlier lives has ended, reads back what is durable, and
 * resumes. What a core's write releases is released when the write is durable, in the life that
 * wrote it, or never. A message with which the core may have to read from the disk is handled on a
 * thread for that, and what comes later waits for its turn. An invariant breach or failed storage
 * stops the role for good; every other failure restarts it. It is restarted, never spawned anew, so
 * that its address stays valid.
 */
final class RoleActor extends AbstractBehavior<RoleMessage> {
  /** Between a failure and the start of the next life, in which the downtime is counted. */
  static final Duration RESTART_DELAY = Duration.ofMillis(50);

  /** Makes the shell of one life, from what is durable. */
  interface ShellFactory {
    RoleShell create(NodeContext node);
  }

  private enum Stage {
    /** Stopped by chaos. */
    DOWN,
    /** It isn't known yet what this node's memory is worth. */
    UNSETTLED,
    /** Waits for the reads and writes of earlier lives to end. */
    RECOVERING,
    /** Plays its part. */
    UP,
    /** Plays its part, and waits for the disk on another thread; later messages wait for that. */
    READING,
    /** Has lost its memory and takes no part. */
    FORGOTTEN
  }

  private record DowntimeOver() implements RoleMessage {}

  /**
   * @param failure of an earlier life's last read, if that life didn't see its end
   */
  private record Recovered(long life, Throwable failure) implements RoleMessage {}

  private record Written(long life, long id) implements RoleMessage {}

  /**
   * What became of a message that was handled on another thread. Those of earlier lives come before
   * {@link Recovered}, and are lost.
   */
  private record Handled(List<Effect> effects, Throwable failure) implements RoleMessage {}

  private enum Signal implements RoleMessage {
    WAKE_UP,
    FLUSH
  }

  private final NodeContext node;
  private final Role role;
  private final ShellFactory factory;
  private final TimerScheduler<RoleMessage> timers;
  private final Assembler assembler;

  /** Completions of other lives' writes are foreign. */
  private final long life;

  private Stage stage;
  private RoleShell shell;

  /** Writes under way, and what they release. */
  private final Deque<Effect.Persist> writing = new ArrayDeque<>();

  /** What came while {@link Stage#READING}, in its order. */
  private final Deque<RoleMessage> waiting = new ArrayDeque<>();

  private boolean flushQueued;
  private long wakeUpAt = Long.MAX_VALUE;

  private RoleActor(
      ActorContext<RoleMessage> context,
      TimerScheduler<RoleMessage> timers,
      NodeContext node,
      Role role,
      ShellFactory factory) {
    super(context);
    this.node = node;
    this.role = role;
    this.factory = factory;
    this.timers = timers;
    this.assembler = new Assembler(context.getSystem());
    this.life = node.nextLife(role);
    long downtime = node.downtimeLeft(role);
    if (downtime > 0) {
      stage = Stage.DOWN;
      timers.startSingleTimer(new DowntimeOver(), Duration.ofNanos(downtime));
    } else {
      begin();
    }
    if (writes() && node.storageFailure() != null) {
      // The news came between two lives, and was lost.
      context.getSelf().tell(new RoleMessage.StorageLost(node.storageFailure()));
    }
  }

  static Behavior<RoleMessage> create(NodeContext node, Role role, ShellFactory factory) {
    Behavior<RoleMessage> life =
        Behaviors.setup(
            context ->
                Behaviors.withTimers(
                    timers -> new RoleActor(context, timers, node, role, factory)));
    Behavior<RoleMessage> failStop =
        Behaviors.supervise(
                Behaviors.supervise(life)
                    .onFailure(InvariantViolation.class, SupervisorStrategy.stop()))
            .onFailure(StorageFailure.class, SupervisorStrategy.stop());
    // Without a stash, what arrives between the failure and the restart is lost, as with a crash.
    return Behaviors.supervise(failStop)
        .onFailure(
            Exception.class,
            SupervisorStrategy.restartWithBackoff(RESTART_DELAY, RESTART_DELAY, 0.0)
                .withStashCapacity(0)
                .withLogLevel(Level.DEBUG));
  }

  @Override
  public Receive<RoleMessage> createReceive() {
    return newReceiveBuilder()
        .onAnyMessage(this::onAny)
        .onSignal(PreRestart.class, signal -> onEnd())
        .onSignal(PostStop.class, signal -> onEnd())
        .build();
  }

  private Behavior<RoleMessage> onEnd() {
    if (shell != null) {
      shell.close();
    }
    return this;
  }

  private Behavior<RoleMessage> onAny(RoleMessage message) {
    try {
      if (message instanceof RoleMessage.StorageLost lost) {
        throw lost.cause();
      } else if (message instanceof RoleMessage.Stop stop && stage != Stage.DOWN) {
        node.stopped(role, stop.downtime());
        throw new InjectedFailure("stopped by chaos for " + stop.downtime().toMillis() + " ms");
      } else if (stage == Stage.UP) {
        onUp(message);
      } else if (stage == Stage.READING) {
        onReading(message);
      } else {
        onAway(message);
      }
      return this;
    } catch (InvariantViolation | StorageFailure breach) {
      node.failedForGood(role, breach);
      throw breach;
    } catch (InjectedFailure chaos) {
      throw chaos;
    } catch (RuntimeException failure) {
      node.failed(role, failure);
      getContext().getLog().error("{} failed and is restarted", role.label(), failure);
      throw failure;
    }
  }

  // While it takes no part: what others send is lost

  private void onAway(RoleMessage message) {
    if (message instanceof RoleMessage.HandOver leaving) {
      leaving.replyTo().tell(new RoleMessage.Done());
    } else if (message instanceof RoleMessage.Drain leaving) {
      leaving.replyTo().tell(new RoleMessage.Done());
    } else if (stage == Stage.DOWN && message instanceof DowntimeOver) {
      begin();
    } else if (stage == Stage.UNSETTLED && message instanceof RoleMessage.Settled) {
      begin();
    } else if (stage == Stage.RECOVERING
        && message instanceof Recovered recovered
        && recovered.life() == life) {
      resume(recovered.failure());
    }
  }

  private void begin() {
    node.recovering(role);
    Standing standing = node.standing().standing();
    if (!standing.isSettled()) {
      stage = Stage.UNSETTLED;
    } else if (standing == Standing.FORGOTTEN && writes()) {
      stage = Stage.FORGOTTEN;
    } else {
      stage = Stage.RECOVERING;
      var self = getContext().getSelf();
      node.lastRead(role)
          .whenComplete(
              (done, failure) -> {
                Runnable recovered = () -> self.tell(new Recovered(life, failure));
                if (writes() && failure == null) {
                  node.storage().barrier(recovered);
                } else {
                  // No write to wait for, and after a failed one it would wait for ever.
                  recovered.run();
                }
              });
    }
  }

  /** Whether this role's writes go to the acceptor's log, which votes and ballots rest on. */
  private boolean writes() {
    return role == Role.ACCEPTOR || role == Role.PROPOSER;
  }

  private void resume(Throwable failureToRead) {
    node.readEnded(role);
    if (failureToRead != null) {
      throw cause(failureToRead);
    }
    shell = factory.create(node);
    stage = Stage.UP;
    node.resumed(role, life);
    settle();
  }

  // While it is up

  private void onUp(RoleMessage message) {
    long now = node.now();
    if (message instanceof Envelope envelope) {
      if (node.peers().admits(envelope)) {
        receive(envelope.from(), envelope.message(), now);
      }
    } else if (message instanceof RoleMessage.FromHere here) {
      receive(node.name(), here.message(), now);
    } else if (message instanceof Written written) {
      if (written.life() == life) {
        release(written.id());
      }
    } else if (message == Signal.FLUSH) {
      flushQueued = false;
      execute(shell.flush(now));
    } else if (message == Signal.WAKE_UP) {
      wakeUpAt = Long.MAX_VALUE;
      if (shell.wakeUpAt() <= now) {
        execute(shell.tick(now));
      }
    } else if (message instanceof Part part) {
      assembler.add(part).ifPresent(whole -> onAny((RoleMessage) whole));
      return;
    } else if (!(message instanceof RoleMessage.Settled
        || message instanceof DowntimeOver
        || message instanceof Recovered
        || message instanceof RoleMessage.Stop)) {
      execute(shell.receiveHere(message, now));
    }
    if (stage == Stage.UP) {
      settle();
    }
  }

  private void receive(String from, Message message, long now) {
    if (shell.readsDisk(message)) {
      stage = Stage.READING;
      RoleShell reader = shell;
      var self = getContext().getSelf();
      Executor threads = getContext().getSystem().dispatchers().lookup(NodeGuardian.STORAGE);
      node.reads(
          role,
          CompletableFuture.supplyAsync(() -> reader.receive(from, message, now), threads)
              .whenComplete((effects, failure) -> self.tell(new Handled(effects, failure))));
    } else {
      execute(shell.receive(from, message, now));
    }
  }

  private void onReading(RoleMessage message) {
    if (!(message instanceof Handled handled)) {
      waiting.add(message);
      return;
    }
    node.readEnded(role);
    stage = Stage.UP;
    if (handled.failure() != null) {
      throw cause(handled.failure());
    }
    execute(handled.effects());
    settle();
    while (stage == Stage.UP && !waiting.isEmpty()) {
      onUp(waiting.remove());
    }
  }

  /** What was thrown on the other thread. */
  private static RuntimeException cause(Throwable failure) {
    Throwable thrown = failure instanceof CompletionException ? failure.getCause() : failure;
    if (thrown instanceof Error error) {
      throw error;
    }
    return (RuntimeException) thrown;
  }

  private void settle() {
    shell.settle();
    if (!flushQueued && shell.wantsFlush()) {
      // Behind whatever else is queued by now, which the flush then covers.
      flushQueued = true;
      getContext().getSelf().tell(Signal.FLUSH);
    }
    long due = shell.wakeUpAt();
    if (due < wakeUpAt) {
      wakeUpAt = due;
      timers.startSingleTimer(
          Signal.WAKE_UP, Duration.ofNanos(Math.max(1_000_000, due - node.now())));
    }
  }

  private void execute(List<Effect> effects) {
    for (Effect effect : effects) {
      if (effect instanceof Effect.Released now) {
        execute(now);
      } else if (effect instanceof Effect.Persist persist) {
        persist(persist);
      } else if (effect instanceof Effect.Apply values) {
        shell.apply(values);
      } else if (effect instanceof Effect.KeepSnapshotPart part) {
        shell.keep(part);
      } else if (effect instanceof Effect.InstallSnapshot whole) {
        shell.install(whole);
      }
    }
  }

  private void execute(Effect.Released effect) {
    if (effect instanceof Effect.Send send) {
      node.peers().send(send.node(), send.role(), send.message());
    } else if (effect instanceof Effect.Publish publish) {
      node.events().publish(new NodeEvent.Protocol(node.name(), role, publish.event()));
    }
  }

  private void persist(Effect.Persist persist) {
    if (persist.records().isEmpty() && writing.isEmpty()) {
      // Every earlier write of this life is durable, and those of earlier lives had ended before.
      shell.persisted(persist.id());
      persist.release().forEach(this::execute);
      return;
    }
    writing.add(persist);
    var self = getContext().getSelf();
    Runnable completion = () -> self.tell(new Written(life, persist.id()));
    if (persist.records().isEmpty()) {
      node.storage().barrier(completion);
    } else {
      node.storage().write(persist.records(), completion);
    }
  }

  private void release(long upTo) {
    shell.persisted(upTo);
    while (!writing.isEmpty() && writing.peek().id() <= upTo) {
      writing.remove().release().forEach(this::execute);
    }
  }
}
