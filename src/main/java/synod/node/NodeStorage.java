package synod.node;

import java.util.List;
import synod.kv.OrderedStore;
import synod.paxos.AcceptorLog;
import synod.paxos.DurableRecord;
import synod.paxos.Formation;
import synod.storage.DiskUse;

/** A node's disk, as its actors see it. Opened once per process; outlives the restarts of roles. */
public interface NodeStorage {
  /** What this node's memory is worth. */
  Formation.Report standing();

  /** Durable on return. Blocks. */
  void advance(Formation.Report standing);

  /** What the acceptor holds. To be read by that role only, after a {@link #barrier}. */
  AcceptorLog acceptorLog();

  /** The highest round that this node's proposer has used. */
  long round();

  /**
   * Writes records as one atomic batch, behind all earlier ones. Doesn't block.
   *
   * @param onDurable called on another thread when they are on disk; never, if this or an earlier
   *     write failed
   */
  void write(List<DurableRecord> records, Runnable onDurable);

  /**
   * @param onEnd called on another thread when every earlier write has ended
   */
  void barrier(Runnable onEnd);

  /**
   * What the learner has applied. To be used by its actor only; another one after {@link
   * SnapshotStore#install}.
   */
  OrderedStore state();

  /** The snapshots of {@link #state}. To be used by the learner's actor only. */
  SnapshotStore snapshots();

  /** How full the disk is, and with what of ours. Blocks. */
  DiskUse diskUse();

  /** Writes everything out and lets go of the data directory. Blocks. */
  void close();
}
