package synod.cli.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import synod.cli.Table;

/** What a long run came to. One thread adds; any may read at any time. */
final class SoakReport {
  private static final List<Figure> LINES =
      List.of(
          Figure.RATE,
          Figure.P50,
          Figure.P99,
          Figure.CPU,
          Figure.DISK,
          Figure.LOG_DISK,
          Figure.STATE_DISK,
          Figure.SNAPSHOT_DISK,
          Figure.HISTORY,
          Figure.LOG_SLOTS,
          Figure.HEAP,
          Figure.LIVE,
          Figure.RESIDENT);

  /** The longest stretch of time that a mean is given of, in seconds. */
  private static final double STRETCH_MAX = 60;

  private static final double STRETCHES_MIN = 5;

  private final BenchReport.Setting setting;
  private final List<SoakSample> samples = new ArrayList<>();
  private final List<String> shortfalls = new ArrayList<>();
  private OptionalLong elections = OptionalLong.empty();

  SoakReport(BenchReport.Setting setting) {
    this.setting = setting;
  }

  synchronized void add(SoakSample sample) {
    samples.add(sample);
  }

  /** Notes that the run is less than it should have been, and why. */
  synchronized void fallShort(String why) {
    shortfalls.add(why);
  }

  /** Notes how many leaders had been elected before the run and after it, if that is known. */
  synchronized void elections(OptionalLong before, OptionalLong after) {
    elections =
        before.isPresent() && after.isPresent()
            ? OptionalLong.of(after.getAsLong() - before.getAsLong())
            : OptionalLong.empty();
  }

  synchronized List<SoakSample> samples() {
    return List.copyOf(samples);
  }

  /** Why there is less than was asked for; empty if it is all there. */
  synchronized List<String> shortfalls() {
    List<String> all = new ArrayList<>(shortfalls);
    Map<String, Long> silent =
        samples.stream()
            .flatMap(sample -> sample.nodes().entrySet().stream())
            .filter(node -> node.getValue().isEmpty())
            .collect(
                Collectors.groupingBy(
                    Map.Entry::getKey, LinkedHashMap::new, Collectors.counting()));
    silent.forEach(
        (node, times) ->
            all.add(
                "%s didn't tell its figures at %d of %d times"
                    .formatted(node, times, samples.size())));
    return all;
  }

  synchronized void print(PrintWriter out) {
    out.println("machine  " + setting.machine());
    out.println("store    " + String.join(", ", setting.versions()));
    out.println("load     " + setting.words());
    if (!samples.isEmpty()) {
      out.println();
      out.println(
          String.format(
              Locale.ROOT,
              "Means of %.0f s at the beginning, in the middle and at the end of %.0f s; least and most of all samples; drift: of the mean of the last fifth from that of the second.",
              stretch(),
              seconds()));
      out.println(table());
      out.println();
      out.println(events());
    }
    shortfalls().forEach(line -> out.println(System.lineSeparator() + "PARTIAL: " + line));
    out.flush();
  }

  private double seconds() {
    return samples.get(samples.size() - 1).seconds();
  }

  private double stretch() {
    return Math.min(STRETCH_MAX, seconds() / STRETCHES_MIN);
  }

  private double first(SoakSeries series) {
    return series.mean(0, stretch());
  }

  private double middle(SoakSeries series) {
    double from = (seconds() - stretch()) / 2;
    return series.mean(from, from + stretch());
  }

  private double last(SoakSeries series) {
    return series.mean(seconds() - stretch(), seconds());
  }

  private List<SoakSeries> all() {
    return LINES.stream().flatMap(figure -> SoakSeries.of(samples, figure).stream()).toList();
  }

  private String table() {
    List<List<String>> lines = new ArrayList<>();
    lines.add(List.of("FIGURE", "NODE", "BEGINNING", "MIDDLE", "END", "LEAST", "MOST", "DRIFT"));
    for (SoakSeries series : all()) {
      Figure figure = series.figure();
      Results.Spread spread = series.spread();
      double drift = series.drift();
      lines.add(
          List.of(
              figure.heading(),
              series.node() == null ? "all" : series.node(),
              figure.format(first(series)),
              figure.format(middle(series)),
              figure.format(last(series)),
              figure.format(spread.least()),
              figure.format(spread.most()),
              Double.isNaN(drift) ? "-" : String.format(Locale.ROOT, "%+.1f %%", 100 * drift)));
    }
    return Table.renderNumbers(lines, 2);
  }

  private String events() {
    String taken =
        SoakSeries.of(samples, Figure.SNAPSHOTS).stream()
            .map(series -> series.node() + " " + Figure.SNAPSHOTS.format(series.last()))
            .collect(Collectors.joining(", "));
    return String.format(
        Locale.ROOT,
        "snapshots taken: %s; leaders elected meanwhile: %s; failed operations: %,d",
        taken,
        elections.isPresent() ? elections.getAsLong() : "unknown",
        failed());
  }

  private long failed() {
    return (long) samples.stream().mapToDouble(sample -> sample.store().get(Figure.FAILED)).sum();
  }

  /** Replaces the file. */
  void writeJson(Path file) throws IOException {
    ResultFiles.writeJson(file, toMap());
  }

  synchronized Map<String, Object> toMap() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("machine", setting.machine().toMap());
    json.put("versions", setting.versions());
    json.put("options", setting.options());
    json.put("partial", !shortfalls().isEmpty());
    json.put("shortfalls", shortfalls());
    json.put("elections", elections.isPresent() ? elections.getAsLong() : null);
    json.put("failed", failed());
    json.put("figures", all().stream().map(this::toMap).toList());
    json.put("samples", samples.stream().map(SoakReport::toMap).toList());
    return json;
  }

  private Map<String, Object> toMap(SoakSeries series) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("figure", series.figure().field());
    json.put("node", series.node());
    json.put("beginning", ResultFiles.number(first(series)));
    json.put("middle", ResultFiles.number(middle(series)));
    json.put("end", ResultFiles.number(last(series)));
    json.put("least", ResultFiles.number(series.spread().least()));
    json.put("most", ResultFiles.number(series.spread().most()));
    json.put("drift", ResultFiles.number(series.drift()));
    return json;
  }

  private static Map<String, Object> toMap(SoakSample sample) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("seconds", sample.seconds());
    json.putAll(byField(sample.store()));
    Map<String, Object> nodes = new LinkedHashMap<>();
    sample.nodes().forEach((node, figures) -> nodes.put(node, byField(figures)));
    json.put("nodes", nodes);
    return json;
  }

  private static Map<String, Object> byField(Map<Figure, Double> figures) {
    Map<String, Object> json = new LinkedHashMap<>();
    for (Figure figure : Figure.values()) {
      if (figures.containsKey(figure)) {
        json.put(figure.field(), ResultFiles.number(figures.get(figure)));
      }
    }
    return json;
  }
}
