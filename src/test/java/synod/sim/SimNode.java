package synod.sim;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import synod.kv.CachingStore;
import synod.kv.GatheringStore;
import synod.kv.OrderedStore;
import synod.node.Outcome;
import synod.node.Request;
import synod.paxos.Effect;
import synod.paxos.ProtocolEvent;
import synod.paxos.Role;
import synod.paxos.Snapshot;

/**
 * A node of the simulation: a process that runs roles, with a disk that outlives it. Roles can stop
 * alone, the process with all of them; either comes back with what is durable. A clock of its own
 * runs a little faster or slower than time.
 */
final class SimNode {
  private static final long HERE = 5_000;

  /** Small enough that some of it is forgotten. */
  private static final long CACHE_BYTES = 16 << 10;

  private final Simulation sim;
  private final String name;
  private final int index;
  private final Set<Role> roles;
  private final SimDisk disk;
  private final MemoryStore store = new MemoryStore();
  private final SimSnapshots snapshots;

  /** What the present process has of it. */
  private GatheringStore gathered;

  private final RoleLife[] lives = new RoleLife[Role.values().length];
  private final int[] livesBegun = new int[Role.values().length];
  private boolean up;

  /** What was planned in an earlier life of the process is void. */
  private int process;

  private long incarnation;
  private long pausedUntil;
  private long effectsUntilCrash = -1;
  private boolean lowSpace;

  private final long clockOffset;

  /** In thousandths. */
  private final long clockRate;

  private long wallSkewMillis;

  SimNode(Simulation sim, String name, int index, Set<Role> roles) {
    this.sim = sim;
    this.name = name;
    this.index = index;
    this.roles = roles;
    this.disk = new SimDisk(sim, this);
    this.snapshots = new SimSnapshots(sim, this);
    this.clockOffset = sim.random().nextLong(-1L << 50, 1L << 50);
    this.clockRate = 950 + sim.random().nextInt(101);
    this.gathered = gather();
  }

  Simulation sim() {
    return sim;
  }

  String name() {
    return name;
  }

  int index() {
    return index;
  }

  boolean has(Role role) {
    return roles.contains(role);
  }

  SimDisk disk() {
    return disk;
  }

  OrderedStore store() {
    return gathered;
  }

  SimSnapshots snapshots() {
    return snapshots;
  }

  /** What a snapshot of this moment holds: all that was committed, which is durable from now on. */
  MemoryStore freeze() {
    store.flush();
    return store.copy();
  }

  /**
   * The state of a snapshot takes the place of this node's, and the learner begins anew with it.
   */
  void install(Snapshot snapshot) {
    MemoryStore state = snapshots.install(snapshot);
    sim.mutant().installing(store, state);
    store.become(state);
    gathered = gather();
    note("installs a snapshot of slot " + snapshot.slot());
    sim.published(this, new ProtocolEvent.SnapshotInstalled(snapshot.slot()));
    LearnerLife life = new LearnerLife(this, ++livesBegun[Role.LEARNER.ordinal()]);
    lives[Role.LEARNER.ordinal()] = life;
    life.settle();
  }

  long incarnation() {
    return incarnation;
  }

  boolean isUp() {
    return up;
  }

  /** The present life of a role, null if it is down. */
  RoleLife life(Role role) {
    return lives[role.ordinal()];
  }

  Optional<LearnerLife> learner() {
    return Optional.ofNullable((LearnerLife) life(Role.LEARNER));
  }

  Optional<GatewayLife> gateway() {
    return Optional.ofNullable((GatewayLife) life(Role.GATEWAY));
  }

  Optional<ProposerLife> proposer() {
    return Optional.ofNullable((ProposerLife) life(Role.PROPOSER));
  }

  Optional<AcceptorLife> acceptor() {
    return Optional.ofNullable((AcceptorLife) life(Role.ACCEPTOR));
  }

  /** A number for the present life of the proposer, different from all others of this node. */
  long proposersLife() {
    return process * 1_000_000L + livesBegun[Role.PROPOSER.ordinal()];
  }

  // Time

  /** This node's monotonic clock, in nanoseconds. */
  long now() {
    return clockOffset + local(sim.queue().now());
  }

  private long local(long time) {
    return time / 1000 * clockRate;
  }

  /** How long it takes until this node's clock shows this time. */
  long untilLocal(long time) {
    long wait = time - now();
    return wait > Long.MAX_VALUE / 2000 ? Long.MAX_VALUE / 2000 : wait * 1000 / clockRate + 1000;
  }

  long wallMillis() {
    return Math.max(0, 1_700_000_000_000L + sim.queue().now() / 1_000_000 + wallSkewMillis);
  }

  void setWallSkew(long millis) {
    wallSkewMillis = millis;
  }

  /** Does this later, if the process still lives then. */
  void later(long delay, Runnable action) {
    int planned = process;
    sim.queue().after(delay, () -> whenAwake(planned, action));
  }

  /** Does this as one of the next things, behind what was put here before. */
  void here(Runnable action) {
    later(HERE, action);
  }

  private void whenAwake(int planned, Runnable action) {
    if (planned == process && up) {
      if (sim.queue().now() < pausedUntil) {
        sim.queue().at(pausedUntil, () -> whenAwake(planned, action));
      } else {
        action.run();
      }
    }
  }

  // Messages

  void receive(SimNode from, Effect.Send send) {
    if (!up) {
      return;
    }
    if (sim.queue().now() < pausedUntil) {
      sim.queue().at(pausedUntil, () -> receive(from, send));
      return;
    }
    RoleLife life = life(send.role());
    sim.trace().add(from.index * 100L + index, send.message().getClass().getName().hashCode());
    if (sim.trace().isReadable()) {
      sim.trace()
          .say(
              "%s -> %s %s  %s%s",
              from,
              this,
              send.role().label(),
              Lines.of(send.message()),
              life == null ? "  (down)" : "");
    }
    if (life != null) {
      sim.watch().received(this, send.role(), from.name, send.message());
      life.deliver(from.name, send.message());
    }
  }

  /** A client's request arrives; false if nobody is there to take it. */
  boolean request(Request request, Consumer<Outcome> asker) {
    if (up && sim.queue().now() < pausedUntil) {
      sim.queue().at(pausedUntil, () -> request(request, asker));
      return true;
    }
    if (!up || gateway().isEmpty()) {
      return false;
    }
    sim.trace().add(2, index * 1000L + request.id());
    gateway().get().request(request, asker);
    return true;
  }

  /** A write of a role's life is durable. */
  void written(RoleLife life, long id) {
    RoleLife present = life(life.role);
    if (present == life || (present != null && sim.mutant().mixesLives())) {
      life(life.role).durable(id);
    }
  }

  // Life and death

  /** Starts the process. */
  void start() {
    up = true;
    incarnation = sim.random().nextLong();
    note("starts");
    sim.mutant().starting(this);
    roles.forEach(this::begin);
  }

  /** A role begins a life as soon as every write of its earlier ones has ended. */
  private void begin(Role role) {
    int number = ++livesBegun[role.ordinal()];
    Runnable resume =
        () -> {
          if (number == livesBegun[role.ordinal()]) {
            note(role.label() + " resumes");
            RoleLife life = newLife(role, number);
            lives[role.ordinal()] = life;
            life.settle();
          }
        };
    if (sim.mutant().mixesLives()) {
      here(resume);
    } else {
      disk.barrier(resume);
    }
  }

  private RoleLife newLife(Role role, int number) {
    return switch (role) {
      case ACCEPTOR -> new AcceptorLife(this, number);
      case PROPOSER -> new ProposerLife(this, number);
      case LEARNER -> new LearnerLife(this, number);
      case GATEWAY -> new GatewayLife(this, number);
    };
  }

  /** A role stops, loses its memory and every message of its downtime, and comes back. */
  void stop(Role role, long downtime) {
    if (up && life(role) != null) {
      note(role.label() + " stops");
      lives[role.ordinal()] = null;
      later(downtime, () -> begin(role));
    }
  }

  /** A write failed: whoever writes there stops until the process is started anew. */
  void storageLost() {
    note("storage lost");
    sim.nemesis().storageLost(this);
    lives[Role.ACCEPTOR.ordinal()] = null;
    lives[Role.PROPOSER.ordinal()] = null;
    livesBegun[Role.ACCEPTOR.ordinal()]++;
    livesBegun[Role.PROPOSER.ordinal()]++;
  }

  /** The process ends at once. */
  void crash() {
    if (up) {
      note("crashes");
      up = false;
      process++;
      pausedUntil = 0;
      effectsUntilCrash = -1;
      Arrays.fill(lives, null);
      disk.crash();
      store.crash(sim.random());
      gathered = gather();
      sim.nemesis().crashed(this);
    }
  }

  private GatheringStore gather() {
    return new GatheringStore(
        new CachingStore(sim.mutant().store(this, store), CACHE_BYTES), sim.swarm().commitBytes());
  }

  /** The process will crash in the middle of what a role does. */
  void crashAfter(long effects) {
    effectsUntilCrash = effects;
  }

  /** Counts down to the crash that was ordered. */
  boolean crashesBeforeNextEffect() {
    if (!up) {
      return true;
    }
    if (effectsUntilCrash < 0 || effectsUntilCrash-- > 0) {
      return false;
    }
    crash();
    return true;
  }

  /** The process stands still; it will do afterwards what came meanwhile. */
  void pause(long duration) {
    note("pauses");
    pausedUntil = Math.max(pausedUntil, sim.queue().now() + duration);
  }

  long pausedUntil() {
    return pausedUntil;
  }

  /** Whatever is planned against this node is called off. */
  void recoverFully() {
    effectsUntilCrash = -1;
    setLowSpace(false);
    disk.failNextWrite(false);
    disk.duringNextWrite(null);
  }

  boolean isSpaceLow() {
    return lowSpace;
  }

  void setLowSpace(boolean low) {
    lowSpace = low;
    acceptor().ifPresent(acceptor -> acceptor.setLowSpace(low));
  }

  private void note(String what) {
    sim.trace().add(3, index * 1000L + what.hashCode());
    sim.trace().say("%s  %s", this, what);
  }

  @Override
  public String toString() {
    return name;
  }
}
