package synod.cli.bench;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * How throughput and latency change with a size, as an SVG: a panel for the throughput and one for
 * the median latency (a line) and the 99th percentile (dashed), in each a line for every target and
 * load. The sizes stand at equal distances, both scales are logarithmic.
 */
final class GrowthPlot {
  private static final int WIDTH = 760;
  private static final int PANEL = 360;
  private static final int LEFT = 80;
  private static final int RIGHT = 130;
  private static final int TOP = 50;
  private static final int BOTTOM = 60;
  private static final double ROOM = 0.08;

  private final Results results;
  private final List<Size.Varied> sizes;
  private final Svg svg;

  /** A line's place, for its name; lines that end close to each other are named apart. */
  private final List<Double> named = new ArrayList<>();

  private GrowthPlot(Results results) {
    this.results = results;
    Set<Size.Varied> distinct = new LinkedHashSet<>();
    results.loads().forEach(load -> distinct.add(load.varied()));
    this.sizes = List.copyOf(distinct);
    this.svg = new Svg(WIDTH, 2 * PANEL, "How throughput and latency grow");
  }

  static String draw(Results results) {
    return new GrowthPlot(results).draw();
  }

  private String draw() {
    panel(0, "operations a second", List.of(Figure.RATE));
    panel(PANEL, "latency: line p50, dashed p99", List.of(Figure.P50, Figure.P99));
    return svg.end();
  }

  private void panel(int top, String title, List<Figure> figures) {
    double[] all =
        figures.stream()
            .flatMapToDouble(
                figure ->
                    results.loads().stream()
                        .flatMapToDouble(
                            load ->
                                results.targets().stream()
                                    .mapToDouble(target -> value(target, load, figure))))
            .filter(Double::isFinite)
            .sorted()
            .toArray();
    if (all.length == 0) {
      return;
    }
    double least = Svg.round(all[0], false);
    Scale scale = new Scale(top, least, Math.max(2 * least, Svg.round(all[all.length - 1], true)));
    svg.add("<text class=\"title\" x=\"%d\" y=\"%d\">%s</text>", LEFT, top + 24, title);
    axes(scale, figures.contains(Figure.RATE));
    named.clear();
    int line = 0;
    for (String target : results.targets()) {
      for (String load : names()) {
        for (Figure figure : figures) {
          line(scale, target, load, figure, Svg.colour(line));
        }
        line++;
      }
    }
  }

  private Set<String> names() {
    Set<String> names = new LinkedHashSet<>();
    results.loads().forEach(load -> names.add(load.name()));
    return names;
  }

  private void axes(Scale scale, boolean isRate) {
    for (double at = scale.least(); at <= scale.most() * 1.001; at = Svg.above(at)) {
      svg.add(
          "<line class=\"grid\" x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\"/>",
          LEFT, scale.y(at), WIDTH - RIGHT, scale.y(at));
      svg.add(
          "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
          LEFT - 8,
          scale.y(at) + 4,
          isRate ? String.format(Locale.ROOT, "%,.0f", at) : Svg.time(at));
    }
    for (Size.Varied size : sizes) {
      svg.add(
          "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%,d</text>",
          x(size), scale.top() + PANEL - BOTTOM + 20, size.value());
    }
    svg.add(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>",
        (LEFT + WIDTH - RIGHT) / 2, scale.top() + PANEL - BOTTOM + 42, sizes.get(0).name());
  }

  private void line(Scale scale, String target, String name, Figure figure, String colour) {
    StringBuilder points = new StringBuilder();
    double lastX = 0;
    double lastY = 0;
    for (Load load : results.loads()) {
      double value = value(target, load, figure);
      if (load.name().equals(name) && Double.isFinite(value)) {
        lastX = x(load.varied());
        lastY = scale.y(value);
        points.append(String.format(Locale.ROOT, "%.1f,%.1f ", lastX, lastY));
        svg.add("<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"3\"/>", colour, lastX, lastY);
      }
    }
    svg.add(
        "<polyline class=\"line %s%s\" points=\"%s\"/>",
        figure == Figure.P99 ? "p99 " : "", colour, points.toString().strip());
    if (figure != Figure.P99 && !points.isEmpty()) {
      double y = lastY;
      while (taken(y)) {
        y += 1;
      }
      named.add(y);
      svg.add(
          "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>",
          colour, lastX + 8, y + 4, Svg.escape(target + " " + name));
    }
  }

  private boolean taken(double y) {
    return named.stream().anyMatch(other -> Math.abs(other - y) < 14);
  }

  /** NaN if it wasn't measured. */
  private double value(String target, Load load, Figure figure) {
    return results.spread(target, load, figure).median();
  }

  private double x(Size.Varied size) {
    double share = sizes.size() == 1 ? 0.5 : sizes.indexOf(size) / (sizes.size() - 1.0);
    return LEFT + (ROOM + share * (1 - 2 * ROOM)) * (WIDTH - LEFT - RIGHT);
  }

  /** From values to heights in one panel. */
  private record Scale(int top, double least, double most) {
    private double y(double value) {
      double share = Math.log(value / least) / Math.log(most / least);
      return top + PANEL - BOTTOM - share * (PANEL - TOP - BOTTOM);
    }
  }
}
