package synod.cli.torture;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The order of the faults, which the seed decides: in rounds, each of which has every fault once,
 * and begins with one of each kind, so that a short run has seen them all.
 */
final class Schedule {
  private final List<Fault> faults;
  private final Random random;
  private final Deque<Fault> round = new ArrayDeque<>();

  /**
   * @param faults at least one
   */
  Schedule(List<Fault> faults, Random random) {
    this.faults = List.copyOf(faults);
    this.random = random;
  }

  Fault next() {
    if (round.isEmpty()) {
      draw();
    }
    return round.remove();
  }

  private void draw() {
    List<Fault> shuffled = new ArrayList<>(faults);
    Collections.shuffle(shuffled, random);
    Map<Kind, Deque<Fault>> kinds = new LinkedHashMap<>();
    for (Fault fault : shuffled) {
      kinds.computeIfAbsent(fault.kind(), kind -> new ArrayDeque<>()).add(fault);
    }
    while (round.size() < faults.size()) {
      kinds.values().stream().filter(kind -> !kind.isEmpty()).forEach(k -> round.add(k.remove()));
    }
  }
}
