package synod.cli.demo;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import synod.check.Verdict;
import synod.cli.workload.DiskAudit;
import synod.cli.workload.Tally;

/** How the demo ended. */
final class DemoReport {
  private final long seed;
  private final List<Tally.Line> lines = new ArrayList<>();
  private final long longestGapMillis;
  private final long longestGapWithQuorumMillis;
  private final double perSecond;
  private final Map<String, Long> stops;
  private final int acknowledged;
  private final int recorded;
  private final Verdict verdict;
  private final List<DiskAudit> audits;
  private final List<String> problems = new ArrayList<>();

  /**
   * @param perSecond operations, over the whole time
   * @param acknowledged how many writes clients were told to have taken effect
   * @param recorded how many operations the history holds
   */
  DemoReport(
      long seed,
      Tally tally,
      double perSecond,
      Map<String, Long> stops,
      int acknowledged,
      int recorded,
      Verdict verdict,
      List<DiskAudit> audits) {
    this.seed = seed;
    for (Tally.Kind kind : Tally.Kind.values()) {
      lines.add(tally.line(kind));
    }
    this.longestGapMillis = tally.longestGapMillis();
    this.longestGapWithQuorumMillis = tally.longestGapWithQuorumMillis();
    this.perSecond = perSecond;
    this.stops = stops;
    this.acknowledged = acknowledged;
    this.recorded = recorded;
    this.verdict = verdict;
    this.audits = audits;
  }

  void problem(String what) {
    problems.add(what);
  }

  /** What went wrong; empty if the demo succeeded. */
  List<String> problems() {
    return List.copyOf(problems);
  }

  /** Finds what is wrong with the result itself. */
  void judge(double wantedSuccess, long wantedGapMillis) {
    if (!verdict.ok()) {
      problem("the history is not shown to be linearizable");
    }
    DiskAudit.problems(audits).forEach(this::problem);
    long count = lines.stream().mapToLong(Tally.Line::count).sum();
    long succeeded = lines.stream().mapToLong(Tally.Line::succeeded).sum();
    if (succeeded < wantedSuccess * count) {
      problem(
          String.format(
              Locale.ROOT, "only %.1f %% of the operations succeeded", 100.0 * succeeded / count));
    }
    if (longestGapWithQuorumMillis > wantedGapMillis) {
      problem(
          "for "
              + longestGapWithQuorumMillis
              + " ms no operation succeeded although a quorum of acceptors was up");
    }
  }

  void print(PrintStream out) {
    out.println();
    out.printf(
        "%-10s %8s %10s %8s %10s %10s%n",
        "operation", "count", "succeeded", "failed", "p50", "p99");
    for (Tally.Line line : lines) {
      out.printf(
          Locale.ROOT,
          "%-10s %8d %10d %8d %7.1f ms %7.1f ms%n",
          line.kind(),
          line.count(),
          line.succeeded(),
          line.failed(),
          line.p50Micros() / 1e3,
          line.p99Micros() / 1e3);
    }
    out.printf(
        Locale.ROOT,
        "%.0f operations a second; longest time without a success: %d ms; with a quorum of acceptors up: %d ms%n",
        perSecond,
        longestGapMillis,
        longestGapWithQuorumMillis);
    out.println("stopped by chaos: " + tallyOfStops());
    out.println("history of " + recorded + " operations: " + verdict.summary());
    if (!verdict.ok()) {
      out.println(verdict);
    }
    audits.forEach(audit -> out.println(audit.line(acknowledged)));
    if (problems.isEmpty()) {
      out.println("OK: nothing was lost");
    } else {
      problems.forEach(problem -> out.println("FAILED: " + problem));
      out.println("seed " + seed);
    }
  }

  private String tallyOfStops() {
    long total = stops.values().stream().mapToLong(Long::longValue).sum();
    String each =
        stops.entrySet().stream()
            .filter(role -> role.getValue() > 0)
            .map(role -> role.getKey() + " " + role.getValue())
            .collect(Collectors.joining(", "));
    return total == 0 ? "nothing" : total + " times (" + each + ")";
  }

  /** For programs. */
  Map<String, Object> toMap() {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("ok", problems.isEmpty());
    result.put("problems", problems);
    result.put("seed", seed);
    result.put("operations", lines);
    result.put("operationsPerSecond", perSecond);
    result.put("longestGapMillis", longestGapMillis);
    result.put("longestGapWithQuorumMillis", longestGapWithQuorumMillis);
    result.put("stops", stops);
    result.put("acknowledgedWrites", acknowledged);
    result.put("recordedOperations", recorded);
    result.put("linearizable", verdict.ok());
    result.put("replicas", audits);
    return result;
  }
}
