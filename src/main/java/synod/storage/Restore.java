package synod.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import synod.paxos.DurableRecord;
import synod.paxos.Snapshot;

/**
 * Makes a backup the state of a node that has never run, for a cluster that is to form anew. The
 * file {@code RESTORING} is there from before the first change until after the last: no node starts
 * on half a state.
 */
public final class Restore {
  private static final String MARKER = "RESTORING";

  /** What is there whether or not a node has ever run here. */
  private static final Set<String> HARMLESS =
      Set.of("LOCK", MARKER + ".tmp", "native", "lost+found");

  private Restore() {}

  /**
   * @throws StorageRefusedException if a restore into the directory began and never ended
   */
  static void requireNoneUnfinished(Path data) {
    if (Files.exists(data.resolve(MARKER))) {
      throw new StorageRefusedException(
          "data directory "
              + data
              + " was being restored, and that was interrupted: run synod restore again");
    }
  }

  /**
   * Restores into a data directory that is empty or isn't there, or that an interrupted restore
   * left. Durable on return. Blocks; in the directory takes as much space as the file.
   *
   * @param fingerprint of the configuration that a cluster's nodes share; one line of text
   * @throws SnapshotException if the backup can't be used
   * @throws StorageRefusedException if the directory holds something, is in use, or can't be
   *     written
   */
  public static void into(
      Path data, String cluster, String node, String fingerprint, SnapshotFile backup) {
    into(data, cluster, node, fingerprint, backup, step -> {});
  }

  /**
   * @param step told what is about to be done; for tests, which throw there
   */
  static void into(
      Path data,
      String cluster,
      String node,
      String fingerprint,
      SnapshotFile backup,
      Consumer<String> step) {
    DataDirectory.makeDirectory(data);
    DirectoryLock lock = DirectoryLock.acquire(data);
    try {
      NativeLibrary.load(data);
      begin(data, step);
      Snapshot snapshot = backup.snapshot();
      try (IncomingSnapshot incoming = new IncomingSnapshot(data, Optional::empty, step)) {
        step.accept("copy");
        backup.copyTo(incoming);
        step.accept("verify");
        incoming.verify(snapshot);
        incoming.install(snapshot);
      }
      step.accept("trim the acceptor's log");
      try (AcceptorStorage acceptor = AcceptorStorage.open(data.resolve(DataDirectory.ACCEPTOR))) {
        acceptor.write(List.of(new DurableRecord.Trimmed(snapshot.slot() + 1)));
      }
      step.accept("identify");
      Identity.create(data, cluster, node, fingerprint, snapshot.name());
      step.accept("end");
      Files.delete(data.resolve(MARKER));
      DurableFiles.syncDirectory(data);
    } catch (IOException e) {
      throw new StorageRefusedException("data directory " + data + " can't be written to: " + e, e);
    } finally {
      lock.close();
    }
  }

  private static void begin(Path data, Consumer<String> step) throws IOException {
    List<Path> held;
    try (Stream<Path> files = Files.list(data)) {
      held = files.filter(file -> !HARMLESS.contains(file.getFileName().toString())).toList();
    }
    Path marker = data.resolve(MARKER);
    if (!held.isEmpty() && !held.contains(marker)) {
      throw new StorageRefusedException(
          "data directory "
              + data
              + " is not empty: it holds "
              + held.stream()
                  .map(file -> file.getFileName().toString())
                  .sorted()
                  .collect(Collectors.joining(", "))
              + "; a backup is restored only where no node has run");
    }
    step.accept("begin");
    String text = "a restore began here and has not ended\n";
    DurableFiles.replace(marker, text.getBytes(StandardCharsets.US_ASCII));
    step.accept("clear");
    for (Path file : held) {
      if (!file.equals(marker)) {
        DurableFiles.deleteTree(file);
      }
    }
  }
}
