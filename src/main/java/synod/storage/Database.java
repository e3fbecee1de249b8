package synod.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Stream;
import org.rocksdb.FlushOptions;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import synod.kv.OrderedStore.Change;
import synod.kv.OrderedStore.Cursor;

/**
 * One RocksDB database, made safe to use: opened only if it holds all that it acknowledged, closed
 * without pulling native memory from under a reader, and dead after its first failed write.
 *
 * <p>Reads may come from any thread. Writes and closing belong to one thread at a time. RocksDB's
 * exceptions never leave: they become {@link StorageFailure}.
 */
final class Database implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Database.class);

  private final Path directory;
  private final DatabaseOptions options;
  private final RocksDB rocks;

  /** Null if the database is open for reading only. */
  private final AcknowledgedMark mark;

  private final Manifest manifest;
  private final WriteOptions synced = new WriteOptions().setSync(true);
  private final WriteOptions unsynced = new WriteOptions();
  private final SpaceReclaimer reclaimer = new SpaceReclaimer(this::dropFiles, this::mergeSome);
  private final Set<RocksCursor> cursors = ConcurrentHashMap.newKeySet();

  /** Shared by whoever uses native memory, exclusive for closing it. */
  private final ReentrantReadWriteLock use = new ReentrantReadWriteLock();

  private volatile boolean closed;
  private StorageFailure failure;

  /** How much a crash may have torn from the end of the write-ahead log. */
  enum Tail {
    /** Writes are synced: no more than the one write that never ended. */
    LAST_WRITE,
    /** Writes are not synced: anything since the last sync, pages in any order. */
    UNSYNCED
  }

  private Database(
      Path directory,
      DatabaseOptions options,
      RocksDB rocks,
      AcknowledgedMark mark,
      Manifest manifest) {
    this.directory = directory;
    this.options = options;
    this.rocks = rocks;
    this.mark = mark;
    this.manifest = manifest;
  }

  /**
   * Opens a database, or creates it if the directory has none. On return all that it holds is
   * durable. Takes over the options.
   *
   * @throws StorageRefusedException if it is damaged or has lost acknowledged writes
   */
  static Database open(Path directory, Tail tail, DatabaseOptions options) {
    AcknowledgedMark mark = null;
    RocksDB rocks = null;
    try {
      boolean isNew = !AcknowledgedMark.exists(directory);
      if (isNew) {
        makeDirectory(directory);
        mark = AcknowledgedMark.create(directory);
      } else {
        mark = AcknowledgedMark.open(directory);
      }
      // No manifest is known yet of a database whose creation was interrupted.
      if (mark.manifest() > 0) {
        prepare(directory, tail, mark);
      }
      options.options.setCreateIfMissing(mark.manifest() == 0);
      rocks = RocksDB.open(options.options, directory.toString());
      checkReached(directory, rocks.getLatestSequenceNumber(), mark);
      Manifest manifest = Manifest.current(directory);
      mark.raise(rocks.getLatestSequenceNumber(), manifest);
      mark.sync();
      return new Database(directory, options, rocks, mark, manifest);
    } catch (RocksDBException | IOException | RuntimeException e) {
      if (rocks != null) {
        rocks.close();
      }
      if (mark != null) {
        mark.close();
      }
      options.close();
      throw refused(directory, e);
    }
  }

  /** Opens a database to look at it. A torn tail is left out. Takes over the options. */
  static Database openReadOnly(Path directory, DatabaseOptions options) {
    try {
      options.options.setWalRecoveryMode(WALRecoveryMode.PointInTimeRecovery);
      RocksDB rocks = RocksDB.openReadOnly(options.options, directory.toString());
      return new Database(directory, options, rocks, null, null);
    } catch (RocksDBException e) {
      options.close();
      throw refused(directory, e);
    }
  }

  private static void makeDirectory(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      Files.createDirectory(directory);
      DurableFiles.syncDirectory(directory.getParent());
    }
    try (Stream<Path> files = Files.list(directory)) {
      if (files.anyMatch(file -> !file.getFileName().toString().endsWith(".tmp"))) {
        throw new StorageRefusedException(
            "database " + directory + " is not empty but has no file " + AcknowledgedMark.FILE);
      }
    }
  }

  /** Judges what is there, and cuts off what a crash left unfinished. */
  private static void prepare(Path directory, Tail tail, AcknowledgedMark mark) throws IOException {
    Manifest.current(directory).check(directory, mark.manifest(), mark.manifestLength());
    WriteAheadLog log = WriteAheadLog.read(directory);
    WriteAheadLog.Damage damage = log.damage();
    boolean torn =
        damage != null && damage.inLastFile() && (tail == Tail.UNSYNCED || !damage.writesBeyond());
    if (damage != null && !torn) {
      throw new StorageRefusedException(
          "database "
              + directory
              + ": the log "
              + damage.file().getFileName()
              + " is damaged at byte "
              + damage.offset()
              + " and goes on behind it; expected it intact, for these writes were acknowledged");
    }
    if (log.lastSequence() > 0) {
      checkReached(directory, log.lastSequence(), mark);
    }
    if (damage != null) {
      LOG.info(
          "{}: cutting off the unfinished end of {} at byte {}",
          directory,
          damage.file().getFileName(),
          damage.offset());
      damage.cutOff();
    }
  }

  private static void checkReached(Path directory, long sequence, AcknowledgedMark mark) {
    if (sequence < mark.sequence()) {
      throw new StorageRefusedException(
          "database "
              + directory
              + " has lost acknowledged writes: it holds "
              + sequence
              + " changes, expected at least "
              + mark.sequence());
    }
  }

  private static StorageRefusedException refused(Path directory, Exception e) {
    if (e instanceof StorageRefusedException refused) {
      return refused;
    }
    return new StorageRefusedException(
        "database " + directory + " can't be opened: " + e.getMessage(), e);
  }

  /** The value of a key, null if there is none. */
  byte[] get(byte[] key) {
    return call("read", () -> rocks.get(key));
  }

  /** All keys in {@code [from, to)}. */
  record KeyRange(byte[] from, byte[] to) {}

  /**
   * Makes all changes or none, in this order. If they are synced they are durable on return, and
   * acknowledged.
   */
  void write(List<Change> changes, boolean sync) {
    write(Optional.empty(), changes, sync);
  }

  /**
   * Deletes a range and then makes all changes, or does nothing.
   *
   * @param deleted costs no more if it is large; its space is given back in the background once the
   *     deletion is durable
   */
  void write(Optional<KeyRange> deleted, List<Change> changes, boolean sync) {
    if (changes.isEmpty() && deleted.isEmpty()) {
      return;
    }
    attempt(
        () -> {
          try (WriteBatch batch = new WriteBatch(size(changes))) {
            if (deleted.isPresent()) {
              batch.deleteRange(deleted.get().from(), deleted.get().to());
            }
            for (Change change : changes) {
              if (change.value() == null) {
                batch.delete(change.key());
              } else {
                batch.put(change.key(), change.value());
              }
            }
            rocks.write(sync ? synced : unsynced, batch);
          }
          deleted.ifPresent(reclaimer::deleted);
          if (sync) {
            acknowledge();
          }
        });
  }

  private void acknowledge() {
    mark.raise(rocks.getLatestSequenceNumber(), manifest);
    reclaimer.synced();
  }

  /** Drops the files that hold nothing but this range, whose deletion is durable. */
  private void dropFiles(KeyRange range) {
    use.readLock().lock();
    try {
      if (!closed) {
        rocks.deleteFilesInRanges(
            rocks.getDefaultColumnFamily(), List.of(range.from(), range.to()), false);
      }
    } catch (RocksDBException e) {
      throw new StorageFailure("can't drop files of " + directory, e);
    } finally {
      use.readLock().unlock();
    }
  }

  /**
   * Has all tables merged into the last level, in the background, where deleted records end. What
   * isn't in a table yet stays where it is.
   */
  void merge() {
    reclaimer.merge();
  }

  /** A table of the highest level that has one, or all of level 0, which overlap. */
  private boolean mergeSome() {
    use.readLock().lock();
    try {
      return !closed && TableMerge.next(rocks).map(this::carryOut).orElse(false);
    } finally {
      use.readLock().unlock();
    }
  }

  private boolean carryOut(TableMerge merge) {
    try {
      return merge.carryOut(rocks, options.tableBytes());
    } catch (RocksDBException e) {
      throw new StorageFailure("can't merge tables of " + directory, e);
    }
  }

  private static int size(List<Change> changes) {
    long size = 16;
    for (Change change : changes) {
      size += 16 + change.key().length + (change.value() == null ? 0 : change.value().length);
    }
    return (int) Math.min(size, Integer.MAX_VALUE);
  }

  /** On return all writes are durable, and acknowledged. */
  void sync() {
    attempt(
        () -> {
          rocks.syncWal();
          acknowledge();
        });
  }

  /**
   * Makes all writes durable, begins a new log file for the next ones and has the old one's content
   * moved to a table in the background.
   */
  void roll() {
    sync();
    attempt(
        () -> {
          try (FlushOptions flush = new FlushOptions().setWaitForFlush(false)) {
            rocks.flush(flush);
          }
        });
  }

  /**
   * Keeps the files that hold what is written by now, until the result is closed. Belongs to the
   * writing thread and writes nothing itself.
   */
  PinnedFiles pin() {
    return call(
        "pin",
        () -> {
          rocks.disableFileDeletions();
          try {
            RocksDB.LiveFiles live = rocks.getLiveFiles(false);
            return PinnedFiles.of(
                directory, live, rocks.getLatestSequenceNumber(), this::deleteFilesAgain);
          } catch (RocksDBException | RuntimeException e) {
            rocks.enableFileDeletions();
            throw e;
          }
        });
  }

  private void deleteFilesAgain() {
    use.readLock().lock();
    try {
      if (!closed) {
        rocks.enableFileDeletions();
      }
    } catch (RocksDBException e) {
      throw new StorageFailure("can't release the files of " + directory, e);
    } finally {
      use.readLock().unlock();
    }
  }

  /** A cursor over {@code [from, to)} on the database as it is now. */
  Cursor scan(byte[] from, byte[] to) {
    return call(
        "read",
        () -> {
          RocksCursor cursor = new RocksCursor(from, to);
          cursors.add(cursor);
          return cursor;
        });
  }

  /** The last key in {@code [from, to)}, null if there is none. */
  byte[] lastKey(byte[] from, byte[] to) {
    return call(
        "read",
        () -> {
          try (Slice lower = new Slice(from);
              Slice upper = new Slice(to);
              ReadOptions read =
                  new ReadOptions().setIterateLowerBound(lower).setIterateUpperBound(upper);
              RocksIterator iterator = rocks.newIterator(read)) {
            iterator.seekToLast();
            iterator.status();
            return iterator.isValid() ? iterator.key() : null;
          }
        });
  }

  private interface Call<T> {
    T run() throws RocksDBException;
  }

  private interface Write {
    void run() throws RocksDBException;
  }

  private <T> T call(String action, Call<T> call) {
    use.readLock().lock();
    try {
      if (closed) {
        throw new StorageFailure("can't " + action + " " + directory + ": it is closed", null);
      }
      return call.run();
    } catch (RocksDBException e) {
      throw new StorageFailure("can't " + action + " " + directory + ": " + e.getMessage(), e);
    } finally {
      use.readLock().unlock();
    }
  }

  /** Writes, unless a write failed before: what is on disk since is unknown. */
  private void attempt(Write write) {
    if (failure != null) {
      throw new StorageFailure("can't write " + directory + ": a write failed before", failure);
    }
    try {
      call(
          "write",
          () -> {
            write.run();
            return null;
          });
    } catch (StorageFailure e) {
      failure = e;
      throw e;
    }
  }

  /**
   * Makes all writes durable, unless one failed, and closes everything, open cursors too. Later
   * calls fail. Readers may still be about, a writer may not.
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    try {
      if (mark != null && failure == null) {
        sync();
        mark.sync();
      }
    } finally {
      release();
    }
  }

  private void release() {
    reclaimer.close();
    use.writeLock().lock();
    try {
      closed = true;
      cursors.forEach(RocksCursor::free);
      cursors.clear();
      synced.close();
      unsynced.close();
      rocks.close();
      options.close();
      if (mark != null) {
        mark.close();
      }
    } finally {
      use.writeLock().unlock();
    }
  }

  /** Guards what RocksDB doesn't: its iterators crash the process when they stand nowhere. */
  private final class RocksCursor implements Cursor {
    private final Slice upper;
    private final ReadOptions read;
    private final RocksIterator iterator;
    private byte[] from;
    private boolean standing;

    RocksCursor(byte[] from, byte[] to) {
      this.from = from.clone();
      upper = new Slice(to);
      read = new ReadOptions().setIterateUpperBound(upper);
      iterator = rocks.newIterator(read);
    }

    @Override
    public boolean next() {
      return call("read", this::move);
    }

    private boolean move() throws RocksDBException {
      requireOpen();
      if (from != null) {
        iterator.seek(from);
        from = null;
      } else if (standing) {
        iterator.next();
      }
      standing = iterator.isValid();
      iterator.status();
      return standing;
    }

    @Override
    public byte[] key() {
      return call("read", () -> entry().key());
    }

    @Override
    public byte[] value() {
      return call("read", () -> entry().value());
    }

    private RocksIterator entry() {
      requireOpen();
      if (!standing) {
        throw new IllegalStateException("the cursor stands on no entry");
      }
      return iterator;
    }

    private void requireOpen() {
      if (!iterator.isOwningHandle()) {
        throw new IllegalStateException("the cursor is closed");
      }
    }

    @Override
    public void close() {
      use.readLock().lock();
      try {
        if (cursors.remove(this)) {
          free();
        }
      } finally {
        use.readLock().unlock();
      }
    }

    private void free() {
      iterator.close();
      read.close();
      upper.close();
    }
  }
}
