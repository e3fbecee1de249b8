package synod.node;

import java.util.function.Consumer;
import java.util.function.LongConsumer;
import synod.paxos.Snapshot;
import synod.paxos.Snapshots;

/**
 * The snapshots on a node's disk. What takes long is done on another thread, one thing after the
 * other, and the callbacks come on that thread; a crash of the process loses them. Calls belong to
 * the learner's actor, but for {@link #read}, which is anybody's. It outlives the restarts of that
 * role.
 */
public interface SnapshotStore extends Snapshots {
  /**
   * Counts what is applied.
   *
   * @param bytes of the log, since the last call
   * @return whether enough has come together for a new snapshot, and none is being taken
   */
  boolean isDue(long bytes);

  /**
   * Takes a snapshot of what the state holds now. It is durable, and so is the state up to there,
   * when the callback comes. Blocks for as long as a {@link synod.kv.OrderedStore#flush()} does.
   *
   * @param onFailed takes the reason; nothing is left of it, and what was there before still is
   */
  void take(Consumer<Snapshot> onTaken, Consumer<String> onFailed);

  /** Whether one is being taken. */
  boolean isTaking();

  /**
   * Has what was deleted from the state leave its files, in the background; older snapshots still
   * hold it. Blocks for as long as a {@link synod.kv.OrderedStore#flush()} does.
   */
  void dropDeleted();

  /** The slot that the oldest one of its own ends at; 0 if there is none. */
  long oldestSlot();

  /**
   * Writes bytes of the snapshot that is being fetched.
   *
   * @param onKept takes how much of it is there now, from its beginning
   * @param onFailed takes the reason; nothing of the snapshot is left
   */
  void keep(
      Snapshot snapshot, long offset, byte[] bytes, LongConsumer onKept, Consumer<String> onFailed);

  /**
   * Checks a snapshot that was fetched as a whole.
   *
   * @param onFailed takes the reason; nothing of the snapshot is left
   */
  void verify(Snapshot snapshot, Runnable onVerified, Consumer<String> onFailed);

  /**
   * Puts the state of a verified snapshot in the place of this node's: {@link NodeStorage#state()}
   * is another one afterwards. A crash leaves the one or the other. Blocks.
   *
   * @throws synod.storage.StorageFailure if the disk fails
   */
  void install(Snapshot snapshot);
}
