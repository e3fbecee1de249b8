package synod.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import synod.storage.Database.KeyRange;

/**
 * Has the files dropped that hold nothing but deleted ranges, long before RocksDB would come to
 * rewrite them. Only once the deletion is durable: the files are gone for good. A thread of its own
 * does it, and is there only then.
 *
 * <p>Belongs to the database's writing thread.
 */
final class SpaceReclaimer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SpaceReclaimer.class);

  private final Consumer<KeyRange> drop;
  private final List<KeyRange> unsynced = new ArrayList<>();
  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>());

  /**
   * @param drop may fail: then the space stays taken until RocksDB rewrites the files
   */
  SpaceReclaimer(Consumer<KeyRange> drop) {
    this.drop = drop;
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

  private void reclaim(KeyRange range) {
    try {
      drop.accept(range);
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
