package synod.sim;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import synod.paxos.Effect;
import synod.paxos.Message;
import synod.paxos.Role;
import synod.paxos.Snapshot;

/**
 * One life of a role at a node of the simulation: the core, and what the shell keeps for it.
 * Effects are executed in order; what a write releases is released when it is durable, in the life
 * that wrote it, or never.
 */
abstract class RoleLife {
  /** Nothing is woken more often than this. */
  private static final long SHORTEST_WAIT = 200_000;

  final Simulation sim;
  final SimNode node;
  final Role role;
  final int number;

  /** Writes under way, and what they release. */
  private final Deque<Effect.Persist> writing = new ArrayDeque<>();

  private boolean flushPlanned;
  private long wakeUpAt = Long.MAX_VALUE;
  private int wakeUpsPlanned;

  RoleLife(SimNode node, Role role, int number) {
    this.sim = node.sim();
    this.node = node;
    this.role = role;
    this.number = number;
  }

  abstract List<Effect> receive(String from, Message message, long now);

  abstract List<Effect> tick(long now);

  abstract long wakeUpAt();

  boolean wantsFlush() {
    return false;
  }

  List<Effect> flush(long now) {
    throw new IllegalStateException("nothing was put off");
  }

  void persisted(long id) {
    throw new IllegalStateException("this role writes nothing");
  }

  void apply(Effect.Apply values) {
    throw new IllegalStateException("this role applies nothing");
  }

  void keep(Effect.KeepSnapshotPart part) {
    throw new IllegalStateException("this role fetches no snapshots");
  }

  void install(Snapshot snapshot) {
    throw new IllegalStateException("this role installs no snapshots");
  }

  /** A message has arrived. */
  final void deliver(String from, Message message) {
    if (sim.mutant() == Mutant.NONE) {
      execute(receive(from, message, node.now()));
    } else {
      sim.mutant()
          .deliver(
              node,
              role,
              from,
              message,
              (sender, received) -> execute(receive(sender, received, node.now())));
    }
    settle();
  }

  final void execute(List<Effect> decided) {
    for (Effect effect : sim.mutant().effects(node, role, decided)) {
      if (node.life(role) != this || node.crashesBeforeNextEffect()) {
        return;
      }
      if (effect instanceof Effect.Released now) {
        release(now);
      } else if (effect instanceof Effect.Persist write) {
        persist(write);
      } else if (effect instanceof Effect.Apply values) {
        apply(values);
      } else if (effect instanceof Effect.KeepSnapshotPart part) {
        keep(part);
      } else if (effect instanceof Effect.InstallSnapshot whole) {
        install(whole.snapshot());
      }
    }
  }

  private void release(Effect.Released effect) {
    if (effect instanceof Effect.Send send) {
      sim.network().send(node, role, send);
    } else if (effect instanceof Effect.Publish publish) {
      sim.published(node, publish.event());
    }
  }

  private void persist(Effect.Persist write) {
    if (write.records().isEmpty() && writing.isEmpty()) {
      persisted(write.id());
      write.release().forEach(this::release);
      return;
    }
    writing.add(write);
    node.disk().write(write.records(), () -> node.written(this, write.id()));
  }

  /** All writes of this life up to this one are durable. */
  final void durable(long upTo) {
    persisted(upTo);
    while (!writing.isEmpty() && writing.peek().id() <= upTo) {
      for (Effect.Released released : writing.remove().release()) {
        if (node.crashesBeforeNextEffect()) {
          return;
        }
        release(released);
      }
    }
    sim.mutant().written(node);
    settle();
  }

  /** Plans what the core wants next. */
  final void settle() {
    if (node.life(role) != this) {
      return;
    }
    if (!flushPlanned && wantsFlush()) {
      flushPlanned = true;
      node.later(sim.swarm().settings().heartbeatInterval().toNanos() / 1000, this::flushNow);
    }
    long due = wakeUpAt();
    if (due < wakeUpAt) {
      wakeUpAt = due;
      int planned = ++wakeUpsPlanned;
      long wait = Math.max(SHORTEST_WAIT, node.untilLocal(due));
      node.later(wait, () -> wakeUp(planned));
    }
  }

  private void flushNow() {
    if (node.life(role) == this) {
      flushPlanned = false;
      if (wantsFlush()) {
        execute(flush(node.now()));
      }
      settle();
    }
  }

  private void wakeUp(int planned) {
    if (node.life(role) == this && planned == wakeUpsPlanned) {
      wakeUpAt = Long.MAX_VALUE;
      if (wakeUpAt() <= node.now()) {
        execute(tick(node.now()));
      }
      settle();
    }
  }
}
