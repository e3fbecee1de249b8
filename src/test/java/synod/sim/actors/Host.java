package synod.sim.actors;

import synod.node.NodeEvent;
import synod.node.NodeStatus;
import synod.paxos.Role;

/**
 * A computer of the simulation: its disk and its clocks outlive the processes that run on it, one
 * after the other, as the same node.
 */
final class Host {
  private final ActorSimulation sim;
  private final String name;
  private final int index;
  private final Disk disk;
  private final long clockOffset;

  /** In thousandths. */
  private final long clockRate;

  private long wallSkewMillis;
  private long pausedUntil;

  /** The present process, null if there is none. */
  private Machine machine;

  private int processes;
  private long proposersLife;

  Host(ActorSimulation sim, String name, int index) {
    this.sim = sim;
    this.name = name;
    this.index = index;
    this.disk = new Disk(sim, this);
    this.clockOffset = sim.random().nextLong(-1L << 50, 1L << 50);
    this.clockRate = 950 + sim.random().nextInt(101);
  }

  ActorSimulation sim() {
    return sim;
  }

  String name() {
    return name;
  }

  int index() {
    return index;
  }

  Disk disk() {
    return disk;
  }

  boolean isUp() {
    return machine != null;
  }

  /** The running process; only if there is one. */
  Machine machine() {
    return machine;
  }

  /** What the running node says of itself; only if there is one. */
  NodeStatus.View view() {
    return machine.node().view();
  }

  /** A number for the present life of the proposer, different from all others of this host. */
  long proposersLife() {
    return processes * 1_000_000L + proposersLife;
  }

  // Time

  /** The monotonic clock, in nanoseconds. */
  long localTime() {
    return clockOffset + sim.queue().now() / 1000 * clockRate;
  }

  /** How long it takes until the clock has gone on by so much. */
  long fromLocal(long nanos) {
    return nanos / clockRate * 1000;
  }

  long wallMillis() {
    return 1_700_000_000_000L + sim.queue().now() / 1_000_000 + wallSkewMillis;
  }

  void setWallSkew(long millis) {
    wallSkewMillis = millis;
  }

  long pausedUntil() {
    return pausedUntil;
  }

  /** The process stands still; it will do afterwards what came meanwhile. */
  void pause(long duration) {
    if (isUp()) {
      note("pauses");
      pausedUntil = Math.max(pausedUntil, sim.queue().now() + duration);
    }
  }

  // Life and death

  void start() {
    if (machine == null) {
      note("starts");
      processes++;
      proposersLife = 0;
      pausedUntil = 0;
      machine = new Machine(this, sim.config(name), disk);
    }
  }

  /** The process ends at once, with everything that isn't on disk. */
  void crash() {
    if (machine != null) {
      note("crashes");
      machine.end();
      machine = null;
      disk.crash();
    }
  }

  /** Something arrives from the network. */
  void receive(String actor, Object message) {
    Machine addressed = machine;
    if (addressed != null) {
      addressed.after(0, () -> addressed.node().deliver(actor, message));
    }
  }

  /** The node tells what happened. */
  void happened(NodeEvent event) {
    sim.trace().add(2, index * 100L + event.getClass().getSimpleName().hashCode() % 100);
    if (sim.trace().isReadable()) {
      sim.trace().say("%s  %s", name, event);
    }
    if (event instanceof NodeEvent.RoleResumed resumed && resumed.role() == Role.PROPOSER) {
      proposersLife = resumed.incarnation();
    } else if (event instanceof NodeEvent.Protocol step) {
      sim.published(step.event());
    } else if (event instanceof NodeEvent.RoleFailed failed) {
      sim.rules().failed(this, failed.role(), failed.reason());
    } else if (event instanceof NodeEvent.RoleFailedForGood failed && !disk.hasFailed()) {
      sim.rules().failed(this, failed.role(), failed.reason());
    }
  }

  private void note(String what) {
    sim.trace().add(3, index * 1000L + what.hashCode());
    sim.trace().say("%s  %s", name, what);
  }

  @Override
  public String toString() {
    return name;
  }
}
