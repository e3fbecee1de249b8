package synod.node;

import java.util.Optional;
import synod.paxos.Snapshot;

/** Reads the snapshots of a node's learner. Blocks on the disk; any thread may call. */
public interface SnapshotReader {
  /**
   * Bytes of a snapshot. One that is being read is kept until nobody has read it for a while.
   *
   * @param length the most that is wanted; there are fewer only at the end
   * @return empty if the snapshot isn't there any more
   * @throws synod.storage.SnapshotException if its files can't be read
   */
  Optional<byte[]> read(Snapshot snapshot, long offset, int length);
}
