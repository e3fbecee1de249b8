package synod.cli.torture;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import synod.check.Verdict;
import synod.cli.Table;
import synod.cli.workload.DiskAudit;
import synod.cli.workload.Tally;

/** How a run ended. */
final class TortureReport {
  private final long seed;
  private final Set<Kind> wanted;
  private final Map<Kind, String> missing;
  private final List<String> problems = new ArrayList<>();
  private final List<Tally.Line> operations = new ArrayList<>();
  private List<FaultLine> faults = List.of();
  private List<DiskAudit> audits = List.of();
  private Verdict verdict;
  private int acknowledged;
  private long roleStops;
  private double seconds;

  /**
   * What all faults of one sort did.
   *
   * @param bit how many had an effect
   * @param unavailable how long no write was acknowledged while it lasted and until the next one
   *     began, of those that bit
   * @param back after how long all nodes served again, of those that bit
   */
  record FaultLine(String fault, int count, int bit, Millis unavailable, Millis back) {}

  /** In milliseconds; 0 if there were none. */
  record Millis(long median, long max) {
    static Millis of(List<Long> millis) {
      List<Long> sorted = millis.stream().sorted().toList();
      return sorted.isEmpty()
          ? new Millis(0, 0)
          : new Millis(sorted.get(sorted.size() / 2), sorted.get(sorted.size() - 1));
    }
  }

  TortureReport(long seed, Set<Kind> wanted, Map<Kind, String> missing) {
    this.seed = seed;
    this.wanted = wanted;
    this.missing = missing;
  }

  void problem(String what) {
    problems.add(what);
  }

  /** What doesn't hold; empty if all is well. */
  List<String> problems() {
    return List.copyOf(problems);
  }

  void operations(Tally tally, long nanos) {
    seconds = nanos / 1e9;
    for (Tally.Kind kind : Tally.Kind.values()) {
      operations.add(tally.line(kind));
    }
  }

  /**
   * @param end when clients stopped
   */
  void events(List<Event> events, long stops, Availability availability, long end) {
    roleStops = stops;
    Map<String, List<Event>> byLabel = new TreeMap<>();
    Map<Event, Long> gaps = new LinkedHashMap<>();
    for (int i = 0; i < events.size(); i++) {
      Event event = events.get(i);
      long until = i + 1 < events.size() ? events.get(i + 1).startNanos() : end;
      gaps.put(event, availability.longestGapNanos(event.startNanos(), until) / 1_000_000);
      byLabel.computeIfAbsent(event.fault().label(), label -> new ArrayList<>()).add(event);
    }
    faults = byLabel.entrySet().stream().map(e -> line(e.getKey(), e.getValue(), gaps)).toList();
    for (FaultLine line : faults) {
      if (line.bit() == 0) {
        problem("\"" + line.fault() + "\" never had an effect");
      }
    }
    if (wanted.contains(Kind.ROLES) && stops == 0) {
      problem("chaos stopped no role");
    }
  }

  private static FaultLine line(String label, List<Event> events, Map<Event, Long> gaps) {
    List<Event> bit = events.stream().filter(event -> event.bite().bit()).toList();
    return new FaultLine(
        label,
        events.size(),
        bit.size(),
        Millis.of(bit.stream().map(gaps::get).toList()),
        Millis.of(bit.stream().map(Event::backMillis).toList()));
  }

  /**
   * @param writes how many clients were told to have taken effect
   */
  void audits(List<DiskAudit> disks, int writes) {
    audits = disks;
    acknowledged = writes;
    DiskAudit.problems(disks).forEach(this::problem);
  }

  void verdict(Verdict history) {
    verdict = history;
    if (!history.ok()) {
      problem("the history is not shown to be linearizable");
    }
  }

  void requireRate(int least) {
    if (perSecond() < least) {
      problem(
          String.format(
              Locale.ROOT, "only %.0f operations a second, less than %d", perSecond(), least));
    }
  }

  private long count() {
    return operations.stream().mapToLong(Tally.Line::count).sum();
  }

  private double perSecond() {
    return count() / Math.max(1, seconds);
  }

  void print(PrintWriter out) {
    out.println();
    out.println(faultTable());
    if (wanted.contains(Kind.ROLES)) {
      out.println("roles: chaos stopped " + roleStops);
    }
    missing.forEach((kind, why) -> out.println(kind.label() + ": left out, " + why));
    out.println();
    out.println(operationTable());
    out.printf(Locale.ROOT, "%.0f operations a second over %.0f s%n", perSecond(), seconds);
    out.println("history: " + (verdict.ok() ? verdict.summary() : verdict));
    audits.forEach(audit -> out.println(audit.line(acknowledged)));
    if (problems.isEmpty()) {
      out.println("OK: nothing was lost, and no node needed a hand");
    } else {
      problems.forEach(problem -> out.println("FAILED: " + problem));
      out.println("seed " + seed);
    }
  }

  private String faultTable() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of("fault", "count", "bit", "no writes: median", "max", "all back: median", "max"));
    for (FaultLine line : faults) {
      rows.add(
          List.of(
              line.fault(),
              Integer.toString(line.count()),
              Integer.toString(line.bit()),
              seconds(line.unavailable().median()),
              seconds(line.unavailable().max()),
              seconds(line.back().median()),
              seconds(line.back().max())));
    }
    return Table.render(rows);
  }

  private static String seconds(long millis) {
    return String.format(Locale.ROOT, "%.1f s", millis / 1e3);
  }

  private String operationTable() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("operation", "count", "succeeded", "failed", "p50", "p99"));
    for (Tally.Line line : operations) {
      rows.add(
          List.of(
              line.kind().name().toLowerCase(Locale.ROOT),
              Long.toString(line.count()),
              Long.toString(line.succeeded()),
              Long.toString(line.failed()),
              String.format(Locale.ROOT, "%.1f ms", line.p50Micros() / 1e3),
              String.format(Locale.ROOT, "%.1f ms", line.p99Micros() / 1e3)));
    }
    return Table.render(rows);
  }

  /** For programs. */
  Map<String, Object> toMap() {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("ok", problems.isEmpty());
    result.put("problems", problems);
    result.put("seed", seed);
    result.put("seconds", seconds);
    result.put("faults", faults);
    result.put("roleStops", roleStops);
    Map<String, String> leftOut = new TreeMap<>();
    missing.forEach((kind, why) -> leftOut.put(kind.label(), why));
    result.put("leftOut", leftOut);
    result.put("operations", operations);
    result.put("operationsPerSecond", perSecond());
    result.put("acknowledgedWrites", acknowledged);
    result.put("recordedOperations", verdict.operations());
    result.put("unknownOutcomes", verdict.open());
    result.put("linearizable", verdict.ok());
    result.put("replicas", audits);
    return result;
  }
}
