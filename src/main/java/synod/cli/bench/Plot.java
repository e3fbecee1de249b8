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
  private static final int[] STEPS = {1, 2, 5};
  private static final int COLOURS = 3;

  /** Without variables, which many programs that show SVG don't know. */
  private static final String STYLE =
      """
      <style>
        .paper { fill: #ffffff }
        text { fill: #1f2328; font: 13px system-ui, sans-serif }
        .title { font-size: 15px; font-weight: 600 }
        .grid { stroke: #d0d7de; stroke-width: 1 }
        .line { fill: none; stroke-width: 2 }
        .p99 { stroke-dasharray: 6 4 }
        .c0 { stroke: #0072b2 } .c1 { stroke: #c14a00 } .c2 { stroke: #00795a }
        circle.c0, circle.c1, circle.c2, text.c0, text.c1, text.c2 { stroke: none }
        circle.c0, text.c0 { fill: #0072b2 }
        circle.c1, text.c1 { fill: #c14a00 }
        circle.c2, text.c2 { fill: #00795a }
        @media (prefers-color-scheme: dark) {
          .paper { fill: #0d1117 }
          text { fill: #e6edf3 }
          .grid { stroke: #30363d }
          .c0 { stroke: #56b4e9 } .c1 { stroke: #f0a04b } .c2 { stroke: #3fc79a }
          circle.c0, text.c0 { fill: #56b4e9 }
          circle.c1, text.c1 { fill: #f0a04b }
          circle.c2, text.c2 { fill: #3fc79a }
        }
      </style>
      """;

  private final Results results;
  private final List<String> targets;
  private final StringBuilder svg = new StringBuilder();

  /** One load on one target. */
  private record Point(String label, double rate, double p50, double p99) {}

  private Plot(Results results) {
    this.results = results;
    this.targets = List.copyOf(results.targets());
  }

  static String draw(Results results) {
    return new Plot(results).draw();
  }

  private String draw() {
    Set<String> operations = new LinkedHashSet<>();
    results.loads().forEach(load -> operations.add(load.operation()));
    int height = Math.max(1, operations.size()) * PANEL;
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\">",
        WIDTH, height, WIDTH, height);
    add("<title>Throughput against latency: %s</title>", escape(String.join(", ", operations)));
    svg.append(STYLE);
    add("<rect width=\"%d\" height=\"%d\" class=\"paper\"/>", WIDTH, height);
    int top = 0;
    for (String operation : operations) {
      new Panel(operation, top).draw();
      top += PANEL;
    }
    return svg.append("</svg>\n").toString();
  }

  private void add(String format, Object... arguments) {
    svg.append(String.format(Locale.ROOT, format, arguments)).append('\n');
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
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
      latencyMin = round(all.stream().mapToDouble(Point::p50).min().orElse(1), false);
      latencyMax =
          Math.max(
              2 * latencyMin, round(all.stream().mapToDouble(Point::p99).max().orElse(1), true));
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
      add("<text class=\"title\" x=\"%d\" y=\"%d\">%s</text>", LEFT, top + 24, escape(operation));
      axes();
      for (int i = 0; i < targets.size(); i++) {
        String colour = "c" + i % COLOURS;
        add(
            "<text class=\"%s\" x=\"%d\" y=\"%d\">%s</text>",
            colour, LEFT + 80 + 110 * i, top + 24, escape(targets.get(i)));
        line(lines.get(i), colour);
      }
      add(
          "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">line: p50, dashed: p99</text>",
          WIDTH - RIGHT, top + 24);
    }

    private void axes() {
      double step = round(rateMax / X_TICKS, true);
      for (double rate = 0; rate <= rateMax; rate += step) {
        add(
            "<line class=\"grid\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\"/>",
            x(rate), top + TOP, x(rate), top + PANEL - BOTTOM);
        add(
            "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%,.0f</text>",
            x(rate), top + PANEL - BOTTOM + 20, rate);
      }
      for (double latency = latencyMin; latency <= latencyMax * 1.001; latency = above(latency)) {
        add(
            "<line class=\"grid\" x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\"/>",
            LEFT, y(latency), WIDTH - RIGHT, y(latency));
        add(
            "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
            LEFT - 8, y(latency) + 4, time(latency));
      }
      add(
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
      add("<polyline class=\"line %s\" points=\"%s\"/>", colour, p50.toString().strip());
      add("<polyline class=\"line p99 %s\" points=\"%s\"/>", colour, p99.toString().strip());
      for (Point point : points) {
        add(
            "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"/>",
            colour, x(point.rate()), y(point.p50()));
        add(
            "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>",
            colour, x(point.rate()) + 7, y(point.p50()) + 15, escape(point.label()));
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

  private static String time(double micros) {
    if (micros >= 1e6) {
      return String.format(Locale.ROOT, "%.0f s", micros / 1e6);
    }
    return String.format(
        Locale.ROOT, micros >= 1e3 ? "%.0f ms" : "%.0f µs", micros >= 1e3 ? micros / 1e3 : micros);
  }

  /** The next number of the series 1, 2, 5, 10, 20 and so on. */
  private static double above(double number) {
    return round(number * 1.01, true);
  }

  /** The nearest number of that series that isn't below, or isn't above. */
  private static double round(double number, boolean up) {
    double decade = Math.pow(10, Math.floor(Math.log10(number)));
    double below = decade;
    for (int step : STEPS) {
      if (step * decade >= number * 0.9999 && up) {
        return step * decade;
      }
      if (step * decade <= number * 1.0001) {
        below = step * decade;
      }
    }
    return up ? 10 * decade : below;
  }
}
