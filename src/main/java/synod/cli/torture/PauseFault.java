package synod.cli.torture;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import synod.cli.LocalNode;
import synod.cli.workload.Cast;

/** SIGSTOP of the leader for longer than every timeout of the nodes, then SIGCONT. */
record PauseFault(Lab lab) implements Fault {
  /** Above synod.timing.request-timeout, the longest of them. */
  private static final int SHORTEST_MILLIS = 5_200;

  private static final int LONGEST_MILLIS = 7_500;

  @Override
  public Kind kind() {
    return Kind.PAUSE;
  }

  @Override
  public String variant() {
    return "leader";
  }

  @Override
  public Strike strike(Random random) {
    int millis = random.nextInt(SHORTEST_MILLIS, LONGEST_MILLIS);
    LocalNode fallback = lab.nodes().get(random.nextInt(Lab.NODES));
    Optional<LocalNode> leader = lab.leader();
    return new Paused(leader.orElse(fallback), leader.isPresent(), millis);
  }

  private final class Paused implements Strike {
    private final LocalNode victim;
    private final boolean led;
    private final int millis;
    private final long start;
    private final List<LocalNode> others;
    private long pausedMillis;
    private boolean throughout;
    private String successor = "";

    Paused(LocalNode victim, boolean led, int millis) {
      this.victim = victim;
      this.led = led;
      this.millis = millis;
      victim.pause();
      start = System.nanoTime();
      others = lab.nodes().stream().filter(node -> node != victim).toList();
    }

    @Override
    public String what() {
      return victim.name() + (led ? "" : " (nobody led)");
    }

    @Override
    public long millis() {
      return millis;
    }

    @Override
    public void watch() {
      Cast cast = Cast.look(others, lab.http());
      cast.leader().ifPresent(name -> successor = name + " at ballot " + cast.ballot(name));
    }

    @Override
    public void heal() {
      throughout = victim.state() == LocalNode.State.PAUSED;
      pausedMillis = (System.nanoTime() - start) / 1_000_000;
      victim.resume();
    }

    @Override
    public Bite bite() {
      return new Bite(
          led && throughout && pausedMillis >= SHORTEST_MILLIS && !successor.isEmpty(),
          String.format(
              Locale.ROOT,
              "paused for %.1f s, %s",
              pausedMillis / 1e3,
              successor.isEmpty() ? "nobody took over" : "meanwhile led " + successor));
    }
  }
}
