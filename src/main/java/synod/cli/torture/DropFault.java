package synod.cli.torture;

import java.util.List;
import java.util.Random;
import synod.cli.LocalNode;
import synod.cli.torture.Network.Drop;

/** Packets that don't arrive: partitions of several forms, and loss. */
record DropFault(Lab lab, Network network, Kind kind, String variant, Plan plan) implements Fault {
  private static final int SHORTEST_MILLIS = 3_500;
  private static final int LONGEST_MILLIS = 7_000;

  /** Draws what is to be lost. */
  interface Plan {
    /**
     * @param leader as of now, or any node if nobody leads
     */
    Cut draw(Lab lab, Network network, LocalNode leader, Random random);
  }

  /**
   * @param what for people
   */
  record Cut(String what, List<Drop> drops) {}

  @Override
  public Strike strike(Random random) {
    int millis = random.nextInt(SHORTEST_MILLIS, LONGEST_MILLIS);
    LocalNode any = lab.nodes().get(random.nextInt(Lab.NODES));
    return new Dropping(plan.draw(lab, network, lab.leader().orElse(any), random), millis);
  }

  private final class Dropping implements Strike {
    private final Cut cut;
    private final int millis;
    private List<Long> tried = List.of();
    private List<Long> dropped = List.of();

    Dropping(Cut cut, int millis) {
      this.cut = cut;
      this.millis = millis;
      network.drop(cut.drops());
    }

    @Override
    public String what() {
      return cut.what();
    }

    @Override
    public long millis() {
      return millis;
    }

    @Override
    public void heal() {
      tried = network.tried(cut.drops());
      dropped = network.dropped(cut.drops());
      network.heal();
    }

    /** Every way that was to be cut must have been tried. */
    @Override
    public Bite bite() {
      long silent = tried.stream().filter(count -> count == 0).count();
      long lost = dropped.stream().mapToLong(Long::longValue).sum();
      return new Bite(
          tried.size() == cut.drops().size() && silent == 0 && lost > 0,
          "%d packets dropped by %d rules%s"
              .formatted(
                  lost,
                  dropped.size(),
                  silent == 0 ? "" : ", none came to " + silent + " of them"));
    }
  }
}
