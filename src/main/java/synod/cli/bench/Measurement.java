package synod.cli.bench;

import java.util.Map;

/**
 * What one round on one target came to.
 *
 * @param round from 1
 * @param figures all of them
 */
record Measurement(String target, Load load, int round, Map<Figure, Double> figures) {
  Measurement {
    figures = Map.copyOf(figures);
  }

  double get(Figure figure) {
    return figures.getOrDefault(figure, Double.NaN);
  }
}
