package synod.cli.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Clients that write without a pause, one write at a time each. A write that isn't answered for a
 * while is followed by another, as an impatient program would do; if it is answered after all, that
 * counts too.
 */
final class Writers {
  private static final long LOOK_MILLIS = 20;
  private static final long RETRY_MILLIS = 10;

  private final List<Writer> writers = new ArrayList<>();
  private final Gaps gaps;
  private final long patienceNanos;
  private final ScheduledExecutorService timer = Timers.create("bench-writers");
  private volatile boolean stopped;

  /** Starts one writer on each of the drivers, of which some may be the same. */
  Writers(List<Driver> drivers, Workload workload, Gaps gaps, Duration patience) {
    this.gaps = gaps;
    this.patienceNanos = patience.toNanos();
    for (int i = 0; i < drivers.size(); i++) {
      writers.add(new Writer(i, drivers.get(i), workload.draw(Mix.of(Kind.PUT))));
    }
    writers.forEach(Writer::next);
    timer.scheduleWithFixedDelay(
        () -> writers.forEach(Writer::look), LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Begins nothing any more. */
  void stop() {
    stopped = true;
    timer.shutdownNow();
  }

  private final class Writer {
    private final int number;
    private final Driver driver;
    private final Workload.Source source;
    private Write current;

    private Writer(int number, Driver driver, Workload.Source source) {
      this.number = number;
      this.driver = driver;
      this.source = source;
    }

    private void next() {
      if (stopped) {
        return;
      }
      Write write = new Write();
      Operation operation;
      synchronized (this) {
        current = write;
        operation = source.next();
      }
      driver.send(operation, write);
    }

    private synchronized boolean isCurrent(Write write) {
      return current == write;
    }

    private void look() {
      boolean late;
      synchronized (this) {
        late = System.nanoTime() - current.startNanos > patienceNanos;
      }
      if (late) {
        next();
      }
    }

    private final class Write implements Driver.Reply {
      private final long startNanos = System.nanoTime();

      @Override
      public void succeeded() {
        gaps.succeeded(number, System.nanoTime());
        if (isCurrent(this)) {
          next();
        }
      }

      @Override
      public void failed(String why) {
        if (!stopped && isCurrent(this)) {
          timer.schedule(Writer.this::next, RETRY_MILLIS, TimeUnit.MILLISECONDS);
        }
      }
    }
  }
}
