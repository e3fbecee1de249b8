package synod.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import synod.kv.CodecException;
import synod.kv.DamageMark;
import synod.kv.StoredPosition;
import synod.paxos.Snapshot;

/**
 * Takes in a snapshot's stream part by part, keeps it across restarts, and makes it the node's
 * state once all of it is there and right.
 *
 * <pre>
 * incoming/NAME/CONTENTS   what it is to hold; there before any file
 * incoming/NAME/state/     the files so far, in the stream's order
 * </pre>
 *
 * <p>There is one at a time: beginning with another deletes it. Parts are not durable before {@link
 * #verify}; what a power cut damages is found there, by its digest.
 *
 * <p>For one thread at a time; all calls block on the disk.
 */
public final class IncomingSnapshot implements AutoCloseable {
  /** So many bytes at most are written before the disk is asked to have them. */
  private static final long SYNC_BYTES = 16L << 20;

  private final Path directory;
  private final Supplier<Optional<String>> clusterId;
  private final StateSwap swap;

  /** The one that is taken in, null before the first. */
  private Snapshot snapshot;

  /** How many bytes of its stream are here, without a gap. */
  private long kept;

  /** What its stream began with, until the contents are whole. */
  private byte[] beginning = {};

  /** Null until they are whole. */
  private SnapshotContents contents;

  private int contentsBytes;
  private boolean verified;

  private FileChannel open;
  private String openName = "";
  private long sinceSync;

  /**
   * @param data the data directory
   * @param clusterId that a snapshot must be of, asked when one begins; empty to take any
   * @param step see {@link StateSwap}
   */
  IncomingSnapshot(Path data, Supplier<Optional<String>> clusterId, Consumer<String> step) {
    this.directory = data.resolve("incoming");
    this.clusterId = clusterId;
    this.swap = new StateSwap(data, step);
  }

  /**
   * Says how much of a snapshot's stream is here, from its beginning: where to go on. Deletes what
   * is here of any other.
   *
   * @throws SnapshotException if what is here can't be read
   */
  public long kept(Snapshot wanted) {
    if (!wanted.equals(snapshot)) {
      attempt("take in " + wanted, () -> begin(wanted));
    }
    return kept;
  }

  private void begin(Snapshot wanted) throws IOException {
    if (!Sha256.isHex(wanted.name())) {
      throw new SnapshotException("not a snapshot's name: '" + wanted.name() + "'");
    }
    forget();
    Path wantedPath = directory.resolve(wanted.name());
    if (Files.exists(directory)) {
      try (Stream<Path> entries = Files.list(directory)) {
        for (Path other : entries.filter(entry -> !entry.equals(wantedPath)).toList()) {
          DurableFiles.deleteTree(other);
        }
      }
    }
    snapshot = wanted;
    Path file = path().resolve(Checkpoints.CONTENTS);
    if (Files.exists(file)) {
      byte[] text = Files.readAllBytes(file);
      contents = accepted(SnapshotContents.decode(text));
      contentsBytes = text.length;
      Files.createDirectories(path().resolve(Checkpoints.STATE));
      kept = contentsBytes + bytesOfFiles();
    }
  }

  /** Up to the first file that isn't complete. */
  private long bytesOfFiles() throws IOException {
    long bytes = 0;
    for (SnapshotContents.Part part : contents.files()) {
      Path file = file(part);
      long here = Files.exists(file) ? Math.min(Files.size(file), part.bytes()) : 0;
      bytes += here;
      if (here < part.bytes()) {
        return bytes;
      }
    }
    return bytes;
  }

  /**
   * Takes in a part of the stream. What is here already is left as it is.
   *
   * @param offset at most {@link #kept}
   * @return how many bytes are here now
   * @throws SnapshotException if the stream is not what it is said to be, is of another cluster or
   *     in another format, or there is no space; what was here of it is deleted
   */
  public long keep(Snapshot of, long offset, byte[] bytes) {
    kept(of);
    if (offset < 0 || offset > kept || offset + bytes.length > of.bytes()) {
      throw new IllegalArgumentException(
          bytes.length + " bytes at " + offset + " of " + of + ", of which " + kept + " are here");
    }
    int known = (int) Math.min(bytes.length, kept - offset);
    if (known < bytes.length) {
      attempt("take in " + of, () -> append(Arrays.copyOfRange(bytes, known, bytes.length)));
    }
    return kept;
  }

  private void append(byte[] bytes) throws IOException {
    byte[] rest = contents == null ? appendToContents(bytes) : bytes;
    if (rest.length > 0) {
      appendToFiles(ByteBuffer.wrap(rest));
    }
  }

  /** Returns what stands behind the contents. */
  private byte[] appendToContents(byte[] bytes) throws IOException {
    int before = beginning.length;
    beginning = Arrays.copyOf(beginning, before + bytes.length);
    System.arraycopy(bytes, 0, beginning, before, bytes.length);
    Optional<Integer> length = SnapshotContents.length(beginning, beginning.length);
    if (length.isEmpty()) {
      kept = beginning.length;
      return new byte[0];
    }
    byte[] text = Arrays.copyOf(beginning, length.get());
    byte[] rest = Arrays.copyOfRange(beginning, text.length, beginning.length);
    contents = accepted(SnapshotContents.decode(text));
    contentsBytes = text.length;
    beginning = new byte[0];
    Files.createDirectories(path().resolve(Checkpoints.STATE));
    DurableFiles.replace(path().resolve(Checkpoints.CONTENTS), text);
    kept = text.length;
    return rest;
  }

  private SnapshotContents accepted(SnapshotContents found) {
    if (!found.snapshot().equals(snapshot)) {
      throw new SnapshotException("its contents are those of another, " + found.snapshot().name());
    }
    Optional<String> expected = clusterId.get();
    if (expected.isPresent() && !expected.get().equals(found.clusterId())) {
      throw new SnapshotException(
          "it is of another cluster: found id "
              + found.clusterId()
              + ", expected "
              + expected.get());
    }
    return found;
  }

  private void appendToFiles(ByteBuffer bytes) throws IOException {
    long begin = contentsBytes;
    for (SnapshotContents.Part part : contents.files()) {
      long at = kept - begin;
      if (bytes.hasRemaining() && at < part.bytes()) {
        int length = (int) Math.min(bytes.remaining(), part.bytes() - at);
        write(part, bytes.slice(bytes.position(), length), at);
        bytes.position(bytes.position() + length);
        kept += length;
      }
      begin += part.bytes();
    }
  }

  private void write(SnapshotContents.Part part, ByteBuffer bytes, long at) throws IOException {
    if (!openName.equals(part.name())) {
      closeFile();
      open = FileChannel.open(file(part), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      openName = part.name();
    }
    sinceSync += bytes.remaining();
    while (bytes.hasRemaining()) {
      open.write(bytes, at + bytes.position());
    }
    if (sinceSync >= SYNC_BYTES) {
      open.force(false);
      sinceSync = 0;
    }
  }

  private void closeFile() throws IOException {
    if (open != null) {
      open.force(true);
      open.close();
      open = null;
    }
    openName = "";
    sinceSync = 0;
  }

  /**
   * Compares everything with its digest and opens it once as a state. On return it is durable and
   * may be installed. Reads the whole snapshot; the present state may be in use meanwhile.
   *
   * @throws SnapshotException naming the file that is wrong; the snapshot is deleted then
   * @throws IllegalStateException if not all of it is here
   */
  public void verify(Snapshot whole) {
    if (kept(whole) < whole.bytes()) {
      throw new IllegalStateException(whole + " isn't whole: " + kept + " of " + whole.bytes());
    }
    if (!verified) {
      attempt("use " + whole, this::verify);
    }
  }

  private void verify() throws IOException {
    closeFile();
    deleteUnknownFiles();
    for (SnapshotContents.Part part : contents.files()) {
      String digest = Sha256.of(file(part));
      if (Files.size(file(part)) != part.bytes() || !digest.equals(part.digest())) {
        throw new SnapshotException(
            "its file "
                + part.name()
                + " is damaged: found "
                + Files.size(file(part))
                + " bytes with SHA-256 "
                + digest
                + ", expected "
                + part.bytes()
                + " with "
                + part.digest());
      }
    }
    Path state = path().resolve(Checkpoints.STATE);
    DurableFiles.syncDirectory(state);
    try (StateStorage opened = StateStorage.openReadOnly(state, null)) {
      StoredPosition position = StoredPosition.read(opened);
      if (position.applied() != contents.slot() || DamageMark.read(opened).isPresent()) {
        throw new SnapshotException(
            "its state is not what it says: " + position + DamageMark.read(opened).orElse(""));
      }
    } catch (StorageRefusedException | StorageFailure | CodecException e) {
      throw new SnapshotException("its state can't be opened: " + e.getMessage(), e);
    }
    verified = true;
  }

  /** RocksDB's protocol of an earlier {@link #verify}. */
  private void deleteUnknownFiles() throws IOException {
    Set<String> names =
        contents.files().stream().map(SnapshotContents.Part::name).collect(Collectors.toSet());
    try (Stream<Path> files = Files.list(path().resolve(Checkpoints.STATE))) {
      for (Path file : files.toList()) {
        if (!names.contains(file.getFileName().toString())) {
          DurableFiles.deleteTree(file);
        }
      }
    }
  }

  /**
   * Makes a snapshot that was verified the node's state. The state must be closed before, and
   * opened anew afterwards, also if this fails: {@link DataDirectory#openState} brings to its end
   * what was begun. A crash leaves the old state or the new one.
   *
   * @throws StorageFailure if the disk fails
   * @throws IllegalStateException if the snapshot wasn't verified
   */
  public void install(Snapshot whole) {
    if (!whole.equals(snapshot) || !verified) {
      throw new IllegalStateException(whole + " wasn't verified");
    }
    try {
      swap.replace(path().resolve(Checkpoints.STATE));
      discard();
    } catch (IOException e) {
      throw new StorageFailure("can't install " + whole, e);
    }
  }

  /** Deletes what is here of a snapshot. */
  public void discard() {
    try {
      Path path = snapshot == null ? directory : path();
      forget();
      DurableFiles.deleteTree(path);
    } catch (IOException e) {
      throw new StorageFailure("can't delete the incoming snapshot in " + directory, e);
    }
  }

  private void forget() throws IOException {
    closeFile();
    snapshot = null;
    kept = 0;
    beginning = new byte[0];
    contents = null;
    contentsBytes = 0;
    verified = false;
  }

  private interface Work {
    void run() throws IOException;
  }

  /** What fails once is not gone on with. */
  private void attempt(String what, Work work) {
    try {
      work.run();
    } catch (IOException | SnapshotException e) {
      SnapshotException failure = new SnapshotException("can't " + what + ": " + e.getMessage(), e);
      try {
        discard();
      } catch (StorageFailure second) {
        failure.addSuppressed(second);
      }
      throw failure;
    }
  }

  private Path path() {
    return directory.resolve(snapshot.name());
  }

  private Path file(SnapshotContents.Part part) {
    return path().resolve(Checkpoints.STATE).resolve(part.name());
  }

  /** Leaves what is here for the next start. */
  @Override
  public void close() {
    try {
      closeFile();
    } catch (IOException e) {
      throw new StorageFailure("can't close the incoming snapshot in " + directory, e);
    }
  }
}
