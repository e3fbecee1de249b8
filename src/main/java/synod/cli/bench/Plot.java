package synod.cli.bench;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Throughput against latency as an SVG: for each operation a panel, in it for each target the
 * median latency (a line) and the 99th percentile (dashed) at each load. Readable on light and
 * dark.
 */
final class Plot {
  private static final int WIDTH = 760;
  private static final int PANEL = 400;
  private static final int LEFT = 80;
  private static final int RIGHT = 40;
  private static final int TOP = 60;
  private static final int BOTTOM = 60;
  private static final int X_TICKS = 6;

  private final Results results;
  private final List<String> targets;
  private final Set<String> operations = new LinkedHashSet<>();
  private final Svg svg;

  /** One load on one target. */
  private record Point(String label, double rate, double p50, double p99) {}

  private Plot(Results results) {
    this.results = results;
    this.targets = List.copyOf(results.targets());
    results.loads().forEach(load -> operations.add(load.operation()));
    this.svg =
        new Svg(
            WIDTH,
            Math.max(1, operations.size()) * PANEL,
            "Throughput against latency: " + String.join(", ", operations));
  }

  static String draw(Results results) {
    return new Plot(results).draw();
  }

  private String draw() {
    int top = 0;
    for (String operation : operations) {
      new Panel(operation, top).draw();
      top += PANEL;
    }
    return svg.end();
  }

  /** The loads of one operation. */
  private final class Panel {
    private final String operation;
    private final int top;
    private final List<List<Point>> lines = new ArrayList<>();
    private final double rateMax;
    private final double latencyMin;
    private final double latencyMax;

    private Panel(String operation, int top) {
      this.operation = operation;
      this.top = top;
      targets.forEach(target -> lines.add(points(target)));
      List<Point> all = lines.stream().flatMap(List::stream).toList();
      rateMax = all.stream().mapToDouble(Point::rate).max().orElse(1) * 1.1;
      latencyMin = Svg.round(all.stream().mapToDouble(Point::p50).min().orElse(1), false);
      latencyMax =
          Math.max(
              2 * latencyMin,
              Svg.round(all.stream().mapToDouble(Point::p99).max().orElse(1), true));
    }

    private List<Point> points(String target) {
      return results.loads().stream()
          .filter(load -> load.operation().equals(operation))
          .filter(load -> !results.rounds(target, load).isEmpty())
          .map(
              load ->
                  new Point(
                      load.strength(),
                      results.spread(target, load, Figure.RATE).median(),
                      Math.max(1, results.spread(target, load, Figure.P50).median()),
                      Math.max(1, results.spread(target, load, Figure.P99).median())))
          .toList();
    }

    private void draw() {
      svg.add(
          "<text class=\"title\" x=\"%d\" y=\"%d\">%s</text>",
          LEFT, top + 24, Svg.escape(operation));
      axes();
      for (int i = 0; i < targets.size(); i++) {
        String colour = Svg.colour(i);
        svg.add(
            "<text class=\"%s\" x=\"%d\" y=\"%d\">%s</text>",
            colour, LEFT + 80 + 110 * i, top + 24, Svg.escape(targets.get(i)));
        line(lines.get(i), colour);
      }
      svg.add(
          "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">line: p50, dashed: p99</text>",
          WIDTH - RIGHT, top + 24);
    }

    private void axes() {
      double step = Svg.round(rateMax / X_TICKS, true);
      for (double rate = 0; rate <= rateMax; rate += step) {
        svg.add(
            "<line class=\"grid\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\"/>",
            x(rate), top + TOP, x(rate), top + PANEL - BOTTOM);
        svg.add(
            "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%,.0f</text>",
            x(rate), top + PANEL - BOTTOM + 20, rate);
      }
      for (double latency = latencyMin;
          latency <= latencyMax * 1.001;
          latency = Svg.above(latency)) {
        svg.add(
            "<line class=\"grid\" x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\"/>",
            LEFT, y(latency), WIDTH - RIGHT, y(latency));
        svg.add(
            "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
            LEFT - 8, y(latency) + 4, Svg.time(latency));
      }
      svg.add(
          "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">operations a second; the numbers beside points are operations under way, or the rate aimed at</text>",
          (LEFT + WIDTH - RIGHT) / 2, top + PANEL - BOTTOM + 42);
    }

    private void line(List<Point> points, String colour) {
      if (points.isEmpty()) {
        return;
      }
      StringBuilder p50 = new StringBuilder();
      StringBuilder p99 = new StringBuilder();
      for (Point point : points) {
        p50.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(point.rate()), y(point.p50())));
        p99.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(point.rate()), y(point.p99())));
      }
      svg.add("<polyline class=\"line %s\" points=\"%s\"/>", colour, p50.toString().strip());
      svg.add("<polyline class=\"line p99 %s\" points=\"%s\"/>", colour, p99.toString().strip());
      for (Point point : points) {
        svg.add(
            "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"/>",
            colour, x(point.rate()), y(point.p50()));
        svg.add(
            "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>",
            colour, x(point.rate()) + 7, y(point.p50()) + 15, Svg.escape(point.label()));
      }
    }

    private double x(double rate) {
      return LEFT + rate / rateMax * (WIDTH - LEFT - RIGHT);
    }

    private double y(double latency) {
      double share = Math.log(latency / latencyMin) / Math.log(latencyMax / latencyMin);
      return top + PANEL - BOTTOM - share * (PANEL - TOP - BOTTOM);
    }
  }
}
