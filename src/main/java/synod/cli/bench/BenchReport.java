package synod.cli.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import synod.cli.Table;

/** A run's results, for people as tables and for programs as JSON. */
final class BenchReport {
  private static final List<Figure> COLUMNS =
      List.of(
          Figure.P50,
          Figure.P90,
          Figure.P99,
          Figure.P999,
          Figure.MAX,
          Figure.SERVER_CPU,
          Figure.CLIENT_CPU,
          Figure.FLUSHES,
          Figure.RESIDENT,
          Figure.PEAK_RESIDENT,
          Figure.ELECTIONS,
          Figure.FAILED);
  private static final List<Figure> COMPARED =
      List.of(Figure.RATE, Figure.P50, Figure.P99, Figure.CPU, Figure.FLUSHES);

  private final Results results;
  private final Setting setting;
  private final String base;

  /**
   * What was measured, and on what.
   *
   * @param versions of the targets' servers
   * @param words the rest, for a person
   */
  record Setting(
      Machine machine, List<String> versions, String words, Map<String, Object> options) {}

  /**
   * @param base the target to compare the others with; null not to
   */
  BenchReport(Results results, Setting setting, String base) {
    this.results = results;
    this.setting = setting;
    this.base = base;
  }

  void print(PrintWriter out) {
    out.println("machine  " + setting.machine());
    out.println("stores   " + String.join(", ", setting.versions()));
    out.println("loads    " + setting.words());
    if (!results.measurements().isEmpty()) {
      out.println();
      out.println(table());
    }
    if (base != null && results.targets().contains(base) && results.targets().size() > 1) {
      out.println();
      out.println("Against " + base + ", round by round (median, least to most):");
      out.println(ratios());
    }
    for (String shortfall : results.shortfalls()) {
      out.println();
      out.println("PARTIAL: " + shortfall);
    }
    out.flush();
  }

  private String table() {
    List<List<String>> lines = new ArrayList<>();
    List<String> headings = new ArrayList<>(List.of("LOAD", "TARGET", "ROUNDS"));
    headings.addAll(List.of(Figure.RATE.heading(), "LEAST TO MOST"));
    COLUMNS.forEach(figure -> headings.add(figure.heading()));
    lines.add(headings);
    for (Load load : results.loads()) {
      for (String target : results.targets()) {
        int rounds = results.rounds(target, load).size();
        if (rounds > 0) {
          lines.add(line(load, target, rounds));
        }
      }
    }
    return Table.renderNumbers(lines, 2);
  }

  private List<String> line(Load load, String target, int rounds) {
    List<String> cells = new ArrayList<>(List.of(load.label(), target, Integer.toString(rounds)));
    Results.Spread rate = results.spread(target, load, Figure.RATE);
    cells.add(Figure.RATE.format(rate.median()));
    cells.add(Figure.RATE.format(rate.least()) + " to " + Figure.RATE.format(rate.most()));
    for (Figure figure : COLUMNS) {
      cells.add(figure.format(results.spread(target, load, figure).median()));
    }
    return cells;
  }

  private String ratios() {
    List<List<String>> lines = new ArrayList<>();
    List<String> headings = new ArrayList<>(List.of("LOAD", "TARGET"));
    COMPARED.forEach(figure -> headings.add(figure.heading().replaceAll(" (us|ms/1000)", "")));
    lines.add(headings);
    for (Load load : results.loads()) {
      for (String target : results.targets()) {
        if (!target.equals(base)) {
          List<String> cells = new ArrayList<>(List.of(load.label(), target));
          for (Figure figure : COMPARED) {
            cells.add(ratio(results.ratio(target, base, load, figure)));
          }
          lines.add(cells);
        }
      }
    }
    return Table.renderNumbers(lines, 2);
  }

  private static String ratio(Results.Spread spread) {
    return Double.isNaN(spread.median())
        ? "-"
        : String.format(
            Locale.ROOT, "%.2fx (%.2f to %.2f)", spread.median(), spread.least(), spread.most());
  }

  /** Replaces the file. */
  void writeJson(Path file) throws IOException {
    ResultFiles.writeJson(file, toMap());
  }

  Map<String, Object> toMap() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("machine", setting.machine().toMap());
    json.put("versions", setting.versions());
    json.put("options", setting.options());
    json.put("partial", !results.shortfalls().isEmpty());
    json.put("shortfalls", results.shortfalls());
    json.put("medians", medians());
    if (base != null) {
      json.put("ratios", ratioMaps());
    }
    json.put("rounds", results.measurements().stream().map(BenchReport::toMap).toList());
    return json;
  }

  private List<Map<String, Object>> medians() {
    List<Map<String, Object>> medians = new ArrayList<>();
    for (Load load : results.loads()) {
      for (String target : results.targets()) {
        int rounds = results.rounds(target, load).size();
        if (rounds > 0) {
          Map<String, Object> json = head(target, load);
          json.put("rounds", rounds);
          for (Figure figure : Figure.OF_ROUNDS) {
            json.put(
                figure.field(), ResultFiles.number(results.spread(target, load, figure).median()));
          }
          Results.Spread rate = results.spread(target, load, Figure.RATE);
          json.put("perSecondLeast", ResultFiles.number(rate.least()));
          json.put("perSecondMost", ResultFiles.number(rate.most()));
          medians.add(json);
        }
      }
    }
    return medians;
  }

  private List<Map<String, Object>> ratioMaps() {
    List<Map<String, Object>> ratios = new ArrayList<>();
    for (Load load : results.loads()) {
      for (String target : results.targets()) {
        if (!target.equals(base)) {
          Map<String, Object> json = head(target, load);
          json.put("to", base);
          for (Figure figure : COMPARED) {
            Results.Spread spread = results.ratio(target, base, load, figure);
            json.put(
                figure.field(),
                Double.isNaN(spread.median())
                    ? null
                    : Map.of(
                        "median", spread.median(), "least", spread.least(), "most", spread.most()));
          }
          ratios.add(json);
        }
      }
    }
    return ratios;
  }

  private static Map<String, Object> head(String target, Load load) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("target", target);
    json.put("operation", load.operation());
    json.put(
        load.isOpen() ? "rate" : "outstanding", load.isOpen() ? load.rate() : load.outstanding());
    if (load.varied() != null) {
      json.put(load.varied().name(), load.varied().value());
    }
    return json;
  }

  private static Map<String, Object> toMap(Measurement measurement) {
    Map<String, Object> json = head(measurement.target(), measurement.load());
    json.put("round", measurement.round());
    for (Figure figure : Figure.OF_ROUNDS) {
      json.put(figure.field(), ResultFiles.number(measurement.get(figure)));
    }
    return json;
  }
}
