package synod.sim.actors;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import synod.node.ConfigFiles;
import synod.node.NodeConfig;
import synod.node.NodeStorage;
import synod.node.RoleMessage;
import synod.node.VirtualNode;

/**
 * One life of a node's process: the threads, timers, mailboxes and connections of its actor system
 * are events of the simulation. When the process ends, what it had planned is void.
 */
final class Machine {
  private static final String ID = "synod.sim.machine";

  private static final Config AKKA =
      ConfigFactory.parseString(
              """
              akka {
                loggers-dispatcher = akka.actor.internal-dispatcher
                loglevel = OFF
                stdout-loglevel = OFF
                log-dead-letters = off
                java-flight-recorder.enabled = false
                jvm-shutdown-hooks = off
                jvm-exit-on-fatal-error = off
                coordinated-shutdown.run-by-jvm-shutdown-hook = off
                scheduler.implementation = "synod.sim.actors.VirtualScheduler"
                actor {
                  provider = "synod.sim.actors.NetworkProvider"
                  typed.library-extensions = []
                  typed.default-mailbox.mailbox-type = "synod.sim.actors.WatchedMailbox"
                  default-dispatcher = ${synod.sim.dispatcher}
                  internal-dispatcher = ${akka.actor.default-dispatcher} { starts-system = on }
                }
              }
              synod.storage-dispatcher = ${synod.sim.dispatcher} { waits-for-disk = on }
              synod.sim.dispatcher {
                type = Dispatcher
                executor = "synod.sim.actors.QueueExecutor"
                throughput = 1
                starts-system = off
                waits-for-disk = off
              }
              """)
          .withFallback(ConfigFiles.DEFAULT.load())
          .resolve();

  /** For the disk, in nanoseconds: longer than the shortest absence of a role. */
  private static final long LONGEST_WAIT = 300_000_000;

  private static final AtomicLong LAST_ID = new AtomicLong();

  /** By the id in their configuration, which is all that Akka hands on to its parts. */
  private static final Map<Long, Machine> RUNNING = new ConcurrentHashMap<>();

  private final long id = LAST_ID.incrementAndGet();
  private final ActorSimulation sim;
  private final Host host;
  private boolean up = true;

  /** Null while it is being started. */
  private final VirtualNode node;

  Machine(Host host, NodeConfig config, NodeStorage storage) {
    this.sim = host.sim();
    this.host = host;
    RUNNING.put(id, this);
    node =
        new VirtualNode(
            config,
            storage,
            host::localTime,
            host::wallMillis,
            sim.random(),
            host::happened,
            AKKA.withValue(ID, ConfigValueFactory.fromAnyRef(id)));
  }

  /** The machine that an actor system of this configuration runs on. */
  static Machine of(Config config) {
    return RUNNING.get(config.getLong(ID));
  }

  VirtualNode node() {
    return node;
  }

  boolean isUp() {
    return up;
  }

  /** The process is gone. */
  void end() {
    up = false;
    RUNNING.remove(id);
  }

  /** A thread takes this up, sooner or later. */
  void execute(Runnable turn) {
    after(
        500 + sim.random().nextInt(20_000),
        () -> {
          sim.trace().add(1, host.index());
          turn.run();
        });
  }

  /** A thread takes this up that may have to wait for the disk, now and then for a long time. */
  void executeWaiting(Runnable turn) {
    if (sim.random().nextInt(100) == 0) {
      after(sim.random().nextLong(LONGEST_WAIT), () -> execute(turn));
    } else {
      execute(turn);
    }
  }

  /**
   * A thread of Akka's own takes this up. Whoever creates an actor system waits for some of that,
   * so until the system is there it is done at once.
   */
  void executeStart(Runnable turn) {
    if (node == null) {
      turn.run();
    } else {
      execute(turn);
    }
  }

  /** Does this later by the process's clock. */
  void afterLocal(long nanos, Runnable action) {
    after(host.fromLocal(nanos) + sim.random().nextInt(1_000_000), action);
  }

  /** Does this later, if the process still lives then, and when it isn't paused. */
  void after(long delay, Runnable action) {
    sim.queue().after(delay, () -> whenAwake(action));
  }

  private void whenAwake(Runnable action) {
    if (up) {
      if (sim.queue().now() < host.pausedUntil()) {
        sim.queue().at(host.pausedUntil(), () -> whenAwake(action));
      } else {
        action.run();
      }
    }
  }

  /** Something leaves for an actor of another process. */
  void send(String to, String actor, Object message) {
    if (up) {
      VirtualNode.fromElsewhere(message).ifPresent(said -> sim.rules().sent(host, said));
      sim.network().send(host.name(), to, actor, message);
    }
  }

  /** An actor says something to another one of this process. */
  void saidHere(Object message) {
    if (up && message instanceof RoleMessage.FromHere here) {
      sim.rules().sent(host, here.message());
      if (sim.trace().isReadable()) {
        sim.trace().say("%s  %s", host, synod.sim.Lines.of(here.message()));
      }
    }
  }
}
