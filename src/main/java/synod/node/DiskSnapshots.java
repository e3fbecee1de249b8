package synod.node;

import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import synod.paxos.Snapshot;
import synod.storage.Checkpoints;
import synod.storage.IncomingSnapshot;
import synod.storage.PinnedFiles;
import synod.storage.SnapshotException;
import synod.storage.StorageFailure;

/** The snapshots in a node's data directory. */
final class DiskSnapshots implements SnapshotStore, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DiskSnapshots.class);

  /** How they reach the state, which is another one after an installation. */
  interface State {
    /** Makes all of it durable and keeps the files that hold it. */
    PinnedFiles pin();

    /** Has what was deleted leave its files, in the background. */
    void dropDeleted();

    /** How far it has come. */
    long applied();

    /** Closes it, has something done, and opens what is there then. */
    void replace(Runnable meanwhile);
  }

  private final State state;
  private final Checkpoints checkpoints;
  private final long afterBytes;

  /** The worker's own. */
  private final Pace pace;

  /** Guarded by itself: its calls belong to one thread at a time. */
  private final IncomingSnapshot incoming;

  private final ExecutorService worker;

  private long sinceTaken;
  private volatile boolean taking;

  /**
   * @param afterBytes of the log, applied since the last snapshot, make the next one due
   * @param pace at which parts of a fetched snapshot are kept: who fetches asks for no more than is
   *     kept
   */
  DiskSnapshots(
      String node,
      State state,
      Checkpoints checkpoints,
      IncomingSnapshot incoming,
      long afterBytes,
      Pace pace) {
    this.state = state;
    this.checkpoints = checkpoints;
    this.incoming = incoming;
    this.afterBytes = afterBytes;
    this.pace = pace;
    // How much was applied since the newest one isn't known any more; it must not be forgotten over
    // many restarts.
    this.sinceTaken = state.applied() > newestSlot() ? afterBytes : 0;
    this.worker =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread thread = new Thread(task, "snapshots-" + node);
              thread.setDaemon(true);
              return thread;
            });
  }

  private long newestSlot() {
    return checkpoints.newest().map(Snapshot::slot).orElse(0L);
  }

  @Override
  public boolean isDue(long bytes) {
    sinceTaken += bytes;
    return sinceTaken >= afterBytes && !taking;
  }

  @Override
  public void take(Consumer<Snapshot> onTaken, Consumer<String> onFailed) {
    PinnedFiles pinned = state.pin();
    sinceTaken = 0;
    taking = true;
    worker.execute(
        () ->
            attempt(
                () -> {
                  try {
                    onTaken.accept(checkpoints.create(pinned));
                  } finally {
                    taking = false;
                  }
                },
                onFailed));
  }

  @Override
  public boolean isTaking() {
    return taking;
  }

  @Override
  public void dropDeleted() {
    state.dropDeleted();
  }

  @Override
  public long oldestSlot() {
    return checkpoints.oldest().map(Snapshot::slot).orElse(0L);
  }

  @Override
  public Optional<Snapshot> newest() {
    return checkpoints.newest();
  }

  @Override
  public Optional<byte[]> read(Snapshot snapshot, long offset, int length) {
    try {
      return checkpoints.read(snapshot, offset, length);
    } catch (SnapshotException e) {
      LOG.warn("{}", e.getMessage());
      return Optional.empty();
    }
  }

  @Override
  public long kept(Snapshot snapshot) {
    synchronized (incoming) {
      try {
        return incoming.kept(snapshot);
      } catch (SnapshotException e) {
        LOG.warn("{}; it is fetched from its beginning", e.getMessage());
        return 0;
      }
    }
  }

  @Override
  public void keep(
      Snapshot snapshot,
      long offset,
      byte[] bytes,
      LongConsumer onKept,
      Consumer<String> onFailed) {
    worker.execute(
        () ->
            attempt(
                () -> {
                  long kept;
                  synchronized (incoming) {
                    if (offset > incoming.kept(snapshot)) {
                      // What was there was discarded after this part was asked for.
                      throw new SnapshotException(snapshot + " has to be fetched anew");
                    }
                    kept = incoming.keep(snapshot, offset, bytes);
                  }
                  LockSupport.parkNanos(pace.rest(bytes.length, System.nanoTime()));
                  onKept.accept(kept);
                },
                onFailed));
  }

  @Override
  public void verify(Snapshot snapshot, Runnable onVerified, Consumer<String> onFailed) {
    worker.execute(
        () ->
            attempt(
                () -> {
                  synchronized (incoming) {
                    incoming.verify(snapshot);
                  }
                  onVerified.run();
                },
                onFailed));
  }

  private static void attempt(Runnable work, Consumer<String> onFailed) {
    try {
      work.run();
    } catch (SnapshotException | StorageFailure e) {
      onFailed.accept(e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("a snapshot failed", e);
      onFailed.accept(String.valueOf(e));
    }
  }

  @Override
  public void install(Snapshot snapshot) {
    synchronized (incoming) {
      state.replace(() -> incoming.install(snapshot));
    }
    sinceTaken = afterBytes;
  }

  /** Lets what is under way come to its end. Blocks. */
  @Override
  public void close() {
    worker.shutdown();
    try {
      if (!worker.awaitTermination(1, TimeUnit.MINUTES)) {
        LOG.warn("a snapshot is still under way; what is there of it is left behind");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (incoming) {
      incoming.close();
    }
  }
}
