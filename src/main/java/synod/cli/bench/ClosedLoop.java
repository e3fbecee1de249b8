package synod.cli.bench;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * So many clients, each of which begins its next operation when the last one has ended. Ends by
 * itself when its operations do.
 */
final class ClosedLoop implements Generator {
  private final Driver driver;
  private final Workload.Source[] sources;
  private final Outcomes outcomes;
  private final ScheduledExecutorService timer;
  private final CountDownLatch running;
  private volatile boolean stopped;

  /**
   * @param sources one for each client
   * @param timer to try again by
   */
  ClosedLoop(
      Driver driver, Workload.Source[] sources, Outcomes outcomes, ScheduledExecutorService timer) {
    this.driver = driver;
    this.sources = sources;
    this.outcomes = outcomes;
    this.timer = timer;
    this.running = new CountDownLatch(sources.length);
  }

  @Override
  public void start() {
    for (Workload.Source source : sources) {
      new Client(source).next();
    }
  }

  @Override
  public void stop() {
    stopped = true;
  }

  @Override
  public boolean awaitIdle(Duration patience) throws InterruptedException {
    return running.await(patience.toNanos(), TimeUnit.NANOSECONDS);
  }

  private final class Client implements Driver.Reply {
    private final Workload.Source source;
    private Operation operation;
    private long startNanos;

    private Client(Workload.Source source) {
      this.source = source;
    }

    private void next() {
      operation = stopped ? null : source.next();
      if (operation == null) {
        running.countDown();
      } else {
        send();
      }
    }

    private void send() {
      startNanos = System.nanoTime();
      driver.send(operation, this);
    }

    @Override
    public void succeeded() {
      outcomes.succeeded(System.nanoTime() - startNanos);
      next();
    }

    @Override
    public void failed(String why) {
      outcomes.failed(why);
      if (stopped) {
        running.countDown();
      } else {
        timer.schedule(this::again, RETRY_NANOS, TimeUnit.NANOSECONDS);
      }
    }

    private void again() {
      if (stopped) {
        running.countDown();
      } else {
        send();
      }
    }
  }
}
