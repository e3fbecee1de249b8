package synod.cli.bench;

import java.util.Locale;

/** An SVG drawing in the making, readable on light and dark, and what figures have in common. */
final class Svg {
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

  private final StringBuilder svg = new StringBuilder();

  Svg(int width, int height, String title) {
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\">",
        width, height, width, height);
    add("<title>%s</title>", escape(title));
    svg.append(STYLE);
    add("<rect width=\"%d\" height=\"%d\" class=\"paper\"/>", width, height);
  }

  void add(String format, Object... arguments) {
    svg.append(String.format(Locale.ROOT, format, arguments)).append('\n');
  }

  String end() {
    return svg.append("</svg>\n").toString();
  }

  /** The class of the line with a number from 0. */
  static String colour(int number) {
    return "c" + number % COLOURS;
  }

  static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  static String time(double micros) {
    if (micros >= 1e6) {
      return String.format(Locale.ROOT, "%.0f s", micros / 1e6);
    }
    return String.format(
        Locale.ROOT, micros >= 1e3 ? "%.0f ms" : "%.0f µs", micros >= 1e3 ? micros / 1e3 : micros);
  }

  /** The next number of the series 1, 2, 5, 10, 20 and so on. */
  static double above(double number) {
    return round(number * 1.01, true);
  }

  /** The nearest number of that series that isn't below, or isn't above. */
  static double round(double number, boolean up) {
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
