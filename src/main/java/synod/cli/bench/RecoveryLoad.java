package synod.cli.bench;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/**
 * Puts of small values, without an end, while something else is measured: how many succeed, how
 * long the slowest takes, and for how long none ends. Used by one thread.
 */
final class RecoveryLoad implements AutoCloseable {
  private static final Duration DRAIN_PATIENCE = Duration.ofSeconds(15);

  private final ScheduledExecutorService timer = Timers.create("bench-retries");
  private final Outcomes outcomes = new Outcomes();
  private final Gaps gaps = new Gaps(1, System.nanoTime());
  private final Driver driver;
  private final Generator generator;
  private long since = System.nanoTime();
  private long failedBefore;

  /**
   * A stretch of it.
   *
   * @param slowestMillis from when a request was due; those that are overdue at the end included
   * @param pauseMillis the longest time without a success
   */
  record Stretch(double perSecond, double slowestMillis, double pauseMillis, long failures) {}

  private RecoveryLoad(Driver plain, Workload workload, int outstanding, int rate) {
    driver = plain;
    Driver watched = new Watched();
    Mix puts = Mix.of(Kind.PUT);
    if (rate > 0) {
      generator = new OpenLoop(watched, workload.draw(puts), outcomes, outstanding, rate);
    } else {
      Workload.Source[] sources =
          IntStream.range(0, outstanding)
              .mapToObj(i -> workload.draw(puts))
              .toArray(Workload.Source[]::new);
      generator = new ClosedLoop(watched, sources, outcomes, timer);
    }
    generator.start();
  }

  /**
   * Begins so many a second, whatever the store does: one that stands still shows it.
   *
   * @param driver closed by this
   */
  static RecoveryLoad atRate(Driver driver, Workload workload, int outstandingMax, int rate) {
    return new RecoveryLoad(driver, workload, outstandingMax, rate);
  }

  /**
   * Keeps so many under way: as much as the store takes.
   *
   * @param driver closed by this
   */
  static RecoveryLoad full(Driver driver, Workload workload, int outstanding) {
    return new RecoveryLoad(driver, workload, outstanding, 0);
  }

  /** What was since the last call; from here the next stretch begins. */
  Stretch take() {
    long now = System.nanoTime();
    Histogram times = outcomes.take();
    double perSecond = times.getTotalCount() / ((now - since) / 1e9);
    generator.addOverdue(times, now);
    long pause = gaps.takeLongestNanos(now);
    long failed = outcomes.failures() - failedBefore;
    failedBefore += failed;
    since = now;
    return new Stretch(perSecond, times.getMaxValue() / 1e6, pause / 1e6, failed);
  }

  /** Why the latest one failed that did; empty if none did. */
  String lastFailure() {
    return outcomes.lastFailure();
  }

  /** Ends it, and the driver. */
  @Override
  public void close() {
    generator.stop();
    try {
      generator.awaitIdle(DRAIN_PATIENCE);
    } catch (InterruptedException e) {
      // All the sooner.
      Thread.currentThread().interrupt();
    } finally {
      timer.shutdownNow();
      driver.close();
    }
  }

  private final class Watched implements Driver {
    @Override
    public void send(Operation operation, Reply reply) {
      driver.send(
          operation,
          new Reply() {
            @Override
            public void succeeded() {
              gaps.succeeded(0, System.nanoTime());
              reply.succeeded();
            }

            @Override
            public void failed(String why) {
              reply.failed(why);
            }
          });
    }

    @Override
    public void close() {
      driver.close();
    }
  }
}
