package synod.storage;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import synod.kv.OrderedStore;

/**
 * The state that a learner applied, in a RocksDB database. A commit survives the death of the
 * process; a power cut may lose the latest ones, back to the last {@link #flush()} at most. What is
 * there afterwards is always a state that was committed, without holes.
 *
 * <p>Commits, {@link #flush}, {@link #pin}, {@link #dropDeleted} and {@link #close} belong to one
 * thread at a time; reads may come from any.
 */
public final class StateStorage implements OrderedStore, AutoCloseable {
  private static final long WRITE_BUFFER = 16L << 20;
  private static final long CACHE = 16L << 20;

  /**
   * Bytes after which a new log file is begun. Well below the write buffer's size, so that RocksDB
   * never begins one by itself: it would leave the old one unsynced, and a power cut could lose the
   * end of the old one but not the beginning of the new one.
   */
  private static final long ROLL = WRITE_BUFFER / 2;

  /** What a change takes in memory beside its bytes, generously. */
  private static final int OVERHEAD = 64;

  private final Database database;

  /** Held with the storage if that is a stopped node's, else null. */
  private final DirectoryLock lock;

  private long sinceRoll;

  private StateStorage(Database database, DirectoryLock lock) {
    this.database = database;
    this.lock = lock;
  }

  static StateStorage open(Path directory) {
    return new StateStorage(Database.open(directory, Database.Tail.UNSYNCED, options()), null);
  }

  /** Opens a state to settle and read it, and to close it again: compacts nothing. */
  static StateStorage openBriefly(Path directory) {
    return new StateStorage(
        Database.open(directory, Database.Tail.UNSYNCED, options().withoutCompaction()), null);
  }

  /** Opens the state for reading only: a commit fails. Takes over the lock, if there is one. */
  static StateStorage openReadOnly(Path directory, DirectoryLock lock) {
    return new StateStorage(Database.openReadOnly(directory, options()), lock);
  }

  private static DatabaseOptions options() {
    return new DatabaseOptions(WRITE_BUFFER, CACHE);
  }

  @Override
  public byte[] get(byte[] key) {
    return database.get(key);
  }

  @Override
  public Cursor scan(byte[] from, byte[] to) {
    return database.scan(from, to);
  }

  @Override
  public void commit(List<Change> changes) {
    database.write(changes, false);
    for (Change change : changes) {
      int value = change.value() == null ? 0 : change.value().length;
      sinceRoll += OVERHEAD + change.key().length + value;
    }
    if (sinceRoll >= ROLL) {
      database.roll();
      sinceRoll = 0;
    }
  }

  @Override
  public void deleteRange(byte[] from, byte[] to) {
    database.write(Optional.of(new Database.KeyRange(from, to)), List.of(), false);
  }

  @Override
  public void flush() {
    database.sync();
  }

  /**
   * Has what was deleted leave the files, in the background: tables are merged until all are in the
   * last level. Every commit is durable on return.
   */
  public void dropDeleted() {
    database.roll();
    sinceRoll = 0;
    database.merge();
  }

  /**
   * Keeps the files that hold every commit up to now, for {@link Checkpoints#create}. Waits for no
   * disk.
   *
   * @return to be closed by the caller; until then no file of this state is deleted
   * @throws StorageFailure if the state is closed, or its files can't be listed
   */
  public PinnedFiles pin() {
    return database.pin();
  }

  /** On return every commit is durable, unless one failed. */
  @Override
  public void close() {
    try {
      database.close();
    } finally {
      if (lock != null) {
        lock.close();
      }
    }
  }
}
