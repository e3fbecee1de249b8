package synod.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import synod.kv.CodecException;
import synod.kv.DamageMark;
import synod.kv.StoredPosition;
import synod.paxos.Snapshot;

/**
 * The checkpoints of a node's state: whole copies that share the unchanged tables with it, so that
 * one costs little time and only as much space as the state has changed since.
 *
 * <pre>
 * checkpoints/1234/CONTENTS   what is offered: {@link SnapshotContents}
 * checkpoints/1234/state/     a state database that was closed
 * checkpoints/next.tmp/       one being made; rubbish after a crash
 * </pre>
 *
 * <p>Each is offered as one stream of bytes, its contents and then its files, whose offsets never
 * change. The newest {@link #KEPT} stay, and those that were read a short while ago.
 *
 * <p>One thread at a time creates; any may ask and read.
 */
public final class Checkpoints {
  /** One that is whole while the next is made, and one that readers have begun with. */
  static final int KEPT = 2;

  static final String CONTENTS = "CONTENTS";
  static final String STATE = "state";

  private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);
  private static final String UNFINISHED = "next.tmp";
  private static final Pattern SLOT = Pattern.compile("[0-9]{1,18}");

  /** What makes up a closed database; the rest is RocksDB's protocol of what it did. */
  private static final Pattern PARTS =
      Pattern.compile("CURRENT|IDENTITY|ACKNOWLEDGED|(MANIFEST|OPTIONS)-[0-9]+|[0-9]+\\.(sst|log)");

  private final Path directory;
  private final Identity identity;
  private final Duration hold;
  private final LongSupplier nanoTime;

  /** By slot. Guarded by this. */
  private final TreeMap<Long, Checkpoint> checkpoints = new TreeMap<>();

  /** One that is there, when it was last read, and whether it was at all. */
  private static final class Checkpoint {
    final Path path;
    final SnapshotContents contents;
    final Snapshot snapshot;
    final byte[] beginning;
    boolean wasRead;
    long lastRead;

    Checkpoint(Path path, SnapshotContents contents) {
      this.path = path;
      this.contents = contents;
      this.snapshot = contents.snapshot();
      this.beginning = contents.encode();
    }
  }

  /**
   * Finds the checkpoints that are there, and deletes what an interrupted one left.
   *
   * @param hold how long one stays after it was read last
   */
  Checkpoints(Path directory, Identity identity, Duration hold, LongSupplier nanoTime) {
    this.directory = directory;
    this.identity = identity;
    this.hold = hold;
    this.nanoTime = nanoTime;
    try {
      if (Files.exists(directory)) {
        find();
      }
    } catch (IOException e) {
      throw new StorageRefusedException("checkpoints " + directory + " can't be read: " + e, e);
    }
  }

  private void find() throws IOException {
    List<Path> found;
    try (Stream<Path> entries = Files.list(directory)) {
      found = entries.toList();
    }
    for (Path path : found) {
      Optional<SnapshotContents> contents = contents(path);
      if (contents.isPresent()) {
        checkpoints.put(contents.get().slot(), new Checkpoint(path, contents.get()));
      } else {
        DurableFiles.deleteTree(path);
      }
    }
  }

  /** Empty if it can't be offered. */
  private static Optional<SnapshotContents> contents(Path path) throws IOException {
    if (!SLOT.matcher(path.getFileName().toString()).matches()) {
      return Optional.empty();
    }
    try {
      SnapshotContents contents =
          SnapshotContents.decode(Files.readAllBytes(path.resolve(CONTENTS)));
      for (SnapshotContents.Part part : contents.files()) {
        if (Files.size(path.resolve(STATE).resolve(part.name())) != part.bytes()) {
          throw new SnapshotException(part.name() + " isn't of the size that it had");
        }
      }
      return Optional.of(contents);
    } catch (SnapshotException | NoSuchFileException e) {
      LOG.info("deleting the checkpoint {}, which isn't whole: {}", path, e.getMessage());
      return Optional.empty();
    }
  }

  /**
   * Makes a checkpoint of a state as it was pinned, durable on return, and deletes those that
   * nobody needs any more. Reads every table that no earlier checkpoint had. Blocks; not to be
   * called on the thread that writes the state.
   *
   * @param pinned closed by this, whatever happens
   * @return the checkpoint; an earlier one if nothing was applied since
   * @throws SnapshotException if it can't be made, say for want of space; nothing of it is left
   */
  public Snapshot create(PinnedFiles pinned) {
    Path unfinished = directory.resolve(UNFINISHED);
    try (pinned) {
      if (!Files.exists(directory)) {
        Files.createDirectory(directory);
        DurableFiles.syncDirectory(directory.getParent());
      }
      DurableFiles.deleteTree(unfinished);
      Files.createDirectories(unfinished.resolve(STATE));
      pinned.copyTo(unfinished.resolve(STATE));
      return keep(unfinished);
    } catch (IOException | RuntimeException e) {
      discard(unfinished, e);
      throw new SnapshotException(
          "can't make a checkpoint of " + pinned + ": " + e.getMessage(), e);
    }
  }

  private static void discard(Path unfinished, Exception cause) {
    try {
      DurableFiles.deleteTree(unfinished);
    } catch (IOException e) {
      // The next one, or the next start, deletes it.
      cause.addSuppressed(e);
    }
  }

  private Snapshot keep(Path unfinished) throws IOException {
    Path state = unfinished.resolve(STATE);
    StoredPosition position = settle(state);
    synchronized (this) {
      Checkpoint same = checkpoints.get(position.applied());
      if (same != null) {
        DurableFiles.deleteTree(unfinished);
        return same.snapshot;
      }
    }
    SnapshotContents contents =
        new SnapshotContents(
            identity.cluster(),
            identity.clusterId().orElseThrow(() -> new IOException("no cluster has formed yet")),
            Identity.FORMAT,
            position.version(),
            position.applied(),
            position.revision(),
            parts(state));
    DurableFiles.replace(unfinished.resolve(CONTENTS), contents.encode());
    DurableFiles.syncDirectory(state);
    Path path = directory.resolve(String.valueOf(contents.slot()));
    Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE);
    DurableFiles.syncDirectory(directory);
    Checkpoint made = new Checkpoint(path, contents);
    for (Checkpoint unneeded : replaceBy(made)) {
      DurableFiles.deleteTree(unneeded.path);
    }
    return made.snapshot;
  }

  /** Recovers the copy as after a crash, so that its files change no more. */
  private static StoredPosition settle(Path state) throws IOException {
    try (StateStorage copy = StateStorage.openBriefly(state)) {
      Optional<String> damage = DamageMark.read(copy);
      if (damage.isPresent()) {
        throw new IOException("the state must not be used: " + damage.get());
      }
      return StoredPosition.read(copy);
    } catch (CodecException e) {
      throw new IOException("the state can't be read: " + e.getMessage(), e);
    }
  }

  /** The tables come first: they are what takes long to send and never changes. */
  private List<SnapshotContents.Part> parts(Path state) throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> entries = Files.list(state)) {
      for (Path file : entries.sorted().toList()) {
        // An empty log holds nothing.
        if (PARTS.matcher(file.getFileName().toString()).matches() && Files.size(file) > 0) {
          files.add(file);
        } else {
          DurableFiles.deleteTree(file);
        }
      }
    }
    files.sort((a, b) -> Boolean.compare(isTable(b), isTable(a)));
    Map<Object, String> known = knownDigests();
    List<SnapshotContents.Part> parts = new ArrayList<>();
    for (Path file : files) {
      String digest = known.get(key(file));
      parts.add(
          new SnapshotContents.Part(
              file.getFileName().toString(),
              Files.size(file),
              digest == null ? Sha256.of(file) : digest));
    }
    return parts;
  }

  /** The digests of tables that earlier checkpoints share, by which file it is. */
  private Map<Object, String> knownDigests() throws IOException {
    List<Checkpoint> earlier;
    synchronized (this) {
      earlier = List.copyOf(checkpoints.values());
    }
    Map<Object, String> digests = new HashMap<>();
    for (Checkpoint checkpoint : earlier) {
      for (SnapshotContents.Part part : checkpoint.contents.files()) {
        Path file = checkpoint.path.resolve(STATE).resolve(part.name());
        if (isTable(file) && Files.exists(file)) {
          digests.put(key(file), part.digest());
        }
      }
    }
    return digests;
  }

  /** The same for all links to a file, and for no other file while one of them is there. */
  private static Object key(Path file) throws IOException {
    Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    return key == null ? file : key;
  }

  private static boolean isTable(Path file) {
    return file.getFileName().toString().endsWith(".sst");
  }

  /** Offers a new one; returns those that are not offered any more. */
  private synchronized List<Checkpoint> replaceBy(Checkpoint made) {
    checkpoints.put(made.contents.slot(), made);
    long now = nanoTime.getAsLong();
    List<Checkpoint> unneeded =
        checkpoints.descendingMap().values().stream()
            .skip(KEPT)
            .filter(old -> !old.wasRead || now - old.lastRead > hold.toNanos())
            .toList();
    unneeded.forEach(old -> checkpoints.remove(old.contents.slot()));
    return unneeded;
  }

  /** The newest that is there. */
  public synchronized Optional<Snapshot> newest() {
    return checkpoints.isEmpty()
        ? Optional.empty()
        : Optional.of(checkpoints.lastEntry().getValue().snapshot);
  }

  /** The oldest one that is there. */
  public synchronized Optional<Snapshot> oldest() {
    return checkpoints.isEmpty()
        ? Optional.empty()
        : Optional.of(checkpoints.firstEntry().getValue().snapshot);
  }

  /**
   * Reads from a snapshot's stream. Blocks on the disk; opens files anew each time, so a reader
   * that goes away leaves nothing behind.
   *
   * @param offset from 0 to the snapshot's length
   * @param length the most that is wanted, at least 1
   * @return as much as is wanted, less only at the end; empty if the snapshot is not there any more
   * @throws SnapshotException if its files can't be read
   */
  public Optional<byte[]> read(Snapshot snapshot, long offset, int length) {
    Checkpoint checkpoint;
    synchronized (this) {
      checkpoint = checkpoints.get(snapshot.slot());
      if (checkpoint == null || !checkpoint.snapshot.equals(snapshot)) {
        return Optional.empty();
      }
      checkpoint.wasRead = true;
      checkpoint.lastRead = nanoTime.getAsLong();
    }
    if (offset < 0 || offset > snapshot.bytes() || length < 1) {
      throw new IllegalArgumentException(length + " bytes at " + offset + " of " + snapshot);
    }
    ByteBuffer into = ByteBuffer.allocate((int) Math.min(length, snapshot.bytes() - offset));
    try {
      read(checkpoint, offset, into);
      return Optional.of(into.array());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new SnapshotException("can't read " + snapshot + ": " + e, e);
    }
  }

  private static void read(Checkpoint checkpoint, long offset, ByteBuffer into) throws IOException {
    long begin = checkpoint.beginning.length;
    if (offset < begin) {
      int length = (int) Math.min(into.remaining(), begin - offset);
      into.put(checkpoint.beginning, (int) offset, length);
    }
    for (SnapshotContents.Part part : checkpoint.contents.files()) {
      long at = offset + into.position() - begin;
      if (into.hasRemaining() && at < part.bytes()) {
        Path file = checkpoint.path.resolve(STATE).resolve(part.name());
        read(file, at, (int) Math.min(into.remaining(), part.bytes() - at), into);
      }
      begin += part.bytes();
    }
  }

  private static void read(Path file, long at, int length, ByteBuffer into) throws IOException {
    ByteBuffer part = into.slice(into.position(), length);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      while (part.hasRemaining()) {
        if (channel.read(part, at + part.position()) < 0) {
          throw new IOException(file + " has lost its end behind byte " + (at + part.position()));
        }
      }
    }
    into.position(into.position() + length);
  }
}
