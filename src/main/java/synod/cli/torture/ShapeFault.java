package synod.cli.torture;

import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import synod.cli.CommandFailedException;
import synod.cli.LocalNode;

/**
 * Nodes send slowly or late.
 *
 * @param evidence the number in the kernel's statistics that must be above zero
 */
record ShapeFault(Lab lab, Network network, Kind kind, String unit, Pattern evidence, Plan plan)
    implements Fault {
  private static final int SHORTEST_MILLIS = 3_500;
  private static final int LONGEST_MILLIS = 7_000;

  /** Draws the words of a queueing discipline. */
  interface Plan {
    String draw(Random random);
  }

  static ShapeFault bandwidth(Lab lab, Network network) {
    return new ShapeFault(
        lab,
        network,
        Kind.BANDWIDTH,
        "packets had to wait",
        Pattern.compile("overlimits (\\d+)"),
        random -> "tbf rate " + random.nextInt(250, 1_500) + "kbit burst 8kb latency 800ms");
  }

  static ShapeFault latency(Lab lab, Network network) {
    return new ShapeFault(
        lab,
        network,
        Kind.LATENCY,
        "packets were late",
        Pattern.compile("Sent \\d+ bytes (\\d+) pkt"),
        random -> {
          int millis = random.nextInt(10, 150);
          return "netem delay " + millis + "ms " + millis / 3 + "ms";
        });
  }

  @Override
  public String variant() {
    return "";
  }

  @Override
  public Strike strike(Random random) {
    return new Shaped(plan.draw(random), random.nextInt(SHORTEST_MILLIS, LONGEST_MILLIS));
  }

  private final class Shaped implements Strike {
    private final String discipline;
    private final int millis;
    private List<Long> counts = List.of();

    Shaped(String discipline, int millis) {
      this.discipline = discipline;
      this.millis = millis;
      for (LocalNode node : lab.nodes()) {
        network.shape(node.name(), discipline.split(" "));
      }
    }

    @Override
    public String what() {
      return discipline + " at all nodes";
    }

    @Override
    public long millis() {
      return millis;
    }

    @Override
    public void heal() {
      counts = lab.nodes().stream().map(node -> network.statistic(node.name(), evidence)).toList();
      lab.nodes().forEach(node -> network.unshape(node.name()));
    }

    @Override
    public Bite bite() {
      long bitten = counts.stream().filter(count -> count > 0).count();
      long total = counts.stream().mapToLong(Long::longValue).sum();
      return new Bite(bitten > 0, "%d %s at %d nodes".formatted(total, unit, bitten));
    }
  }

  /** Why the kernel can't do this; empty if it can. */
  String whyNot() {
    String node = lab.nodes().get(0).name();
    try {
      network.shape(node, plan.draw(new Random(0)).split(" "));
      network.unshape(node);
      return "";
    } catch (CommandFailedException e) {
      return e.getMessage();
    }
  }
}
