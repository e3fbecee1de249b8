package synod.cli.bench;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;

/** Makes timers. */
final class Timers {
  private Timers() {}

  /**
   * A timer with one thread, which doesn't keep the program from ending. What it is given after it
   * was shut down is forgotten.
   */
  static ScheduledExecutorService create(String name) {
    return new ScheduledThreadPoolExecutor(
        1,
        task -> {
          Thread thread = new Thread(task, name);
          thread.setDaemon(true);
          return thread;
        },
        new ThreadPoolExecutor.DiscardPolicy());
  }
}
