package synod.cli.torture;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import synod.cli.LocalNode;

/** {@code kill -9} of some nodes at once; they are started again after a while. */
record KillFault(Lab lab, String variant, int count) implements Fault {
  private static final int SHORTEST_MILLIS = 500;
  private static final int LONGEST_MILLIS = 3_000;

  @Override
  public Kind kind() {
    return Kind.KILL;
  }

  @Override
  public Strike strike(Random random) {
    List<LocalNode> victims = new ArrayList<>(lab.nodes());
    Collections.shuffle(victims, random);
    return new Killed(victims.subList(0, count), random.nextInt(SHORTEST_MILLIS, LONGEST_MILLIS));
  }

  private final class Killed implements Strike {
    private final List<LocalNode> victims;
    private final int millis;
    private final long alive;
    private final long dead;

    Killed(List<LocalNode> victims, int millis) {
      this.victims = victims;
      this.millis = millis;
      alive = victims.stream().filter(LocalNode::isAlive).count();
      victims.parallelStream().forEach(LocalNode::kill);
      dead = victims.stream().filter(node -> !node.isAlive()).count();
    }

    @Override
    public String what() {
      return victims.stream().map(LocalNode::name).sorted().collect(Collectors.joining(" "));
    }

    @Override
    public long millis() {
      return millis;
    }

    @Override
    public void heal() {
      victims.forEach(lab::start);
    }

    @Override
    public Bite bite() {
      return new Bite(
          alive == count && dead == count,
          "%d of %d processes were gone at once".formatted(dead, alive));
    }
  }
}
