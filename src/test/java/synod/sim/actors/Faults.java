package synod.sim.actors;

import java.time.Duration;
import java.util.SplittableRandom;
import synod.paxos.Role;
import synod.sim.actors.Day.Fault;

/** Does the harm that the day asks for, at random times, and in the end puts all right. */
final class Faults {
  private static final long MILLI = Day.MILLI;
  private static final long LONGEST_PAUSE = 600 * MILLI;

  private final ActorSimulation sim;
  private final SplittableRandom random;
  private boolean over;

  Faults(ActorSimulation sim) {
    this.sim = sim;
    this.random = sim.random();
  }

  void start() {
    sim.day().faults().forEach(this::plan);
  }

  /** Faults of one kind come one after the other; those of different kinds together. */
  private void plan(Fault fault, long mean) {
    long lasting = 5 * MILLI + random.nextLong(mean);
    afterwards(
        random.nextLong(2 * mean),
        () -> {
          strike(fault, victim(), lasting);
          afterwards(lasting, () -> plan(fault, mean));
        });
  }

  private void strike(Fault fault, Host victim, long lasting) {
    sim.trace().say("%s strikes %s", fault, victim);
    if (!victim.isUp()) {
      return;
    }
    switch (fault) {
      case ROLE_STOP -> stop(victim, anyRole(), lasting / MILLI);
      case STOP_IN_WRITE -> victim.disk().duringNextWrite(() -> stopInWrite(victim));
      case NODE_CRASH -> crash(victim);
      case PARTITION -> partition(victim, lasting);
      case PAUSE -> victim.pause(Math.min(lasting, LONGEST_PAUSE));
      case FAILED_WRITE -> failWrite(victim);
      case LOW_SPACE -> {
        victim.disk().setSpaceLow(true);
        afterwards(1_000 * MILLI + lasting, () -> victim.disk().setSpaceLow(false));
      }
      case CLOCK_JUMP -> victim.setWallSkew(skew());
      case HANDOVER -> victim.machine().node().handOver();
    }
  }

  /** The leader more often than not, as that hurts most. */
  private Host victim() {
    Host any = sim.anyHost();
    return random.nextInt(3) == 0
        ? any
        : sim.hosts().stream()
            .filter(host -> host.isUp() && host.view().leading())
            .findFirst()
            .orElse(any);
  }

  private Role anyRole() {
    return Role.values()[random.nextInt(Role.values().length)];
  }

  private static void stop(Host host, Role role, long downtimeMillis) {
    host.machine().node().stop(role, Duration.ofMillis(downtimeMillis));
  }

  private void stopInWrite(Host victim) {
    int what = random.nextInt(5);
    if (!over && victim.isUp()) {
      if (what == 0) {
        crash(victim);
      } else {
        stop(victim, what < 3 ? Role.ACCEPTOR : Role.PROPOSER, 1);
      }
    }
  }

  /** The process is gone and comes back some time later. */
  private void crash(Host host) {
    host.crash();
    sim.queue().after(millis(5, 400), host::start);
  }

  /** The process lives on without its disk until somebody starts it anew. */
  private void failWrite(Host host) {
    host.disk().failNextWrite(true);
    afterwards(millis(50, 600), () -> replaceDisk(host));
  }

  private static void replaceDisk(Host host) {
    if (host.disk().hasFailed()) {
      host.crash();
      host.start();
    }
  }

  private void partition(Host victim, long lasting) {
    boolean in = random.nextInt(3) > 0;
    boolean out = !in || random.nextBoolean();
    cut(victim, in, out, 1);
    afterwards(lasting, () -> cut(victim, in, out, -1));
  }

  private void cut(Host victim, boolean in, boolean out, int by) {
    for (Host other : sim.hosts()) {
      if (out) {
        sim.network().cut(victim.index(), other.index(), by);
      }
      if (in) {
        sim.network().cut(other.index(), victim.index(), by);
      }
    }
  }

  private long skew() {
    long[] skews = {0, -3_600_000, -5_000, 5_000, 100_000, 3_600_000};
    return skews[random.nextInt(skews.length)];
  }

  /** Does something later, unless all faults are over by then. */
  private void afterwards(long delay, Runnable action) {
    sim.queue()
        .after(
            delay,
            () -> {
              if (!over) {
                action.run();
              }
            });
  }

  /** No faults any more: ways are whole, processes up, disks sound, roles left alone. */
  void end() {
    over = true;
    sim.network().heal();
    for (Host host : sim.hosts()) {
      host.disk().setSpaceLow(false);
      host.disk().failNextWrite(false);
      replaceDisk(host);
      host.start();
      host.machine().node().calmDown();
    }
  }

  private long millis(int least, int most) {
    return (least + random.nextInt(most - least)) * MILLI;
  }
}
