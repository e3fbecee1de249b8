package synod.cli.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Takes a cluster's leader away again and again while clients write at the other nodes, and notes
 * for how long no write succeeded.
 */
final class Failover {
  /** A leader that isn't replaced within this time never will be. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Clients write for so long before the fault and after it is over. */
  private static final Duration CALM = Duration.ofSeconds(1);

  /** When every client has had so many successes since the fault, it is over. */
  private static final int RECOVERED = 20;

  private static final long LOOK_MILLIS = 10;

  private final Workload workload;
  private final int clients;
  private final Duration attempt;
  private final ProgressBar progress;

  /**
   * One loss of a leader.
   *
   * @param gapMillis the longest time without a success of any client
   * @param clientGapMillis the longest time without a success of one client
   */
  record Trial(double gapMillis, double clientGapMillis) {}

  /**
   * @param attempt after which a client tries another write
   */
  Failover(Workload workload, int clients, Duration attempt, ProgressBar progress) {
    this.workload = workload;
    this.clients = clients;
    this.attempt = attempt;
    this.progress = progress;
  }

  /**
   * One trial on a cluster that is whole, and is again afterwards.
   *
   * @throws LostException if writes don't succeed before or after
   */
  Trial run(Fault fault) throws LostException, InterruptedException {
    List<Driver> left = fault.aim();
    List<Driver> drivers = new ArrayList<>();
    IntStream.range(0, clients).forEach(i -> drivers.add(left.get(i % left.size())));
    Gaps gaps = new Gaps(clients, System.nanoTime());
    Writers writers = new Writers(drivers, workload, gaps, attempt);
    try {
      await(gaps, fault.target() + " takes no writes at all nodes");
      TimeUnit.NANOSECONDS.sleep(CALM.toNanos());
      gaps.restart();
      fault.strike();
      await(
          gaps,
          fault.target() + " takes no writes at all nodes that are left, since its leader is gone");
      TimeUnit.NANOSECONDS.sleep(CALM.toNanos());
      return new Trial(gaps.longestNanos() / 1e6, gaps.longestOfClientNanos() / 1e6);
    } finally {
      writers.stop();
    }
  }

  private void await(Gaps gaps, String otherwise) throws LostException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (gaps.fewest() < RECOVERED) {
      if (System.nanoTime() - deadline > 0) {
        throw new LostException(otherwise + " (for " + PATIENCE.toSeconds() + " s)");
      }
      progress.show();
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
  }
}
