package synod.cli.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * One figure of one node, or of all together, over time.
 *
 * @param node null if it is about all together
 * @param seconds when, since the load began
 * @param values at those times; NaN where it isn't known
 */
record SoakSeries(Figure figure, String node, double[] seconds, double[] values) {
  /** The run's parts that are compared for the drift: the first one is for getting going. */
  private static final int PARTS = 5;

  /** Of all nodes that there are, or the single one of all together. */
  static List<SoakSeries> of(List<SoakSample> samples, Figure figure) {
    List<SoakSeries> all = new ArrayList<>();
    if (samples.stream().anyMatch(sample -> sample.store().containsKey(figure))) {
      all.add(of(samples, figure, null, sample -> sample.store().get(figure)));
    }
    samples.stream()
        .flatMap(sample -> sample.nodes().keySet().stream())
        .distinct()
        .sorted()
        .map(node -> of(samples, figure, node, sample -> sample.nodes().get(node).get(figure)))
        .filter(SoakSeries::isKnown)
        .forEach(all::add);
    return all;
  }

  private static SoakSeries of(
      List<SoakSample> samples, Figure figure, String node, Function<SoakSample, Double> value) {
    return new SoakSeries(
        figure,
        node,
        samples.stream().mapToDouble(SoakSample::seconds).toArray(),
        samples.stream()
            .map(value)
            .mapToDouble(number -> number == null ? Double.NaN : number)
            .toArray());
  }

  private boolean isKnown() {
    return IntStream.range(0, values.length).anyMatch(i -> !Double.isNaN(values[i]));
  }

  /**
   * Of the samples in a part of the time, the beginning left out; NaN if none of them knows it.
   *
   * @param from in seconds
   * @param to in seconds
   */
  double mean(double from, double to) {
    return IntStream.range(0, values.length)
        .filter(i -> seconds[i] > from && seconds[i] <= to)
        .mapToDouble(i -> values[i])
        .filter(value -> !Double.isNaN(value))
        .average()
        .orElse(Double.NaN);
  }

  /** Of the whole run. */
  Results.Spread spread() {
    return Results.Spread.of(values);
  }

  /** The last value that is known; NaN if none is. */
  double last() {
    return IntStream.iterate(values.length - 1, i -> i >= 0, i -> i - 1)
        .mapToDouble(i -> values[i])
        .filter(value -> !Double.isNaN(value))
        .findFirst()
        .orElse(Double.NaN);
  }

  /**
   * By how much the mean of the last fifth of the time is above that of the second fifth, as a part
   * of it; NaN if there isn't one to compare with.
   */
  double drift() {
    double end = seconds[seconds.length - 1];
    double part = end / PARTS;
    double drift = mean(end - part, end) / mean(part, 2 * part) - 1;
    return Double.isFinite(drift) ? drift : Double.NaN;
  }
}
