package synod.cli.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import synod.cli.Table;

/** What losing leaders came to. One thread adds; any may read at any time. */
final class FailoverReport {
  private final Machine machine;
  private final String words;
  private final Set<String> versions = new LinkedHashSet<>();
  private final Map<List<String>, List<Failover.Trial>> trials = new LinkedHashMap<>();
  private final List<String> shortfalls = new ArrayList<>();
  private final List<String> without = new ArrayList<>();

  /**
   * @param words how it was done, for a person
   */
  FailoverReport(Machine machine, String words) {
    this.machine = machine;
    this.words = words;
  }

  synchronized void add(Fault fault, Failover.Trial trial) {
    versions.add(fault.version());
    trials.computeIfAbsent(List.of(fault.target(), fault.how()), f -> new ArrayList<>()).add(trial);
  }

  /** Notes that the run is less than it should have been, and why. */
  synchronized void fallShort(String why) {
    shortfalls.add(why);
  }

  /** Notes what can't be had on this machine, and why. */
  synchronized void without(String what, String why) {
    without.add(what + ": " + why);
  }

  /** Whether all that can be had was measured. */
  synchronized boolean isComplete() {
    return shortfalls.isEmpty() && !trials.isEmpty();
  }

  synchronized void print(PrintWriter out) {
    out.println("machine  " + machine);
    out.println("stores   " + String.join(", ", versions));
    out.println("trials   " + words);
    if (!trials.isEmpty()) {
      out.println();
      out.println("Longest time without a successful write, in ms:");
      out.println(table());
    }
    without.forEach(line -> out.println(System.lineSeparator() + "WITHOUT " + line));
    shortfalls.forEach(line -> out.println(System.lineSeparator() + "PARTIAL: " + line));
    out.flush();
  }

  private String table() {
    List<List<String>> lines = new ArrayList<>();
    lines.add(
        List.of("TARGET", "LEADER", "TRIALS", "MEDIAN", "LEAST", "WORST", "ONE CLIENT'S", "WORST"));
    trials.forEach(
        (of, all) -> {
          Results.Spread gap = spread(all, Failover.Trial::gapMillis);
          Results.Spread client = spread(all, Failover.Trial::clientGapMillis);
          lines.add(
              List.of(
                  of.get(0),
                  of.get(1),
                  Integer.toString(all.size()),
                  millis(gap.median()),
                  millis(gap.least()),
                  millis(gap.most()),
                  millis(client.median()),
                  millis(client.most())));
        });
    return Table.renderNumbers(lines, 2);
  }

  private static Results.Spread spread(
      List<Failover.Trial> trials, ToDoubleFunction<Failover.Trial> of) {
    return Results.Spread.of(trials.stream().mapToDouble(of));
  }

  private static String millis(double millis) {
    return String.format(Locale.ROOT, "%,.0f", millis);
  }

  /** Replaces the file. */
  synchronized void writeJson(Path file) throws IOException {
    ResultFiles.writeJson(file, toMap());
  }

  synchronized Map<String, Object> toMap() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("machine", machine.toMap());
    json.put("versions", versions);
    json.put("how", words);
    json.put("partial", !isComplete());
    json.put("shortfalls", shortfalls);
    json.put("without", without);
    List<Map<String, Object>> measured = new ArrayList<>();
    trials.forEach(
        (of, all) -> {
          Results.Spread gap = spread(all, Failover.Trial::gapMillis);
          Map<String, Object> one = new LinkedHashMap<>();
          one.put("target", of.get(0));
          one.put("how", of.get(1));
          one.put("medianMillis", gap.median());
          one.put("worstMillis", gap.most());
          one.put("clientWorstMillis", spread(all, Failover.Trial::clientGapMillis).most());
          one.put("trials", all);
          measured.add(one);
        });
    json.put("faults", measured);
    return json;
  }
}
