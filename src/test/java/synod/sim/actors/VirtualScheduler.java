package synod.sim.actors;

import akka.actor.Cancellable;
import akka.actor.Scheduler;
import akka.event.LoggingAdapter;
import com.typesafe.config.Config;
import java.util.concurrent.ThreadFactory;
import scala.concurrent.ExecutionContext;
import scala.concurrent.duration.FiniteDuration;

/**
 * Akka's timers, in the simulation's time as the process's clock sees it. Akka makes it by its name
 * in the configuration.
 */
public final class VirtualScheduler implements Scheduler {
  private final Machine machine;

  public VirtualScheduler(Config config, LoggingAdapter log, ThreadFactory threads) {
    machine = Machine.of(config);
  }

  @Override
  public Cancellable scheduleOnce(
      FiniteDuration delay, Runnable action, ExecutionContext executor) {
    Once once = new Once(action, executor);
    machine.afterLocal(delay.toNanos(), once);
    return once;
  }

  @Override
  @SuppressWarnings("deprecation") // the trait wants it
  public Cancellable schedule(
      FiniteDuration first, FiniteDuration interval, Runnable action, ExecutionContext executor) {
    return scheduleWithFixedDelay(first, interval, action, executor);
  }

  @Override
  public double maxFrequency() {
    return 1_000;
  }

  private static final class Once implements Cancellable, Runnable {
    private final Runnable action;
    private final ExecutionContext executor;
    private boolean done;
    private boolean cancelled;

    Once(Runnable action, ExecutionContext executor) {
      this.action = action;
      this.executor = executor;
    }

    @Override
    public void run() {
      if (!cancelled) {
        done = true;
        executor.execute(action);
      }
    }

    @Override
    public boolean cancel() {
      if (done || cancelled) {
        return false;
      }
      cancelled = true;
      return true;
    }

    @Override
    public boolean isCancelled() {
      return cancelled;
    }
  }
}
