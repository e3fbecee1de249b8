package synod.cli.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import synod.cli.Table;

/** What a big state costs, beside what it may. One thread adds; any may read at any time. */
final class RecoveryReport {
  private final Machine machine;
  private final String words;
  private final Map<RecoveryFigure, List<Double>> measured = new EnumMap<>(RecoveryFigure.class);
  private final List<String> notes = new ArrayList<>();
  private final List<String> shortfalls = new ArrayList<>();

  /**
   * @param words how it was done, for a person
   */
  RecoveryReport(Machine machine, String words) {
    this.machine = machine;
    this.words = words;
  }

  synchronized void add(RecoveryFigure figure, double value) {
    measured.computeIfAbsent(figure, f -> new ArrayList<>()).add(value);
  }

  /** Notes what a reader of the figures should know. */
  synchronized void note(String what) {
    notes.add(what);
  }

  /** Notes that the run is less than it should have been, and why. */
  synchronized void fallShort(String why) {
    shortfalls.add(why);
  }

  /** Whether all was measured, whatever came out. */
  synchronized boolean isComplete() {
    return shortfalls.isEmpty() && measured.keySet().size() == RecoveryFigure.values().length;
  }

  synchronized void print(PrintWriter out) {
    out.println("machine  " + machine);
    out.println("run      " + words);
    notes.forEach(line -> out.println("         " + line));
    if (!measured.isEmpty()) {
      out.println();
      out.println(table());
    }
    shortfalls.forEach(line -> out.println(System.lineSeparator() + "PARTIAL: " + line));
    out.flush();
  }

  private String table() {
    List<List<String>> lines = new ArrayList<>();
    lines.add(List.of("MEASURED", "GOAL", "MEDIAN MEETS IT", "TIMES", "MEDIAN", "BEST", "WORST"));
    measured.forEach(
        (figure, values) -> {
          Results.Spread spread = spread(values);
          lines.add(
              List.of(
                  figure.label(),
                  figure.goal(),
                  figure.isMet(spread.median()).map(met -> met ? "yes" : "no").orElse(""),
                  Integer.toString(values.size()),
                  number(spread.median()),
                  number(best(figure, spread)),
                  number(worst(figure, spread))));
        });
    return Table.renderNumbers(lines, 3);
  }

  private static Results.Spread spread(List<Double> values) {
    return Results.Spread.of(values.stream().mapToDouble(value -> value));
  }

  private static double best(RecoveryFigure figure, Results.Spread spread) {
    return figure.moreIsBetter() ? spread.most() : spread.least();
  }

  private static double worst(RecoveryFigure figure, Results.Spread spread) {
    return figure.moreIsBetter() ? spread.least() : spread.most();
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value >= 1_000 ? "%,.0f" : "%.1f", value);
  }

  /** Replaces the file. */
  synchronized void writeJson(Path file) throws IOException {
    ResultFiles.writeJson(file, toMap());
  }

  private Map<String, Object> toMap() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("machine", machine.toMap());
    json.put("how", words);
    json.put("notes", notes);
    json.put("partial", !isComplete());
    json.put("shortfalls", shortfalls);
    List<Map<String, Object>> figures = new ArrayList<>();
    measured.forEach(
        (figure, values) -> {
          Results.Spread spread = spread(values);
          Map<String, Object> one = new LinkedHashMap<>();
          one.put("figure", figure.name().toLowerCase(Locale.ROOT));
          one.put("label", figure.label());
          one.put("goal", figure.goal());
          one.put("medianMeetsIt", figure.isMet(spread.median()).orElse(null));
          one.put("median", spread.median());
          one.put("best", best(figure, spread));
          one.put("worst", worst(figure, spread));
          one.put("values", values);
          figures.add(one);
        });
    json.put("figures", figures);
    return json;
  }
}
