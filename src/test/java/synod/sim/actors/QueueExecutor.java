package synod.sim.actors;

import akka.dispatch.DispatcherPrerequisites;
import akka.dispatch.ExecutorServiceConfigurator;
import akka.dispatch.ExecutorServiceFactory;
import com.typesafe.config.Config;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * What dispatchers of a simulated process run on: each turn of an actor becomes an event of the
 * simulation. Akka makes it by its name in the configuration.
 */
public final class QueueExecutor extends ExecutorServiceConfigurator {
  private final Executor turns;

  public QueueExecutor(Config config, DispatcherPrerequisites akka) {
    super(config, akka);
    Machine machine = Machine.of(akka.settings().config());
    turns = turns(machine, config);
  }

  private static Executor turns(Machine machine, Config config) {
    if (config.getBoolean("starts-system")) {
      return machine::executeStart;
    }
    return config.getBoolean("waits-for-disk") ? machine::executeWaiting : machine::execute;
  }

  @Override
  public ExecutorServiceFactory createExecutorServiceFactory(String id, ThreadFactory threads) {
    return () -> new Turns(turns);
  }

  private static final class Turns extends AbstractExecutorService {
    private final Executor turns;

    Turns(Executor turns) {
      this.turns = turns;
    }

    @Override
    public void execute(Runnable turn) {
      turns.execute(turn);
    }

    @Override
    public void shutdown() {}

    @Override
    public List<Runnable> shutdownNow() {
      return List.of();
    }

    @Override
    public boolean isShutdown() {
      return false;
    }

    @Override
    public boolean isTerminated() {
      return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      return true;
    }
  }
}
