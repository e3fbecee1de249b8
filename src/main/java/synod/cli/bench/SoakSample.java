package synod.cli.bench;

import java.util.Map;

/**
 * What was read at one moment of a long run.
 *
 * @param seconds since the load began
 * @param store figures of all together, over the time since the sample before
 * @param nodes figures of each node at that moment, by its name; none of one that didn't answer
 */
record SoakSample(
    double seconds, Map<Figure, Double> store, Map<String, Map<Figure, Double>> nodes) {
  SoakSample {
    store = Map.copyOf(store);
  }
}
