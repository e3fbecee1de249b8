package synod.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import synod.cli.workload.Cast;
import synod.cli.workload.Tally;

/**
 * Tells what happens while it happens: who leads, who is down, which acceptors voted for a slot,
 * and now and then one operation. On a terminal a progress bar follows the last line.
 */
final class Narrator {
  private static final int BAR = 30;

  private final PrintStream out;
  private final boolean terminal;
  private final long startNanos;
  private final long durationNanos;
  private final int acceptors;
  private String leader = "";
  private Map<String, Long> down = Map.of();
  private long nextSummaryAt;

  Narrator(PrintStream out, boolean terminal, int acceptors, long startNanos, long durationNanos) {
    this.out = out;
    this.terminal = terminal;
    this.acceptors = acceptors;
    this.startNanos = startNanos;
    this.durationNanos = durationNanos;
  }

  void observe(Cast cast, Tally tally, long now) {
    tellLeader(cast, now);
    tellStops(cast, now);
    if (now >= nextSummaryAt) {
      nextSummaryAt = now + 1_000_000_000L;
      tellProgress(cast, tally, now);
    }
    bar(tally, now);
  }

  private void tellLeader(Cast cast, long now) {
    String leads = cast.leader().map(name -> name + " at ballot " + cast.ballot(name)).orElse("");
    if (!leads.equals(leader)) {
      line(now, leads.isEmpty() ? "nobody leads: the others will notice" : "LEADER  " + leads);
      leader = leads;
    }
  }

  private void tellStops(Cast cast, long now) {
    Map<String, Long> current = cast.down();
    List<String> gone = new ArrayList<>();
    current.forEach(
        (role, back) -> {
          if (!down.containsKey(role)) {
            gone.add(role + (back > 0 ? " (back in " + back + " ms)" : ""));
          }
        });
    List<String> returned =
        down.keySet().stream().filter(role -> !current.containsKey(role)).toList();
    if (!gone.isEmpty()) {
      int left = acceptors - cast.downAcceptors().size();
      line(
          now,
          "STOPPED "
              + String.join(", ", gone)
              + "; "
              + left
              + " of "
              + acceptors
              + " acceptors are up, "
              + (acceptors / 2 + 1)
              + " make a quorum");
    }
    if (!returned.isEmpty()) {
      line(now, "BACK    " + String.join(", ", returned));
    }
    down = current;
  }

  private void tellProgress(Cast cast, Tally tally, long now) {
    cast.latestSlot().ifPresent(slot -> line(now, vote(slot)));
    Tally.Sample sample = tally.takeSample();
    if (sample != null) {
      line(
          now,
          String.format(
              Locale.ROOT,
              "%s %s %s -> %s: %s%s, %.1f ms",
              sample.client(),
              sample.kind(),
              sample.key(),
              sample.node(),
              sample.result(),
              sample.slot().isEmpty() ? "" : ", slot " + sample.slot(),
              sample.micros() / 1e3));
    }
  }

  private static String vote(JsonNode slot) {
    List<String> voters = new ArrayList<>();
    slot.path("acceptedBy").forEach(voter -> voters.add(voter.asText()));
    return String.format(
        Locale.ROOT,
        "slot %s chosen at ballot %s by the votes of %s in %.1f ms",
        slot.path("slot").asText(),
        slot.path("ballot").asText(),
        voters.stream().collect(Collectors.joining(" ")),
        slot.path("micros").asLong() / 1e3);
  }

  private void line(long now, String text) {
    clearBar();
    out.printf(Locale.ROOT, "%6.1f s  %s%n", (now - startNanos) / 1e9, text);
  }

  private void bar(Tally tally, long now) {
    if (terminal) {
      double share = Math.min(1, (double) (now - startNanos) / durationNanos);
      int full = (int) Math.round(share * BAR);
      out.printf(
          Locale.ROOT,
          "\r[%s%s] %3.0f %%  %d operations, %.0f/s ",
          "#".repeat(full),
          ".".repeat(BAR - full),
          100 * share,
          tally.total(),
          tally.perSecond(now));
      out.flush();
    }
  }

  void clearBar() {
    if (terminal) {
      out.print("\r" + " ".repeat(BAR + 45) + "\r");
    }
  }
}
