package synod.cli.torture;

import java.util.HashMap;
import java.util.Map;
import synod.cli.workload.Cast;

/**
 * Adds up how often chaos stopped roles, over the lives of processes, each of which counts anew.
 */
final class RoleStops {
  private final Map<String, Long> last = new HashMap<>();
  private long total;

  /** What a process counted after the last look before its end is not known. */
  void look(Cast cast) {
    cast.stops()
        .forEach(
            (role, stops) -> {
              long before = last.getOrDefault(role, 0L);
              total += stops >= before ? stops - before : stops;
              last.put(role, stops);
            });
  }

  long total() {
    return total;
  }
}
