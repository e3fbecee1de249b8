package synod.cli.bench;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What is measured. A figure that can't be had is {@link Double#NaN}. */
enum Figure {
  RATE("perSecond", "OPS/S", 0),
  P50("p50Micros", "P50 us", 0),
  P90("p90Micros", "P90 us", 0),
  P99("p99Micros", "P99 us", 0),
  P999("p999Micros", "P99.9 us", 0),
  MAX("maxMicros", "MAX us", 0),
  /** Processor time of all servers for 1,000 operations. */
  SERVER_CPU("serverCpuMillisPer1000", "SERVER CPU ms/1000", 1),
  CLIENT_CPU("clientCpuMillisPer1000", "CLIENT CPU ms/1000", 1),
  CPU("cpuMillisPer1000", "CPU ms/1000", 1),
  /** Of all servers together. */
  FLUSHES("flushesPerOperation", "FLUSHES/OP", 3),
  /** Of the server that has the most. */
  RESIDENT("residentMiB", "RSS MiB", 0),
  PEAK_RESIDENT("peakResidentMiB", "PEAK RSS MiB", 0),
  /** Leaders elected meanwhile: none is needed while nothing fails. */
  ELECTIONS("elections", "ELECTIONS", 0),
  FAILED("failed", "FAILED", 0),
  /** All of a node's data directory. */
  DISK("diskMiB", "DISK MiB", 1),
  LOG_DISK("logMiB", "LOG MiB", 1),
  STATE_DISK("stateMiB", "STATE MiB", 1),
  /** But for what snapshots share with the state. */
  SNAPSHOT_DISK("snapshotsMiB", "SNAPSHOTS MiB", 1),
  /** The changes that can be watched, a part of the state. */
  HISTORY("historyMiB", "HISTORY MiB", 1),
  LOG_SLOTS("logSlots", "LOG SLOTS", 0),
  /** With garbage that isn't collected yet. */
  HEAP("heapMiB", "HEAP MiB", 1),
  /** What the last collection of long-lived objects left of them; unknown before the first. */
  LIVE("liveMiB", "LIVE MiB", 1),
  /** Taken by a node since it started. */
  SNAPSHOTS("snapshotsTaken", "SNAPSHOTS", 0);

  /** Those of a round. */
  static final Set<Figure> OF_ROUNDS = Collections.unmodifiableSet(EnumSet.range(RATE, FAILED));

  private final String field;
  private final String heading;
  private final int decimals;

  Figure(String field, String heading, int decimals) {
    this.field = field;
    this.heading = heading;
    this.decimals = decimals;
  }

  /** Its name for programs. */
  String field() {
    return field;
  }

  String heading() {
    return heading;
  }

  String format(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }
}
