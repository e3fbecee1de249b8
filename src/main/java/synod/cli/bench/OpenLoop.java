package synod.cli.bench;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Begins operations at a fixed rate, whether the earlier ones have ended or not, with a bound on
 * those under way. One that can't begin in time since too many are waits, and its time counts from
 * when it was due.
 */
final class OpenLoop implements Generator {
  private static final long LOOK_MILLIS = 50;

  private final Driver driver;
  private final Workload.Source source;
  private final Outcomes outcomes;
  private final int rate;
  private final Client[] clients;
  private final ArrayBlockingQueue<Client> idle;
  private final Thread pacer = new Thread(this::pace, "bench-pacer");
  private Schedule schedule;
  private volatile long begun;
  private volatile boolean stopped;

  OpenLoop(Driver driver, Workload.Source source, Outcomes outcomes, int outstandingMax, int rate) {
    this.driver = driver;
    this.source = source;
    this.outcomes = outcomes;
    this.rate = rate;
    this.clients = new Client[outstandingMax];
    this.idle = new ArrayBlockingQueue<>(outstandingMax);
    for (int i = 0; i < outstandingMax; i++) {
      clients[i] = new Client();
      idle.add(clients[i]);
    }
    pacer.setDaemon(true);
  }

  @Override
  public void start() {
    schedule = new Schedule(System.nanoTime(), rate);
    pacer.start();
  }

  private void pace() {
    try {
      for (long number = 0; !stopped; number++) {
        long due = schedule.at(number);
        for (long wait = due - System.nanoTime();
            wait > 0 && !stopped;
            wait = due - System.nanoTime()) {
          LockSupport.parkNanos(wait);
        }
        Client client = null;
        while (client == null && !stopped) {
          client = idle.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
        if (client != null && stopped) {
          idle.add(client);
        } else if (client != null) {
          client.begin(due);
          begun = number + 1;
        }
      }
    } catch (InterruptedException e) {
      // Nobody interrupts it; if somebody does, it ends as if told to stop.
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void stop() {
    stopped = true;
  }

  @Override
  public boolean awaitIdle(Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    pacer.join(Math.max(1, patience.toMillis()));
    while (idle.remainingCapacity() > 0) {
      if (System.nanoTime() - deadline > 0) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(1);
    }
    return true;
  }

  @Override
  public void addOverdue(Histogram times, long now) {
    for (Client client : clients) {
      long due = client.dueNanos;
      if (due != Client.IDLE && now - due > 0) {
        times.recordValue(now - due);
      }
    }
    long due = schedule.dueBy(now);
    for (long number = begun; number < due; number++) {
      times.recordValue(Math.max(1, now - schedule.at(number)));
    }
  }

  private final class Client implements Driver.Reply {
    private static final long IDLE = Long.MIN_VALUE;

    private volatile long dueNanos = IDLE;

    private void begin(long due) {
      dueNanos = due;
      driver.send(source.next(), this);
    }

    @Override
    public void succeeded() {
      long due = dueNanos;
      dueNanos = IDLE;
      outcomes.succeeded(System.nanoTime() - due);
      idle.add(this);
    }

    @Override
    public void failed(String why) {
      dueNanos = IDLE;
      outcomes.failed(why);
      idle.add(this);
    }
  }
}
