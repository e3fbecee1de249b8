package synod.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import synod.paxos.PaxosSettings;
import synod.paxos.Quorums;

/**
 * What one schedule is made of: the cluster, its clients, and which faults are on and how strong.
 * All of it is drawn from the seed, so that every schedule is a different kind of bad day.
 *
 * @param acceptors names of the nodes that run all roles
 * @param learners names of further nodes, which only learn and serve clients
 * @param faults the mean time between two faults of a kind, in nanoseconds; absent if it is off
 * @param pace the mean time that a client waits between two operations, in nanoseconds
 * @param commitBytes how much a learner gathers before it commits
 */
record Swarm(
    List<String> acceptors,
    List<String> learners,
    Quorums quorums,
    PaxosSettings settings,
    Net net,
    Disk disk,
    Map<Fault, Long> faults,
    int clients,
    int operations,
    int keys,
    long pace,
    long commitBytes,
    Snapshots snapshots) {

  /** What the nemesis can do. */
  enum Fault {
    /** A role stops and comes back. */
    ROLE_STOP,
    /** A role stops, or the process ends, while a write is under way, and is back at once. */
    STOP_IN_WRITE,
    NODE_CRASH,
    /** The process ends between two effects of one step. */
    CRASH_MIDWAY,
    PARTITION,
    FLAPPING_LINK,
    /** Everything that goes to a node, or comes from it, is late. */
    LAG,
    /** A leader is cut off, its successor crashes, and the first comes back. */
    TAKEOVER,
    /** A process stands still and goes on later. */
    PAUSE,
    FAILED_WRITE,
    LOW_SPACE,
    CLOCK_JUMP,
    HANDOVER
  }

  /** Those that do no harm unless they last. */
  private static final Set<Fault> LASTING =
      EnumSet.of(Fault.PARTITION, Fault.LAG, Fault.TAKEOVER, Fault.PAUSE);

  /**
   * How messages fare. Times in nanoseconds.
   *
   * @param latePerMille how many are late, by up to {@code lateBy}
   * @param slow messages of these kinds are late more often than not
   */
  record Net(
      long delay,
      long jitter,
      int lossPerMille,
      int doublePerMille,
      int latePerMille,
      long lateBy,
      Set<String> slow) {
    Net healthy() {
      return new Net(delay, jitter, 0, 0, 0, 1, Set.of());
    }
  }

  /** Times in nanoseconds. */
  record Disk(long latency, long jitter, int stallPerMille, long stallFor) {
    Disk healthy() {
      return new Disk(latency, jitter, 0, 1);
    }
  }

  /**
   * @param everySlots after how many slots a learner takes one
   * @param damagePerMille how many parts are damaged on their way to the disk
   */
  record Snapshots(long everySlots, int damagePerMille) {}

  static final long MILLI = 1_000_000;

  static Swarm draw(SplittableRandom random) {
    int n = pick(random, 1, 3, 3, 3, 5, 5, 5, 5, 5, 7);
    List<String> acceptors = names("n", n);
    int q1 = n / 2 + 1;
    int q2 = q1;
    if (n > 1 && random.nextInt(8) == 0) {
      q2 = 1 + random.nextInt(n);
      q1 = n - q2 + 1 + random.nextInt(q2);
    }
    int clients = 3 + random.nextInt(8);
    int operations = 200;
    return new Swarm(
        acceptors,
        names("z", random.nextInt(6) == 0 ? 1 : 0),
        new Quorums(acceptors, q1, q2),
        settings(random),
        net(random),
        disk(random),
        faults(random),
        clients,
        operations,
        1 + random.nextInt(5),
        4_000 * MILLI * clients / operations,
        pick(random, 0, 1_000, 10_000),
        new Snapshots(pick(random, 1, 7, 25, 100_000), random.nextInt(8) == 0 ? 20 : 0));
  }

  private static PaxosSettings settings(SplittableRandom random) {
    return new PaxosSettings(
        Duration.ofMillis(pick(random, 30, 60)),
        Duration.ofMillis(150),
        Duration.ofMillis(300),
        Duration.ofMillis(pick(random, 20, 50)),
        pick(random, 1, 2, 2, 4),
        pick(random, 60, 500, 10_000),
        pick(random, 30, 200, 10_000));
  }

  private static Net net(SplittableRandom random) {
    boolean lossy = random.nextInt(3) == 0;
    boolean doubling = random.nextInt(3) == 0;
    boolean late = random.nextInt(2) == 0;
    return new Net(
        pick(random, 100, 300, 2_000) * 1_000L,
        pick(random, 100, 1_000, 10_000) * 1_000L,
        lossy ? pick(random, 10, 50, 200) : 0,
        doubling ? pick(random, 10, 100, 300) : 0,
        late ? pick(random, 5, 20, 100) : 0,
        pick(random, 20, 200, 1_000) * MILLI,
        slow(random));
  }

  private static Set<String> slow(SplittableRandom random) {
    List<String> kinds =
        List.of(
            "Prepare",
            "Promise",
            "Accept",
            "Accepted",
            "Rejected",
            "Heartbeat",
            "HeartbeatAck",
            "Chosen",
            "AcceptedEntries",
            "Submit",
            "ReadIndexRequest",
            "ReadIndex");
    return random.nextInt(3) == 0 ? Set.of(kinds.get(random.nextInt(kinds.size()))) : Set.of();
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
    List<Fault> kinds = new ArrayList<>(List.of(Fault.values()));
    kinds.addAll(List.of(Fault.PARTITION, Fault.LAG, Fault.TAKEOVER, Fault.HANDOVER));
    for (int count = random.nextInt(6); count > 0; count--) {
      Fault fault = kinds.get(random.nextInt(kinds.size()));
      boolean lasting = LASTING.contains(fault);
      int mean = lasting ? pick(random, 300, 900, 2_000) : pick(random, 60, 150, 400, 1_000);
      faults.put(fault, mean * MILLI);
    }
    return faults;
  }

  private static List<String> names(String prefix, int count) {
    List<String> names = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      names.add(prefix + i);
    }
    return names;
  }

  private static int pick(SplittableRandom random, int... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
