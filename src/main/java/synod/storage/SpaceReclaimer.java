package synod.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import synod.storage.Database.KeyRange;

/**
 * Has the files dropped that hold nothing but deleted ranges, long before RocksDB would come to
 * rewrite them; and others rewritten if that is asked for. Only once the deletion is durable: the
 * files are gone for good. A thread of its own does it, and is there only then.
 *
 * <p>Belongs to the database's writing thread.
 */
final class SpaceReclaimer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SpaceReclaimer.class);

  private final Consumer<KeyRange> drop;
  private final BooleanSupplier mergeSome;
  private final AtomicBoolean merging = new AtomicBoolean();
  private final List<KeyRange> unsynced = new ArrayList<>();
  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>());

  /**
   * @param drop may fail: then the space stays taken until RocksDB rewrites the files
   * @param mergeSome rewrites a few files, and may fail too; false if there are no more
   */
  SpaceReclaimer(Consumer<KeyRange> drop, BooleanSupplier mergeSome) {
    this.drop = drop;
    this.mergeSome = mergeSome;
    thread.allowCoreThreadTimeOut(true);
  }

  /** A range was deleted by a write that isn't durable yet. */
  void deleted(KeyRange range) {
    unsynced.add(range);
  }

  /** All writes up to now are durable. */
  void synced() {
    for (KeyRange range : unsynced) {
      thread.execute(() -> reclaim(range));
    }
    unsynced.clear();
  }

  /** Has files rewritten until none is left to be, unless that is already being done. */
  void merge() {
    if (merging.compareAndSet(false, true)) {
      thread.execute(this::mergeAll);
    }
  }

  private void mergeAll() {
    try {
      attempt(
          () -> {
            while (!thread.isShutdown() && mergeSome.getAsBoolean()) {
              // One after the other, so that closing waits for no more than one.
            }
          });
    } finally {
      merging.set(false);
    }
  }

  private void reclaim(KeyRange range) {
    attempt(() -> drop.accept(range));
  }

  private static void attempt(Runnable work) {
    try {
      work.run();
    } catch (StorageFailure e) {
      LOG.warn("the space of what was deleted isn't free yet", e);
    }
  }

  /** What hasn't begun is left to RocksDB. */
  @Override
  public void close() {
    thread.shutdownNow();
  }
}
