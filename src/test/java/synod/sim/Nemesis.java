package synod.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import synod.paxos.Role;
import synod.sim.Swarm.Fault;

/** Does the harm that the schedule asks for, at random times, and in the end puts all right. */
final class Nemesis {
  private static final long MILLI = Swarm.MILLI;
  private static final long AT_ONCE = MILLI / 20;
  private static final long LONGEST_PAUSE = 600 * MILLI;

  /** Which ways of a node are cut. */
  private enum Ways {
    IN,
    OUT,
    BOTH
  }

  private final Simulation sim;
  private final SplittableRandom random;
  private boolean stopped;

  Nemesis(Simulation sim) {
    this.sim = sim;
    this.random = sim.random();
  }

  void start() {
    sim.swarm().faults().forEach(this::plan);
  }

  /** Faults of one kind come one after the other; those of different kinds together. */
  private void plan(Fault fault, long mean) {
    long lasting = 5 * MILLI + random.nextLong(mean);
    long wait = random.nextLong(2 * mean);
    afterwards(
        wait,
        () -> {
          strike(fault, lasting);
          afterwards(lasting, () -> plan(fault, mean));
        });
  }

  private void strike(Fault fault, long lasting) {
    SimNode victim = victim();
    sim.trace().say("%s strikes %s", fault, victim);
    switch (fault) {
      case ROLE_STOP -> victim.stop(anyRole(), lasting);
      case STOP_IN_WRITE -> stopInWrite(victim);
      case NODE_CRASH -> victim.crash();
      case CRASH_MIDWAY -> victim.crashAfter(random.nextInt(40));
      case PARTITION -> partition(victim, lasting);
      case FLAPPING_LINK -> flap(victim, sim.anyNode(), lasting);
      case LAG -> lag(victim, lasting);
      case TAKEOVER -> takeOver(victim, lasting);
      case PAUSE -> victim.pause(Math.min(lasting, LONGEST_PAUSE));
      case FAILED_WRITE -> victim.disk().failNextWrite(true);
      case LOW_SPACE -> lowSpace(victim, lasting);
      case CLOCK_JUMP -> victim.setWallSkew(skew());
      case HANDOVER -> victim.proposer().ifPresent(ProposerLife::handOver);
    }
  }

  /** The leader more often than not, as that hurts most. */
  private SimNode victim() {
    SimNode any = sim.anyNode();
    return random.nextInt(3) > 0 ? leader(null).orElse(any) : any;
  }

  private Optional<SimNode> leader(SimNode notThis) {
    return sim.nodes().stream()
        .filter(node -> node != notThis)
        .filter(node -> node.proposer().filter(ProposerLife::leads).isPresent())
        .findFirst();
  }

  private Role anyRole() {
    return Role.values()[random.nextInt(Role.values().length)];
  }

  // Roles and processes

  private void stopInWrite(SimNode victim) {
    int what = random.nextInt(3);
    victim
        .disk()
        .duringNextWrite(
            () -> {
              if (what == 0) {
                victim.crash();
              } else {
                victim.stop(what == 1 ? Role.ACCEPTOR : Role.PROPOSER, AT_ONCE);
              }
            });
  }

  /** The process is gone and comes back some time later. */
  void crashed(SimNode node) {
    sim.queue().after(millis(5, 400), () -> restart(node));
  }

  /** The process lives on without its disk until somebody looks after it. */
  void storageLost(SimNode node) {
    sim.queue().after(millis(5, 400), () -> replaceDisk(node));
  }

  private static void restart(SimNode node) {
    if (!node.isUp()) {
      node.start();
    }
  }

  private static void replaceDisk(SimNode node) {
    if (node.disk().hasFailed()) {
      node.crash();
    }
  }

  // The network

  private void partition(SimNode victim, long lasting) {
    int kind = random.nextInt(6);
    if (kind < 4) {
      Ways ways = kind == 0 ? Ways.IN : kind == 1 ? Ways.OUT : Ways.BOTH;
      cut(victim, ways, 1);
      afterwards(lasting, () -> cut(victim, ways, -1));
      return;
    }
    long sides = random.nextLong();
    List<int[]> links = new ArrayList<>();
    for (SimNode from : sim.nodes()) {
      for (SimNode to : sim.nodes()) {
        boolean apart = (sides >> from.index() & 1) != (sides >> to.index() & 1);
        if (from != to && (kind == 4 ? apart : random.nextInt(3) == 0)) {
          links.add(new int[] {from.index(), to.index()});
        }
      }
    }
    links.forEach(link -> sim.network().cut(link[0], link[1], 1));
    afterwards(lasting, () -> links.forEach(link -> sim.network().cut(link[0], link[1], -1)));
  }

  private void cut(SimNode victim, Ways ways, int by) {
    for (SimNode other : sim.nodes()) {
      if (ways != Ways.IN) {
        sim.network().cut(victim.index(), other.index(), by);
      }
      if (ways != Ways.OUT) {
        sim.network().cut(other.index(), victim.index(), by);
      }
    }
  }

  private void flap(SimNode from, SimNode to, long lasting) {
    if (lasting > 0) {
      long off = millis(2, 40);
      long on = millis(2, 40);
      sim.network().cut(from.index(), to.index(), 1);
      afterwards(
          off,
          () -> {
            sim.network().cut(from.index(), to.index(), -1);
            afterwards(on, () -> flap(from, to, lasting - off - on));
          });
    }
  }

  /** A leader is cut off, its successor crashes, and the first one is back. */
  private void takeOver(SimNode victim, long lasting) {
    Ways ways = Ways.values()[random.nextInt(3)];
    cut(victim, ways, 1);
    afterwards(
        lasting,
        () -> {
          leader(victim).ifPresent(SimNode::crash);
          afterwards(millis(1, 30), () -> cut(victim, ways, -1));
        });
  }

  /**
   * What a node is sent, or what it sends, takes longer and longer; it may not be heard at all
   * while it still hears the past.
   */
  private void lag(SimNode victim, long lasting) {
    boolean towards = random.nextBoolean();
    boolean mute = towards && random.nextBoolean();
    long by = millis(10, 100);
    long[] total = {0};
    for (long at = 0; at < Math.min(lasting, 8 * by); at += by) {
      afterwards(
          at,
          () -> {
            total[0] += by;
            lag(victim, towards, by);
          });
    }
    if (mute) {
      afterwards(lasting / 3, () -> cut(victim, Ways.OUT, 1));
    }
    afterwards(
        lasting,
        () -> {
          lag(victim, towards, -total[0]);
          if (mute) {
            cut(victim, Ways.OUT, -1);
          }
        });
  }

  private void lag(SimNode victim, boolean towards, long by) {
    for (SimNode other : sim.nodes()) {
      SimNode from = towards ? other : victim;
      SimNode to = towards ? victim : other;
      sim.network().lag(from.index(), to.index(), by);
    }
  }

  // The machine

  private void lowSpace(SimNode node, long lasting) {
    node.setLowSpace(true);
    afterwards(lasting, () -> node.setLowSpace(false));
  }

  private long skew() {
    long[] skews = {0, -3_600_000, -5_000, 5_000, 100_000, 3_600_000};
    return skews[random.nextInt(skews.length)];
  }

  // The end

  /** Does something later, unless all faults are over by then. */
  private void afterwards(long delay, Runnable action) {
    sim.queue()
        .after(
            delay,
            () -> {
              if (!stopped) {
                action.run();
              }
            });
  }

  /** No faults any more: links are whole, nodes up, disks sound. */
  void stop() {
    stopped = true;
    sim.network().heal();
    for (SimNode node : sim.nodes()) {
      node.recoverFully();
      replaceDisk(node);
      restart(node);
    }
  }

  private long millis(int least, int most) {
    return (least + random.nextInt(most - least)) * MILLI;
  }
}
