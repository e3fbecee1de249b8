package synod.cli.torture;

import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import synod.cli.CommandFailedException;
import synod.cli.LocalNode;
import synod.cli.workload.Cast;

/**
 * Does one fault after the other, waits after each until all nodes are well again, and goes on.
 * What it does and in which order, the seed decides; only who leads, it can't.
 */
final class Nemesis {
  /** Nodes must come back by themselves within this time. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final long WATCH_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final int SHORTEST_REST_MILLIS = 1_000;
  private static final int LONGEST_REST_MILLIS = 2_500;

  private final Lab lab;
  private final Schedule schedule;
  private final Random random;
  private final long kinds;
  private final Narration narration;
  private final Availability availability;
  private final List<Event> events = new ArrayList<>();
  private final RoleStops stops = new RoleStops();

  /** Tells what happens, in lines for a person. */
  interface Narration {
    void line(String text);
  }

  Nemesis(Lab lab, List<Fault> faults, long seed, Availability availability, Narration narration) {
    this.lab = lab;
    this.availability = availability;
    this.random = new Random(seed);
    this.schedule = new Schedule(faults, random);
    this.kinds = faults.stream().map(Fault::kind).distinct().count();
    this.narration = narration;
  }

  /**
   * Goes on until the time is over, and one fault of each kind was done.
   *
   * @throws CommandFailedException if a node doesn't come back
   */
  void run(long endNanos) {
    while (System.nanoTime() - endNanos < 0 || events.size() < kinds) {
      Fault fault = schedule.next();
      apply(fault, new Random(random.nextLong()));
      rest(random.nextInt(SHORTEST_REST_MILLIS, LONGEST_REST_MILLIS));
    }
  }

  private void apply(Fault fault, Random draws) {
    long start = System.nanoTime();
    Fault.Strike strike = fault.strike(draws);
    narration.line(fault.label() + ": " + strike.what());
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(strike.millis());
    while (System.nanoTime() - end < 0) {
      strike.watch();
      LockSupport.parkNanos(Math.min(WATCH_NANOS, Math.max(1, end - System.nanoTime())));
    }
    strike.heal();
    long healed = System.nanoTime();
    Fault.Bite bite = strike.bite();
    awaitWell(fault.label());
    Event event = new Event(fault, strike.what(), bite, start, healed, System.nanoTime());
    events.add(event);
    narration.line(
        String.format(
            Locale.ROOT,
            "  %s: %s; no writes for %.1f s, all nodes back after %.1f s",
            bite.bit() ? "bit" : "DID NOT BITE",
            bite.evidence(),
            availability.longestGapNanos(start, event.backNanos()) / 1e9,
            event.backMillis() / 1e3));
  }

  private void awaitWell(String after) {
    try {
      lab.cluster().awaitServing(lab.nodes(), PATIENCE, waiting -> {});
    } catch (CommandFailedException e) {
      throw new CommandFailedException("after " + after + ": " + e.getMessage(), e);
    }
    for (LocalNode node : lab.nodes()) {
      requireLive(node, after);
    }
    stops.look(Cast.look(lab.nodes(), lab.http()));
  }

  private void requireLive(LocalNode node, String after) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        var answer = lab.http().get(node, "/health/live");
        if (answer.statusCode() == 200) {
          return;
        }
        throw new CommandFailedException(
            "after %s: %s needs a hand: %s"
                .formatted(after, node.name(), new String(answer.body())));
      } catch (IOException e) {
        // Five JVMs that have just started together on a small machine may take their time.
        if (!(e instanceof HttpTimeoutException) || System.nanoTime() - end >= 0) {
          throw new CommandFailedException(
              "after %s: %s doesn't answer: %s".formatted(after, node.name(), e), e);
        }
      }
    }
  }

  private void rest(int millis) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (System.nanoTime() - end < 0) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
    stops.look(Cast.look(lab.nodes(), lab.http()));
  }

  /** Ends the chaos of roles; what is down comes back by itself. */
  void calm() {
    stops.look(Cast.look(lab.nodes(), lab.http()));
    for (LocalNode node : lab.nodes()) {
      try {
        lab.http().put(node, "/v1/chaos", Map.of("roles", List.of()));
      } catch (IOException e) {
        throw new CommandFailedException(node.name() + " doesn't answer: " + e, e);
      }
    }
  }

  List<Event> events() {
    return List.copyOf(events);
  }

  long roleStops() {
    return stops.total();
  }
}
