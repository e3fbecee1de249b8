package synod.storage;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import synod.paxos.Snapshot;

/**
 * A snapshot's stream in a file: a backup. The file is not kept open. May be used by any thread;
 * all but the accessors block on the disk.
 */
public final class SnapshotFile {
  private static final int PART = 1 << 18;

  private final Path file;
  private final SnapshotContents contents;
  private final Snapshot snapshot;

  private SnapshotFile(Path file, SnapshotContents contents) {
    this.file = file;
    this.contents = contents;
    this.snapshot = contents.snapshot();
  }

  /**
   * Reads what a file says that it holds, and checks its length.
   *
   * @throws SnapshotException if it can't be read, is no snapshot, is cut off or has too much, or
   *     is in a format that this program doesn't know
   */
  public static SnapshotFile open(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] beginning = in.readNBytes(SnapshotContents.MAX_BYTES);
      int length =
          SnapshotContents.length(beginning, beginning.length)
              .orElseThrow(() -> new SnapshotException("it is cut off"));
      SnapshotFile opened =
          new SnapshotFile(file, SnapshotContents.decode(Arrays.copyOf(beginning, length)));
      long bytes = Files.size(file);
      if (bytes != opened.snapshot.bytes()) {
        throw new SnapshotException(
            (bytes < opened.snapshot.bytes() ? "it is cut off" : "it has too much")
                + ": found "
                + bytes
                + " bytes, expected "
                + opened.snapshot.bytes());
      }
      return opened;
    } catch (IOException | SnapshotException e) {
      throw unusable(file, e);
    }
  }

  private static SnapshotException unusable(Path file, Exception e) {
    String why = e instanceof SnapshotException ? e.getMessage() : e.toString();
    return new SnapshotException("backup " + file + " can't be used: " + why, e);
  }

  public Snapshot snapshot() {
    return snapshot;
  }

  /** The name of the cluster that it comes from. */
  public String cluster() {
    return contents.cluster();
  }

  /** The store's revision in it. */
  public long revision() {
    return contents.revision();
  }

  /**
   * Reads the whole file and compares every part of it with its digest.
   *
   * @throws SnapshotException naming the part that is wrong
   */
  public void verify() {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), PART)) {
      in.skipNBytes(contents.encode().length);
      for (SnapshotContents.Part part : contents.files()) {
        String digest = Sha256.of(in, part.bytes());
        if (!digest.equals(part.digest())) {
          throw new SnapshotException(
              "its part "
                  + part.name()
                  + " is damaged: found SHA-256 "
                  + digest
                  + ", expected "
                  + part.digest());
        }
      }
    } catch (IOException | SnapshotException e) {
      throw unusable(file, e);
    }
  }

  /** Hands the whole stream over. */
  void copyTo(IncomingSnapshot incoming) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      long offset = 0;
      for (byte[] part = in.readNBytes(PART); part.length > 0; part = in.readNBytes(PART)) {
        offset = incoming.keep(snapshot, offset, part);
      }
    }
  }

  @Override
  public String toString() {
    return snapshot + " (revision " + contents.revision() + ") of cluster " + contents.cluster();
  }
}
