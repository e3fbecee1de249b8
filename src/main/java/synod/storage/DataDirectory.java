package synod.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import synod.paxos.Formation.Standing;

/**
 * A node's data directory, held for this process: nobody else opens it until it is closed, and it
 * belongs to this node, cluster and configuration.
 *
 * <pre>
 * LOCK         held by the process that uses the directory; tells its id
 * identity     whose data this is ({@link Identity})
 * acceptor/    the acceptor's log and the proposer's round ({@link AcceptorStorage})
 * state/       what the learner applied ({@link StateStorage})
 * checkpoints/ copies of the state to offer to others ({@link Checkpoints})
 * incoming/    the snapshot that is being taken in ({@link IncomingSnapshot})
 * native/      RocksDB's library, unpacked
 * RESTORING    there while a backup is being restored ({@link Restore}): the rest is half done
 * </pre>
 */
public final class DataDirectory implements AutoCloseable {
  static final String ACCEPTOR = "acceptor";

  /** The learner's database. */
  public static final String STATE = "state";

  /** Standings in which an acceptor's log that is not there can't have been lost. */
  private static final Set<Standing> MAY_LACK_LOG =
      EnumSet.of(Standing.UNFORMED, Standing.FORGOTTEN, Standing.LEARNER);

  private final Path path;
  private final DirectoryLock lock;
  private final Identity identity;

  private DataDirectory(Path path, DirectoryLock lock, Identity identity) {
    this.path = path;
    this.lock = lock;
    this.identity = identity;
  }

  /**
   * Opens a data directory, or creates it in a parent directory that exists. On return the identity
   * record is durable.
   *
   * @param fingerprint of the configuration that a cluster's nodes share; one line of text
   * @throws StorageRefusedException if the directory is in use, another's, damaged, or can't be
   *     read and written
   */
  public static DataDirectory open(Path path, String cluster, String node, String fingerprint) {
    makeDirectory(path);
    DirectoryLock lock = DirectoryLock.acquire(path);
    try {
      Restore.requireNoneUnfinished(path);
      return new DataDirectory(path, lock, identity(path, cluster, node, fingerprint));
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  static void makeDirectory(Path path) {
    if (Files.exists(path) && !Files.isDirectory(path)) {
      throw new StorageRefusedException("data directory " + path + " is not a directory");
    }
    try {
      if (!Files.exists(path)) {
        Path parent = path.toAbsolutePath().getParent();
        // A parent that isn't there is rather a disk not mounted than a wish to begin anew.
        if (parent == null || !Files.isDirectory(parent)) {
          throw new StorageRefusedException(
              "data directory " + path + " can't be created: there is no directory " + parent);
        }
        Files.createDirectory(path);
        DurableFiles.syncDirectory(parent);
      }
    } catch (IOException e) {
      throw new StorageRefusedException("data directory " + path + " can't be created: " + e, e);
    }
    if (!Files.isReadable(path) || !Files.isWritable(path)) {
      throw new StorageRefusedException(
          "data directory " + path + " can't be read and written by this user");
    }
  }

  private static Identity identity(Path path, String cluster, String node, String fingerprint) {
    if (Files.exists(path.resolve(Identity.FILE))) {
      return Identity.read(path, cluster, node, fingerprint);
    }
    for (String database : new String[] {ACCEPTOR, STATE}) {
      if (Files.exists(path.resolve(database))) {
        throw new StorageRefusedException(
            "data directory "
                + path
                + " holds "
                + database
                + "/ but no identity file; expected both or none");
      }
    }
    return Identity.create(path, cluster, node, fingerprint);
  }

  public Path path() {
    return path;
  }

  public Identity identity() {
    return identity;
  }

  /**
   * Opens the acceptor's log, once per process; the caller closes it before this directory. To be
   * opened before the node's standing advances, so that a log that is missing is known as lost.
   *
   * @throws StorageRefusedException if it is damaged or has lost writes
   */
  public AcceptorStorage openAcceptor() {
    Path database = path.resolve(ACCEPTOR);
    if (!Files.exists(database) && !MAY_LACK_LOG.contains(identity.standing())) {
      throw new StorageRefusedException(
          "data directory "
              + path
              + " has lost its acceptor's log: there is no "
              + ACCEPTOR
              + "/, expected it for a node that is "
              + identity.standing());
    }
    NativeLibrary.load(path);
    return AcceptorStorage.open(database);
  }

  /**
   * Opens the learner's state, a snapshot's if one was being installed. Once at a time; the caller
   * closes it before this directory.
   *
   * @throws StorageRefusedException if it is damaged or has lost what was flushed
   */
  public StateStorage openState() {
    NativeLibrary.load(path);
    finishSwap(path);
    return StateStorage.open(path.resolve(STATE));
  }

  private static void finishSwap(Path path) {
    try {
      new StateSwap(path, step -> {}).finish();
    } catch (IOException e) {
      throw new StorageRefusedException(
          "data directory " + path + ": the snapshot's installation can't be finished: " + e, e);
    }
  }

  /**
   * Opens the checkpoints of the state, once per process.
   *
   * @param hold how long one stays after it was read last
   * @throws StorageRefusedException if they can't be read
   */
  public Checkpoints openCheckpoints(Duration hold) {
    NativeLibrary.load(path);
    return new Checkpoints(path.resolve("checkpoints"), identity, hold, System::nanoTime);
  }

  /** Opens the place for a snapshot of this node's cluster, once per process. */
  public IncomingSnapshot openIncoming() {
    NativeLibrary.load(path);
    return new IncomingSnapshot(path, identity::clusterId, step -> {});
  }

  /**
   * Opens the state of a node that is stopped, to look at it. The directory is held until the
   * result is closed.
   *
   * @throws StorageRefusedException if the node runs, or there is no state to read
   */
  public static StateStorage openStateReadOnly(Path path) {
    Path database = path.resolve(STATE);
    if (!new StateSwap(path, step -> {}).hasState()) {
      throw new StorageRefusedException(
          "data directory " + path + " holds no " + STATE + "/ to read");
    }
    DirectoryLock lock = DirectoryLock.acquire(path);
    try {
      Restore.requireNoneUnfinished(path);
      NativeLibrary.load(path);
      finishSwap(path);
      return StateStorage.openReadOnly(database, lock);
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /** Gives the directory up, for another process to open. */
  @Override
  public void close() {
    lock.close();
  }
}
