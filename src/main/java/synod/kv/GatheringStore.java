package synod.kv;

import java.util.List;

/**
 * Keeps commits in memory, where they show in every answer, and passes them on to another store
 * together once there is enough of them: what is changed again or deleted meanwhile never reaches
 * the disk. They are passed on whole and in order, as one commit; so a crash of the process loses
 * the latest of them, as a crash of the machine does with any store. To be kept for as long as the
 * process lives: a learner that restarts in it must find what it had.
 *
 * <p>For one thread at a time.
 */
public final class GatheringStore implements OrderedStore, AutoCloseable {
  private final OrderedStore store;
  private final long commitBytes;
  private final Changes gathered;
  private boolean failed;

  /**
   * @param store stays open when this is closed
   * @param commitBytes about how much memory the changes may take; 0 to pass on every commit
   */
  public GatheringStore(OrderedStore store, long commitBytes) {
    this.store = store;
    this.commitBytes = commitBytes;
    this.gathered = new Changes(store);
  }

  @Override
  public byte[] get(byte[] key) {
    return gathered.get(key);
  }

  @Override
  public Cursor scan(byte[] from, byte[] to) {
    return gathered.scan(from, to);
  }

  @Override
  public void commit(List<Change> changes) {
    changes.forEach(gathered::add);
    if (gathered.bytes() >= commitBytes) {
      passOn();
    }
  }

  /** Goes straight to the other store: a key whose put is durable isn't gathered here. */
  @Override
  public void deleteRange(byte[] from, byte[] to) {
    store.deleteRange(from, to);
  }

  @Override
  public void flush() {
    passOn();
    store.flush();
  }

  private void passOn() {
    failed = true;
    gathered.commit();
    failed = false;
  }

  /** Passes on what is left, unless that failed before. */
  @Override
  public void close() {
    if (!failed && gathered.bytes() > 0) {
      passOn();
    }
  }
}
