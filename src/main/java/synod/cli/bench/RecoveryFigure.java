package synod.cli.bench;

import java.util.Optional;

/** What {@code bench recovery} measures, and what it should come to. */
enum RecoveryFigure {
  CHECKPOINT_PAUSE("longest pause, ms: with snapshots", "at most", 50),
  QUIET_PAUSE("longest pause, ms: without"),
  CHECKPOINT_SLOWEST("slowest request, ms: with snapshots"),
  QUIET_SLOWEST("slowest request, ms: without"),
  CHECKPOINT_SECONDS("snapshots of all nodes taken, s"),
  RESTART_STOPPED("restart to ready, s: after SIGTERM", "at most", 10),
  RESTART_KILLED("restart to ready, s: after kill -9", "at most", 10),
  CATCH_UP_RATE("catch-up of a wiped node, MB/s", "at least", 50),
  CATCH_UP_KEPT("throughput meanwhile, % of the whole's", "at least", 80),
  THROUGHPUT_WHOLE("throughput of the whole cluster, puts/s"),
  THROUGHPUT_MEANWHILE("throughput meanwhile, puts/s"),
  CATCH_UP_SECONDS("snapshot fetched and installed, s"),
  WIPED_TO_READY("wiped node started to ready, s");

  private final String label;
  private final String bound;
  private final double goal;

  RecoveryFigure(String label) {
    this(label, "", Double.NaN);
  }

  RecoveryFigure(String label, String bound, double goal) {
    this.label = label;
    this.bound = bound;
    this.goal = goal;
  }

  String label() {
    return label;
  }

  /** For a person; empty if there is none. */
  String goal() {
    return hasGoal() ? bound + " " + Math.round(goal) : "";
  }

  boolean hasGoal() {
    return !bound.isEmpty();
  }

  /** Whether more is better; of what has no goal too, as far as it matters there. */
  boolean moreIsBetter() {
    return bound.equals("at least") || this == THROUGHPUT_WHOLE || this == THROUGHPUT_MEANWHILE;
  }

  /** Whether a measured value reaches the goal; empty if there is none. */
  Optional<Boolean> isMet(double value) {
    if (!hasGoal()) {
      return Optional.empty();
    }
    return Optional.of(moreIsBetter() ? value >= goal : value <= goal);
  }
}
