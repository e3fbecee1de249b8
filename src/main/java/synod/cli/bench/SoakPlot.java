package synod.cli.bench;

import java.util.List;
import java.util.Locale;

/**
 * What a long run took up over time as an SVG: small panels with the same axis of time, in each a
 * line for every node, or one for all together. Every scale begins at 0, so that what looks flat is
 * flat.
 */
final class SoakPlot {
  private static final int WIDTH = 960;
  private static final int COLUMNS = 2;
  private static final int HEAD = 40;
  private static final int PANEL_WIDTH = WIDTH / COLUMNS;
  private static final int PANEL_HEIGHT = 210;
  private static final int LEFT = 70;
  private static final int RIGHT = 30;
  private static final int TOP = 34;
  private static final int BOTTOM = 40;
  private static final int TICKS = 4;
  private static final double MINUTE = 60;

  /** Below so many seconds, time is shown in seconds. */
  private static final double MINUTES_FROM = 180;

  private static final List<Panel> PANELS =
      List.of(
          new Panel("data directory, MiB", Figure.DISK, null),
          new Panel("slots in the log", Figure.LOG_SLOTS, null),
          new Panel("log, dashed state, MiB", Figure.LOG_DISK, Figure.STATE_DISK),
          new Panel("changes that can be watched, MiB", Figure.HISTORY, null),
          new Panel("heap used, dashed what is long-lived, MiB", Figure.HEAP, Figure.LIVE),
          new Panel("resident memory, MiB", Figure.RESIDENT, null),
          new Panel("operations a second", Figure.RATE, null),
          new Panel("latency p50, dashed p99, µs", Figure.P50, Figure.P99),
          new Panel("processor time for 1,000 operations, ms", Figure.CPU, null));

  private final List<SoakSample> samples;
  private final List<Panel> panels;
  private final double end;
  private final Svg svg;

  /**
   * @param dashed null for none
   */
  private record Panel(String title, Figure line, Figure dashed) {}

  private SoakPlot(List<SoakSample> samples) {
    this.samples = samples;
    this.panels =
        PANELS.stream().filter(panel -> !SoakSeries.of(samples, panel.line()).isEmpty()).toList();
    this.end = samples.isEmpty() ? 1 : samples.get(samples.size() - 1).seconds();
    int rows = (panels.size() + COLUMNS - 1) / COLUMNS;
    this.svg = new Svg(WIDTH, HEAD + rows * PANEL_HEIGHT, "What a long run takes up over time");
  }

  static String draw(List<SoakSample> samples) {
    return new SoakPlot(samples).draw();
  }

  private String draw() {
    names();
    for (int i = 0; i < panels.size(); i++) {
      draw(panels.get(i), i % COLUMNS * PANEL_WIDTH, HEAD + i / COLUMNS * PANEL_HEIGHT);
    }
    return svg.end();
  }

  private void names() {
    List<SoakSeries> nodes = SoakSeries.of(samples, Figure.DISK);
    for (int i = 0; i < nodes.size(); i++) {
      svg.add(
          "<text class=\"%s\" x=\"%d\" y=\"26\">%s</text>",
          Svg.colour(i), LEFT + 60 * i, Svg.escape(nodes.get(i).node()));
    }
  }

  private void draw(Panel panel, int x, int y) {
    svg.add("<text class=\"title\" x=\"%d\" y=\"%d\">%s</text>", x + LEFT, y + 20, panel.title());
    List<SoakSeries> lines = SoakSeries.of(samples, panel.line());
    List<SoakSeries> dashed =
        panel.dashed() == null ? List.of() : SoakSeries.of(samples, panel.dashed());
    double most = Math.max(most(lines), dashed.isEmpty() ? 0 : most(dashed));
    double step = Svg.round(Math.max(most, 1e-3) / TICKS, true);
    Scale scale = new Scale(x, y, step * Math.max(1, Math.ceil(most / step)));
    axes(scale, step);
    for (int i = 0; i < lines.size(); i++) {
      line(scale, lines.get(i), Svg.colour(i));
    }
    for (int i = 0; i < dashed.size(); i++) {
      line(scale, dashed.get(i), "p99 " + Svg.colour(i));
    }
  }

  private static double most(List<SoakSeries> lines) {
    return lines.stream().mapToDouble(line -> line.spread().most()).max().orElse(0);
  }

  private void axes(Scale scale, double step) {
    String number = step < 1 ? "%.1f" : "%,.0f";
    for (double value = 0; value <= scale.most() * 1.001; value += step) {
      svg.add(
          "<line class=\"grid\" x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\"/>",
          scale.left() + LEFT, scale.y(value), scale.left() + PANEL_WIDTH - RIGHT, scale.y(value));
      svg.add(
          "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
          scale.left() + LEFT - 8, scale.y(value) + 4, String.format(Locale.ROOT, number, value));
    }
    double unit = end < MINUTES_FROM ? 1 : MINUTE;
    double tick = Math.max(1, Svg.round(end / unit / TICKS, false));
    for (double time = 0; time <= end / unit * 1.001; time += tick) {
      svg.add(
          "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%,.0f %s</text>",
          scale.x(time * unit),
          scale.top() + PANEL_HEIGHT - BOTTOM + 20,
          time,
          unit == 1 ? "s" : "min");
    }
  }

  /** Where a value isn't known the line has a gap. */
  private void line(Scale scale, SoakSeries series, String classes) {
    StringBuilder points = new StringBuilder();
    for (int i = 0; i < series.values().length; i++) {
      if (Double.isNaN(series.values()[i])) {
        polyline(points, classes);
        points.setLength(0);
      } else {
        points.append(
            String.format(
                Locale.ROOT,
                "%.1f,%.1f ",
                scale.x(series.seconds()[i]),
                scale.y(series.values()[i])));
      }
    }
    polyline(points, classes);
  }

  private void polyline(StringBuilder points, String classes) {
    if (!points.isEmpty()) {
      svg.add("<polyline class=\"line %s\" points=\"%s\"/>", classes, points.toString().strip());
    }
  }

  /** From times and values to places in one panel. */
  private final class Scale {
    private final int left;
    private final int top;
    private final double most;

    private Scale(int left, int top, double most) {
      this.left = left;
      this.top = top;
      this.most = most;
    }

    private int left() {
      return left;
    }

    private int top() {
      return top;
    }

    private double most() {
      return most;
    }

    private double x(double seconds) {
      return left + LEFT + seconds / end * (PANEL_WIDTH - LEFT - RIGHT);
    }

    private double y(double value) {
      return top + PANEL_HEIGHT - BOTTOM - value / most * (PANEL_HEIGHT - TOP - BOTTOM);
    }
  }
}
