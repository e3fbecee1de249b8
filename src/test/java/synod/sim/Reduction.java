package synod.sim;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Less than a seed asks for, to make a failure small: some kinds of harm left out, and fewer
 * operations by fewer clients. With the same reduction a seed gives the same run.
 *
 * @param without names of {@link Swarm.Fault} and {@link Weather}
 * @param operations at most so many
 * @param clients at most so many
 */
record Reduction(Set<String> without, int operations, int clients) {
  static final Reduction NONE = new Reduction(Set.of(), Integer.MAX_VALUE, Integer.MAX_VALUE);

  /** The harm that isn't done by the nemesis, but lies in networks and disks themselves. */
  enum Weather {
    LOSS,
    DOUBLES,
    LATE,
    SLOW_KIND,
    STALLS
  }

  Reduction {
    without = Set.copyOf(without);
    for (String name : without) {
      if (!names().contains(name)) {
        throw new IllegalArgumentException(
            "unknown fault " + name + "; there are " + String.join(", ", names()));
      }
    }
  }

  /** All that can be left out. */
  static Set<String> names() {
    Set<String> names = new TreeSet<>();
    EnumSet.allOf(Swarm.Fault.class).forEach(fault -> names.add(fault.name()));
    EnumSet.allOf(Weather.class).forEach(weather -> names.add(weather.name()));
    return names;
  }

  /** What of all that is on in a swarm. */
  static Set<String> on(Swarm swarm) {
    Set<String> on = new TreeSet<>();
    swarm.faults().keySet().forEach(fault -> on.add(fault.name()));
    Swarm.Net net = swarm.net();
    addIf(on, Weather.LOSS, net.lossPerMille() > 0);
    addIf(on, Weather.DOUBLES, net.doublePerMille() > 0);
    addIf(on, Weather.LATE, net.latePerMille() > 0);
    addIf(on, Weather.SLOW_KIND, !net.slow().isEmpty());
    addIf(on, Weather.STALLS, swarm.disk().stallPerMille() > 0);
    return on;
  }

  private static void addIf(Set<String> on, Weather weather, boolean is) {
    if (is) {
      on.add(weather.name());
    }
  }

  Swarm of(Swarm swarm) {
    Map<Swarm.Fault, Long> faults = new EnumMap<>(Swarm.Fault.class);
    swarm
        .faults()
        .forEach(
            (fault, mean) -> {
              if (!without.contains(fault.name())) {
                faults.put(fault, mean);
              }
            });
    return new Swarm(
        swarm.acceptors(),
        swarm.learners(),
        swarm.quorums(),
        swarm.settings(),
        net(swarm.net()),
        lacks(Weather.STALLS) ? swarm.disk().healthy() : swarm.disk(),
        faults,
        Math.min(swarm.clients(), clients),
        Math.min(swarm.operations(), operations),
        swarm.keys(),
        swarm.pace(),
        swarm.commitBytes(),
        swarm.snapshots());
  }

  private Swarm.Net net(Swarm.Net net) {
    return new Swarm.Net(
        net.delay(),
        net.jitter(),
        lacks(Weather.LOSS) ? 0 : net.lossPerMille(),
        lacks(Weather.DOUBLES) ? 0 : net.doublePerMille(),
        lacks(Weather.LATE) ? 0 : net.latePerMille(),
        net.lateBy(),
        lacks(Weather.SLOW_KIND) ? Set.of() : net.slow());
  }

  private boolean lacks(Weather weather) {
    return without.contains(weather.name());
  }

  /** As options of the command line; empty for nothing. */
  String options() {
    StringBuilder options = new StringBuilder();
    if (!without.isEmpty()) {
      options.append(" --without ").append(String.join(",", new TreeSet<>(without)));
    }
    if (operations != Integer.MAX_VALUE) {
      options.append(" --operations ").append(operations);
    }
    if (clients != Integer.MAX_VALUE) {
      options.append(" --clients ").append(clients);
    }
    return options.toString();
  }
}
