package synod.node;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import synod.kv.CachingStore;
import synod.kv.GatheringStore;
import synod.kv.OrderedStore;
import synod.kv.StoredPosition;
import synod.paxos.AcceptorLog;
import synod.paxos.DurableRecord;
import synod.paxos.Formation;
import synod.storage.AcceptorStorage;
import synod.storage.DataDirectory;
import synod.storage.DiskSpace;
import synod.storage.DiskUse;
import synod.storage.Identity;
import synod.storage.LogWriter;
import synod.storage.PinnedFiles;
import synod.storage.StateStorage;

/** A node's data directory, opened for this process. */
final class DiskStorage implements NodeStorage {
  /** How long a snapshot that a peer has begun to read is kept for its next question. */
  private static final Duration HOLD = Duration.ofSeconds(30);

  /** Of the heap: some 30,000 records of small values. */
  private static final long CACHE_BYTES = 8L << 20;

  private final DataDirectory directory;
  private final AcceptorStorage acceptor;
  private final DiskSnapshots snapshots;
  private final long commitBytes;

  // Another one after each installed snapshot; the learner's thread alone uses them.
  private StateStorage state;
  private GatheringStore gathered;

  private final LogWriter writer;
  private final DiskSpace space;
  private volatile Consumer<Throwable> onFailure = cause -> {};
  private volatile LogWriter.Listener onFlush = (writes, records, nanos) -> {};

  /**
   * Blocks.
   *
   * @throws synod.storage.StorageRefusedException if the directory belongs to another node or
   *     cluster, is in use, or can't be read
   */
  DiskStorage(NodeConfig config) {
    directory =
        DataDirectory.open(
            config.dataDirectory(),
            config.clusterName(),
            config.self().name(),
            config.fingerprint());
    AcceptorStorage opened = null;
    try {
      opened = directory.openAcceptor();
      acceptor = opened;
      state = directory.openState();
      commitBytes = config.limits().commitBytes();
      gathered = gather();
      snapshots =
          new DiskSnapshots(
              config.self().name(),
              new LearnerState(),
              directory.openCheckpoints(HOLD),
              directory.openIncoming(),
              config.limits().snapshotAfterBytes(),
              new Pace(config.limits().snapshotFetchRate()));
      writer =
          new LogWriter(
              "acceptor-log-" + config.self().name(),
              acceptor,
              cause -> onFailure.accept(cause),
              (writes, records, nanos) -> onFlush.written(writes, records, nanos));
      space =
          DiskSpace.of(
              config.dataDirectory(),
              config.limits().lowSpaceBytes(),
              config.limits().quotaBytes());
    } catch (RuntimeException e) {
      if (state != null) {
        state.close();
      }
      if (opened != null) {
        opened.close();
      }
      directory.close();
      throw e;
    }
  }

  private GatheringStore gather() {
    return new GatheringStore(new CachingStore(state, CACHE_BYTES), commitBytes);
  }

  /**
   * @param listener called once, on another thread, when a write has failed: nothing later will be
   *     written
   */
  void onFailure(Consumer<Throwable> listener) {
    onFailure = listener;
    writer.failure().ifPresent(listener);
  }

  /**
   * @param listener called on the writing thread each time that the log was synced; must not block
   */
  void onFlush(LogWriter.Listener listener) {
    onFlush = listener;
  }

  @Override
  public Formation.Report standing() {
    Identity identity = directory.identity();
    return new Formation.Report(
        identity.standing(), identity.clusterId().orElse(null), identity.restoredFrom());
  }

  @Override
  public void advance(Formation.Report standing) {
    directory.identity().advance(standing.standing(), standing.clusterId());
  }

  @Override
  public AcceptorLog acceptorLog() {
    return acceptor;
  }

  @Override
  public long round() {
    return acceptor.round();
  }

  @Override
  public void write(List<DurableRecord> records, Runnable onDurable) {
    writer.write(records, onDurable);
  }

  @Override
  public void barrier(Runnable onEnd) {
    writer.barrier(onEnd);
  }

  @Override
  public OrderedStore state() {
    return gathered;
  }

  @Override
  public SnapshotStore snapshots() {
    return snapshots;
  }

  private final class LearnerState implements DiskSnapshots.State {
    @Override
    public PinnedFiles pin() {
      gathered.flush();
      return state.pin();
    }

    @Override
    public void dropDeleted() {
      gathered.flush();
      state.dropDeleted();
    }

    @Override
    public long applied() {
      return StoredPosition.read(gathered).applied();
    }

    @Override
    public void replace(Runnable meanwhile) {
      gathered.close();
      state.close();
      try {
        meanwhile.run();
      } finally {
        state = directory.openState();
        gathered = gather();
      }
    }
  }

  @Override
  public DiskUse diskUse() {
    return space.measure();
  }

  /** Writes that wait for the disk. Any thread may ask. */
  int writesQueued() {
    return writer.depth();
  }

  @Override
  public void close() {
    writer.close();
    acceptor.close();
    snapshots.close();
    try {
      gathered.close();
    } finally {
      state.close();
      directory.close();
    }
  }
}
