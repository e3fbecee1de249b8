package synod.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import synod.paxos.DurableRecord;

/**
 * Group commit: one thread takes every write that queued up while the disk was busy, writes them
 * all in one atomic, synced batch, then runs their completions in the order of the writes.
 *
 * <p>A completion runs only after its records, and those of all earlier writes, are durable. A
 * failure is final: it is reported once, to the callback, and from then on no completion runs and
 * nothing is written. Any thread may write. The queue has no bound of its own, since a role can't
 * wait: while the disk stands still the acceptor takes in no more than so many bytes ({@link
 * synod.paxos.Acceptor}), and the proposer but a round at a time.
 */
public final class LogWriter implements AutoCloseable {
  private static final Write STOP = new Write(List.of(), () -> {});

  /** Told of every batch, by the writing thread. Must not block. */
  public interface Listener {
    /**
     * @param writes how many were written together
     * @param records in them
     * @param nanos the time that the write and its fsync took
     */
    void written(int writes, int records, long nanos);
  }

  private record Write(List<DurableRecord> records, Runnable onDurable) {}

  private final DurableLog log;
  private final Consumer<Throwable> onFailure;
  private final Listener listener;
  private final BlockingQueue<Write> queue = new LinkedBlockingQueue<>();
  private final Thread thread;
  private volatile boolean closed;
  private volatile Throwable failure;

  /**
   * Starts the thread.
   *
   * @param name the thread's
   * @param onFailure told once, by the writing thread, why nothing is written any more; must not
   *     throw
   */
  public LogWriter(String name, DurableLog log, Consumer<Throwable> onFailure, Listener listener) {
    this.log = log;
    this.onFailure = onFailure;
    this.listener = listener;
    thread = new Thread(this::run, name);
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Queues records to be written in one atomic step, and what to do once they are durable. After a
   * failure or {@link #close()} both are dropped, as in a crash.
   *
   * @param records none to wait for the earlier writes alone
   * @param onDurable run by the writing thread; must neither block nor throw
   */
  public void write(List<DurableRecord> records, Runnable onDurable) {
    if (failure == null && !closed) {
      queue.add(new Write(List.copyOf(records), onDurable));
    }
  }

  /**
   * Runs something when all writes queued so far have ended; never, if one of them fails. A role
   * that was restarted waits so for the writes of its earlier lives, before it reads what they
   * left.
   */
  public void barrier(Runnable onEnded) {
    write(List.of(), onEnded);
  }

  /** Writes that wait for the disk, those being written not counted. */
  public int depth() {
    return queue.size();
  }

  /** Why nothing is written any more; empty while all is well. */
  public Optional<Throwable> failure() {
    return Optional.ofNullable(failure);
  }

  /** Finishes what is queued, then stops the thread; the log is left open. */
  @Override
  public void close() {
    closed = true;
    if (failure == null) {
      queue.add(STOP);
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        // The log is closed after this, so nothing may still be writing.
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      List<Write> batch = new ArrayList<>();
      while (!batch.contains(STOP)) {
        batch.clear();
        batch.add(queue.take());
        queue.drainTo(batch);
        commit(batch);
      }
    } catch (Throwable e) {
      // Whatever it is, an Error too: what comes after a write that may have failed is unknown.
      failure = e;
      queue.clear();
      onFailure.accept(e);
    }
  }

  private void commit(List<Write> batch) {
    List<DurableRecord> records = new ArrayList<>();
    batch.forEach(write -> records.addAll(write.records()));
    if (!records.isEmpty()) {
      long start = System.nanoTime();
      log.write(records);
      listener.written(batch.size(), records.size(), System.nanoTime() - start);
    }
    for (Write write : batch) {
      write.onDurable().run();
    }
  }
}
