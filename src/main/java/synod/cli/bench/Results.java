package synod.cli.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.DoubleStream;

/**
 * All that was measured so far, and why there isn't more. One thread adds; any may read at any
 * time.
 */
final class Results {
  private final List<Measurement> measurements = new ArrayList<>();
  private final List<String> shortfalls = new ArrayList<>();

  /** The middle of some rounds, and their extremes. */
  record Spread(double median, double least, double most) {
    /** Of numbers, those left out that aren't any. */
    static Spread of(DoubleStream values) {
      double[] sorted = values.filter(value -> !Double.isNaN(value)).sorted().toArray();
      if (sorted.length == 0) {
        return new Spread(Double.NaN, Double.NaN, Double.NaN);
      }
      int middle = sorted.length / 2;
      double median =
          sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
      return new Spread(median, sorted[0], sorted[sorted.length - 1]);
    }

    static Spread of(double... values) {
      return of(Arrays.stream(values));
    }
  }

  synchronized void add(Measurement measurement) {
    measurements.add(measurement);
  }

  /**
   * Notes that the run is less than it should have been.
   *
   * @param why in a sentence for a person
   */
  synchronized void fallShort(String why) {
    shortfalls.add(why);
  }

  /** Why there is less than was asked for; empty if it is all there. */
  synchronized List<String> shortfalls() {
    return List.copyOf(shortfalls);
  }

  synchronized List<Measurement> measurements() {
    return List.copyOf(measurements);
  }

  Set<Load> loads() {
    return distinct(Measurement::load);
  }

  Set<String> targets() {
    return distinct(Measurement::target);
  }

  private <T> Set<T> distinct(Function<Measurement, T> of) {
    Set<T> distinct = new LinkedHashSet<>();
    measurements().forEach(measurement -> distinct.add(of.apply(measurement)));
    return distinct;
  }

  List<Measurement> rounds(String target, Load load) {
    return measurements().stream()
        .filter(each -> each.target().equals(target) && each.load().equals(load))
        .toList();
  }

  Spread spread(String target, Load load, Figure figure) {
    return Spread.of(rounds(target, load).stream().mapToDouble(each -> each.get(figure)));
  }

  /**
   * How a target compares with another: the ratio in each round that both have, so that what slowed
   * the machine down for a while slowed both.
   */
  Spread ratio(String target, String base, Load load, Figure figure) {
    List<Measurement> bases = rounds(base, load);
    return Spread.of(
        rounds(target, load).stream()
            .flatMapToDouble(
                mine ->
                    bases.stream()
                        .filter(other -> other.round() == mine.round())
                        .mapToDouble(other -> mine.get(figure) / other.get(figure)))
            .filter(Double::isFinite));
  }
}
