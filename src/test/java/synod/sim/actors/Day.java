package synod.sim.actors;

import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import synod.node.NodeConfig;
import synod.paxos.Role;

/**
 * What one schedule is made of: how many nodes and clients there are, and which faults are on and
 * how strong. All of it is drawn from the seed.
 *
 * @param formed whether the cluster exists already; if not, the nodes have to form it
 * @param faults the mean time between two faults of a kind, in nanoseconds; absent if it is off
 * @param pace the mean time that a client waits between two operations, in nanoseconds
 */
record Day(
    int nodes,
    boolean formed,
    NodeConfig.Timing timing,
    NodeConfig.Limits limits,
    NodeConfig.Chaos chaos,
    Net net,
    Disk disk,
    Map<Fault, Long> faults,
    int clients,
    int operations,
    int keys,
    long pace,
    long snapshotAfterBytes) {
  static final long MILLI = 1_000_000;

  /** What happens beside the nodes' own chaos. */
  enum Fault {
    ROLE_STOP,
    /** A role stops, or the process ends, while a write is under way. */
    STOP_IN_WRITE,
    NODE_CRASH,
    PARTITION,
    /** A process stands still and goes on later. */
    PAUSE,
    FAILED_WRITE,
    LOW_SPACE,
    CLOCK_JUMP,
    HANDOVER
  }

  /**
   * How messages fare. Times in nanoseconds.
   *
   * @param latePerMille how many are late, by up to {@code lateBy}
   */
  record Net(
      long delay,
      long jitter,
      int lossPerMille,
      int doublePerMille,
      int latePerMille,
      long lateBy) {
    Net healthy() {
      return new Net(delay, jitter, 0, 0, 0, 1);
    }
  }

  /** Times in nanoseconds. */
  record Disk(long latency, long jitter, int stallPerMille, long stallFor) {
    Disk healthy() {
      return new Disk(latency, jitter, 0, 1);
    }
  }

  static Day draw(SplittableRandom random) {
    int clients = 2 + random.nextInt(4);
    int operations = 80;
    return new Day(
        pick(random, 1, 3, 3, 5, 5, 5, 5, 5),
        random.nextInt(4) > 0,
        timing(random),
        new NodeConfig.Limits(
            pick(random, 1, 2, 4),
            pick(random, 100, 10_000),
            1_000,
            pick(random, 300, 128 << 10, 128 << 10),
            0,
            0,
            pick(random, 0, 0, 2_000),
            1 << 20,
            1 << 20),
        chaos(random),
        net(random),
        disk(random),
        faults(random),
        clients,
        operations,
        1 + random.nextInt(4),
        2_500 * MILLI * clients / operations,
        pick(random, 500, 5_000, 1 << 20));
  }

  private static NodeConfig.Timing timing(SplittableRandom random) {
    return new NodeConfig.Timing(
        Duration.ofMillis(pick(random, 30, 60)),
        Duration.ofMillis(150),
        Duration.ofMillis(300),
        Duration.ofMillis(pick(random, 20, 50)),
        Duration.ofSeconds(1),
        Duration.ofSeconds(2),
        Duration.ofMillis(1));
  }

  private static NodeConfig.Chaos chaos(SplittableRandom random) {
    Set<Role> roles = EnumSet.noneOf(Role.class);
    if (random.nextInt(3) > 0) {
      for (Role role : Role.values()) {
        if (random.nextBoolean()) {
          roles.add(role);
        }
      }
    }
    int shortest = pick(random, 1, 20, 100);
    return new NodeConfig.Chaos(
        roles,
        Duration.ofMillis(pick(random, 300, 1_000, 3_000)),
        Duration.ofMillis(shortest),
        Duration.ofMillis(shortest + pick(random, 1, 50, 400)),
        random.nextLong());
  }

  private static Net net(SplittableRandom random) {
    boolean lossy = random.nextInt(3) == 0;
    boolean doubling = random.nextInt(3) == 0;
    boolean late = random.nextInt(2) == 0;
    return new Net(
        pick(random, 100, 300, 2_000) * 1_000L,
        pick(random, 100, 1_000, 10_000) * 1_000L,
        lossy ? pick(random, 10, 50, 150) : 0,
        doubling ? pick(random, 10, 100, 300) : 0,
        late ? pick(random, 5, 20, 100) : 0,
        pick(random, 20, 200, 1_000) * MILLI);
  }

  private static Disk disk(SplittableRandom random) {
    boolean stalls = random.nextInt(4) == 0;
    return new Disk(
        pick(random, 100, 500, 3_000) * 1_000L,
        pick(random, 100, 2_000, 10_000) * 1_000L,
        stalls ? pick(random, 5, 20) : 0,
        pick(random, 20, 100, 500) * MILLI);
  }

  private static Map<Fault, Long> faults(SplittableRandom random) {
    Map<Fault, Long> faults = new EnumMap<>(Fault.class);
    for (int count = random.nextInt(5); count > 0; count--) {
      Fault fault = Fault.values()[random.nextInt(Fault.values().length)];
      // A process takes real time to start, so few of them end.
      boolean costly = fault == Fault.NODE_CRASH || fault == Fault.FAILED_WRITE;
      int mean = costly ? pick(random, 800, 2_000) : pick(random, 100, 300, 900);
      faults.put(fault, mean * MILLI);
    }
    return faults;
  }

  String[] names() {
    return IntStream.rangeClosed(1, nodes).mapToObj(i -> "n" + i).toArray(String[]::new);
  }

  private static int pick(SplittableRandom random, int... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
