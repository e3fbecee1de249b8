package synod.paxos;

import java.util.Optional;

/**
 * Access to the snapshots on a learner's node: its own ones, and the one that it is fetching. Calls
 * may block on the disk; they come only from the learner's own thread.
 */
public interface Snapshots {
  /** The newest one of its own that is finished and durable, if there is one. */
  Optional<Snapshot> newest();

  /**
   * Bytes of a snapshot of its own. One that is being read is kept until nobody has read it for a
   * while, also if there is a newer one.
   *
   * @return empty if it isn't there any more
   */
  Optional<byte[]> read(Snapshot snapshot, long offset, int length);

  /** How much of a snapshot that was being fetched is durable, from its beginning; 0 if nothing. */
  long kept(Snapshot snapshot);
}
