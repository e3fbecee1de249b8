package synod.cli.torture;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import synod.cli.LocalNode;

/**
 * Disks fill up. Below the mark nodes refuse new values and come back by themselves. On a disk
 * without a byte left a write or a start may fail; then the node has stopped for good, and is
 * started again when there is room, which is counted.
 *
 * @param count of nodes whose disks fill up
 */
record DiskFault(Lab lab, Disks disks, String variant, int count, Depth depth) implements Fault {
  /** How full. */
  enum Depth {
    /** Below the mark, with room for what is written while new values are refused. */
    NEARLY,
    /** To the last byte, faster than nodes look at their disks. */
    FULL,
    /** To the last byte, and killed and started again on that. */
    STARTED_ON
  }

  private static final long LEFT_BYTES = Lab.LOW_SPACE_BYTES * 3 / 4;

  private static final long NOT_YET_LOW_BYTES = Lab.LOW_SPACE_BYTES * 5 / 4;

  /** A start on a full disk has failed or succeeded by then. */
  private static final Duration START_PATIENCE = Duration.ofSeconds(30);

  private static final Duration POLL = Duration.ofMillis(200);
  private static final int SHORTEST_MILLIS = 3_500;
  private static final int LONGEST_MILLIS = 6_000;

  @Override
  public Kind kind() {
    return Kind.DISK_FULL;
  }

  @Override
  public Strike strike(Random random) {
    int millis = random.nextInt(SHORTEST_MILLIS, LONGEST_MILLIS);
    List<LocalNode> victims = new ArrayList<>(lab.nodes());
    Collections.shuffle(victims, random);
    if (random.nextBoolean()) {
      lab.leader().ifPresent(leader -> toFront(leader, victims));
    }
    return new Filled(victims.subList(0, count), millis);
  }

  private static void toFront(LocalNode node, List<LocalNode> nodes) {
    nodes.remove(node);
    nodes.add(0, node);
  }

  private final class Filled implements Strike {
    private final List<LocalNode> victims;
    private final int millis;
    private final Set<LocalNode> refusing = new HashSet<>();
    private final Set<LocalNode> failed = new HashSet<>();

    Filled(List<LocalNode> victims, int millis) {
      this.victims = victims;
      this.millis = millis;
      for (LocalNode node : victims) {
        disks.fill(node.name(), depth == Depth.NEARLY ? LEFT_BYTES : NOT_YET_LOW_BYTES);
      }
      if (depth != Depth.NEARLY) {
        victims.forEach(node -> disks.fill(node.name(), 0));
      }
      if (depth == Depth.STARTED_ON) {
        victims.forEach(LocalNode::kill);
        victims.forEach(lab::start);
      }
    }

    @Override
    public String what() {
      return victims.stream().map(LocalNode::name).collect(Collectors.joining(" "));
    }

    @Override
    public long millis() {
      return millis;
    }

    @Override
    public void watch() {
      victims.forEach(this::isDecided);
    }

    /** Whether the node has told how it is, or will never. */
    private boolean isDecided(LocalNode node) {
      if (!node.isAlive()) {
        failed.add(node);
        return true;
      }
      try {
        JsonNode status = lab.http().status(node);
        if (status.path("lowSpace").asBoolean()) {
          refusing.add(node);
        }
        if (!status.path("live").asBoolean()) {
          failed.add(node);
        }
        return true;
      } catch (IOException e) {
        return false;
      }
    }

    /** A node that needn't have stopped is not helped. */
    @Override
    public void heal() {
      long deadline = System.nanoTime() + START_PATIENCE.toNanos();
      for (LocalNode node : victims) {
        while (!isDecided(node) && System.nanoTime() - deadline < 0) {
          LockSupport.parkNanos(POLL.toNanos());
        }
      }
      victims.forEach(node -> disks.free(node.name()));
      if (depth != Depth.NEARLY) {
        failed.forEach(LocalNode::kill);
        failed.forEach(lab::start);
      }
    }

    @Override
    public Bite bite() {
      Set<LocalNode> bitten = new HashSet<>(refusing);
      bitten.addAll(failed);
      return new Bite(
          bitten.containsAll(victims),
          refusing.size()
              + " refused new values"
              + (failed.isEmpty()
                  ? ""
                  : "; stopped for good and had to be started again: "
                      + failed.stream().map(LocalNode::name).collect(Collectors.joining(" "))));
    }
  }
}
