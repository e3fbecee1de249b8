package synod.cli.demo;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import synod.cli.LocalNode;
import synod.cli.workload.Cast;
import synod.cli.workload.NodeHttp;

/**
 * The demo's chaos: every node's own scheduler stops roles at random, and the demo itself sees to
 * it that within the time each role of each node is hit, two acceptors at once, and the leader's
 * proposer.
 */
final class DemoChaos {
  /** Who is stopped. */
  enum Mode {
    ACCEPTORS,
    ALL,
    OFF
  }

  private static final List<String> ALL_ROLES =
      List.of("acceptor", "proposer", "learner", "gateway");
  private static final int SHORTEST_MILLIS = 400;
  private static final int LONGEST_MILLIS = 1_500;

  /** Each of the two that are to be down together is away for this long. */
  private static final String TOGETHER = "1500ms";

  /** Shots are fired in this part of the time, so that the last ones are back before the end. */
  private static final double LAST_SHOT = 0.85;

  private final Mode mode;
  private final List<LocalNode> nodes;
  private final NodeHttp http;
  private final Random random;
  private final Deque<Shot> plan = new ArrayDeque<>();
  private long intervalNanos;

  /** When the next shot was planned, and when it may be fired or tried again. */
  private long dueAt;

  private long nextShotAt;
  private boolean leaderHit;
  private boolean twoAcceptorsHit;

  /** One role of one node; the node is null where it depends on who leads, or on who is up. */
  private record Shot(LocalNode node, String role) {}

  DemoChaos(Mode mode, List<LocalNode> nodes, NodeHttp http, long seed) {
    this.mode = mode;
    this.nodes = nodes;
    this.http = http;
    this.random = new Random(seed);
  }

  private List<String> roles() {
    return switch (mode) {
      case OFF -> List.of();
      case ACCEPTORS -> List.of("acceptor");
      case ALL -> ALL_ROLES;
    };
  }

  void start(long now, long durationNanos) throws IOException {
    if (mode == Mode.OFF) {
      return;
    }
    List<Shot> shots = new ArrayList<>();
    for (LocalNode node : nodes) {
      roles().forEach(role -> shots.add(new Shot(node, role)));
    }
    Collections.shuffle(shots, random);
    // What must wait for its moment comes first, and has the whole time for it.
    plan.add(new Shot(null, "acceptor"));
    if (mode == Mode.ALL) {
      plan.add(new Shot(null, "proposer"));
    }
    plan.addAll(shots);
    intervalNanos = (long) (durationNanos * LAST_SHOT / (plan.size() + 1));
    dueAt = now + intervalNanos;
    nextShotAt = dueAt;
    schedule(roles());
  }

  /** Ends the random stops; what is down comes back by itself. */
  void stop() throws IOException {
    if (mode != Mode.OFF) {
      schedule(List.of());
    }
  }

  private void schedule(List<String> roles) throws IOException {
    for (LocalNode node : nodes) {
      boolean done =
          http.put(
              node,
              "/v1/chaos",
              Map.of(
                  "roles",
                  roles,
                  "meanTimeBetweenFailures",
                  mode == Mode.ALL ? "15s" : "6s",
                  "downtimeMin",
                  SHORTEST_MILLIS + "ms",
                  "downtimeMax",
                  LONGEST_MILLIS + "ms"));
      if (!done) {
        throw new IOException(node.name() + " refused the chaos schedule");
      }
    }
  }

  /**
   * Fires the next planned shot if it is due; one that misses, since its target is down already, is
   * tried again soon, and the later ones make up for the time.
   */
  void proceed(long now, Cast cast) throws IOException {
    if (plan.isEmpty() || now < nextShotAt) {
      return;
    }
    Shot shot = plan.element();
    boolean hit =
        shot.node() != null
            ? kill(shot.node(), shot.role(), downtime())
            : shot.role().equals("proposer") ? killLeader(cast) : killTwoAcceptors(cast);
    if (hit) {
      plan.remove();
      dueAt += intervalNanos;
      nextShotAt = Math.max(dueAt, now + intervalNanos / 2);
    } else {
      nextShotAt = now + TimeUnit.MILLISECONDS.toNanos(100);
    }
  }

  private boolean killLeader(Cast cast) throws IOException {
    Optional<String> leader = cast.leader();
    if (leader.isEmpty()) {
      return false;
    }
    boolean hit = kill(node(leader.get()), "proposer", downtime());
    leaderHit |= hit;
    return hit;
  }

  private boolean killTwoAcceptors(Cast cast) throws IOException {
    if (nodes.size() < 3) {
      return true;
    }
    // One more would take the quorum of five away.
    if (nodes.size() <= 5 && !cast.downAcceptors().isEmpty()) {
      return false;
    }
    List<LocalNode> victims = new ArrayList<>(nodes);
    Collections.shuffle(victims, random);
    boolean both =
        kill(victims.get(0), "acceptor", TOGETHER) & kill(victims.get(1), "acceptor", TOGETHER);
    twoAcceptorsHit |= both;
    return both;
  }

  private boolean kill(LocalNode node, String role, String downtime) throws IOException {
    return http.post(node, "/v1/chaos/kill", Map.of("role", role, "downtime", downtime));
  }

  private String downtime() {
    return SHORTEST_MILLIS + random.nextInt(LONGEST_MILLIS - SHORTEST_MILLIS) + "ms";
  }

  private LocalNode node(String name) {
    return nodes.stream().filter(node -> node.name().equals(name)).findAny().orElseThrow();
  }

  /** What this chaos should have hit and hasn't; empty if it bit as it should. */
  List<String> missed(Cast end) {
    List<String> missed = new ArrayList<>();
    for (LocalNode node : nodes) {
      for (String role : roles()) {
        if (end.stops().getOrDefault(node.name() + " " + role, 0L) == 0) {
          missed.add("the " + role + " of " + node.name() + " was never stopped");
        }
      }
    }
    if (mode == Mode.ALL && !leaderHit) {
      missed.add("the leader's proposer was never stopped");
    }
    if (mode != Mode.OFF && nodes.size() >= 3 && !twoAcceptorsHit) {
      missed.add("two acceptors were never down at once");
    }
    return missed;
  }
}
