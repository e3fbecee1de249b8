package synod.cli.torture;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import synod.cli.LocalNode;

/**
 * Disks fill up. Below the mark nodes refuse new values and come back by themselves; a disk that is
 * full at once may fail a write, after which the acceptor has stopped for good and its process must
 * be started again.
 *
 * @param count of nodes whose disks fill up
 * @param full whether nothing is left at all
 */
record DiskFault(Lab lab, Disks disks, String variant, int count, boolean full) implements Fault {
  /** Room for what is written while new values are refused. */
  private static final long LEFT_BYTES = Lab.LOW_SPACE_BYTES * 3 / 4;

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
      victims.forEach(node -> disks.fill(node.name(), full ? 0 : LEFT_BYTES));
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
      for (LocalNode node : victims) {
        try {
          JsonNode status = lab.http().status(node);
          if (status.path("lowSpace").asBoolean()) {
            refusing.add(node);
          }
          if (!status.path("live").asBoolean()) {
            failed.add(node);
          }
        } catch (IOException e) {
          failed.remove(node); // unknown; looked at again
        }
      }
    }

    @Override
    public void heal() {
      watch();
      victims.forEach(node -> disks.free(node.name()));
      if (full) {
        for (LocalNode node : failed) {
          node.kill();
          lab.start(node);
        }
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
                  : "; a write failed, so stopped for good and started again: "
                      + failed.stream().map(LocalNode::name).collect(Collectors.joining(" "))));
    }
  }
}
