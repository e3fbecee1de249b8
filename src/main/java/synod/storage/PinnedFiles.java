package synod.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.rocksdb.RocksDB;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files that hold a database as it was at one moment, kept although the database goes on:
 * tables never change, the manifest and the logs only grow. Together, each up to its length then,
 * they are what a crash at that moment would have left, so the database's own recovery makes a
 * whole one of a copy.
 *
 * <p>A log that vanishes in spite of it was on its way out before: all that it held is in the
 * tables already, or RocksDB, whose manifest says which logs there must be, doesn't open the copy.
 *
 * <p>May be handed to another thread. Closing it more than once does nothing.
 */
public final class PinnedFiles implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PinnedFiles.class);

  private final Path database;
  private final List<Path> tables;
  private final List<Growing> logs;
  private final long sequence;
  private final Growing manifest;
  private final Runnable release;
  private boolean closed;

  /** A file that is appended to, and its length at the moment. */
  private record Growing(Path file, long length) {}

  private PinnedFiles(
      Path database,
      List<Path> tables,
      List<Growing> logs,
      Growing manifest,
      long sequence,
      Runnable release) {
    this.database = database;
    this.tables = tables;
    this.logs = logs;
    this.manifest = manifest;
    this.sequence = sequence;
    this.release = release;
  }

  /**
   * @param live the tables and the manifest; deleting files must be off, and no write on its way
   * @param sequence the number of the last write
   * @param release lets files be deleted again
   */
  static PinnedFiles of(Path database, RocksDB.LiveFiles live, long sequence, Runnable release) {
    List<Path> tables = new ArrayList<>();
    List<Growing> logs = new ArrayList<>();
    Growing manifest = null;
    for (String file : live.files) {
      Path path = database.resolve(file.substring(file.lastIndexOf('/') + 1));
      if (file.endsWith(".sst")) {
        tables.add(path);
      } else if (path.getFileName().toString().startsWith("MANIFEST-")) {
        manifest = new Growing(path, live.manifestFileSize);
      }
    }
    if (manifest == null) {
      throw new StorageFailure("database " + database + " names no manifest: " + live.files, null);
    }
    try (Stream<Path> files = Files.list(database)) {
      for (Path log : files.filter(PinnedFiles::isLog).toList()) {
        addLog(log, logs);
      }
    } catch (IOException e) {
      throw new StorageFailure("can't list the files of " + database, e);
    }
    return new PinnedFiles(database, tables, logs, manifest, sequence, release);
  }

  private static void addLog(Path log, List<Growing> logs) throws IOException {
    try {
      logs.add(new Growing(log, Files.size(log)));
    } catch (NoSuchFileException e) {
      LOG.debug("{} isn't needed any more", log);
    }
  }

  private static boolean isLog(Path file) {
    return file.getFileName().toString().endsWith(".log");
  }

  /**
   * Makes a database of its own of them in a directory that is empty: tables by hard links, the
   * rest by copying. It is for {@link Database#open} to settle it, and durable only then.
   */
  void copyTo(Path target) throws IOException {
    for (Path table : tables) {
      Files.createLink(target.resolve(table.getFileName()), table);
    }
    copy(manifest, target);
    for (Growing log : logs) {
      try {
        copy(log, target);
      } catch (NoSuchFileException e) {
        LOG.debug("{} isn't needed any more", log.file);
      }
    }
    String current = manifest.file.getFileName() + "\n";
    Files.write(target.resolve("CURRENT"), current.getBytes(StandardCharsets.US_ASCII));
    long number = Manifest.current(target).number();
    AcknowledgedMark.create(target, sequence, number, manifest.length);
  }

  private static void copy(Growing source, Path directory) throws IOException {
    Path target = directory.resolve(source.file.getFileName());
    try (FileChannel from = FileChannel.open(source.file, StandardOpenOption.READ);
        FileChannel to =
            FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      long copied = 0;
      while (copied < source.length) {
        long now = from.transferTo(copied, source.length - copied, to);
        if (now == 0) {
          throw new IOException(source.file + " has lost its end behind byte " + copied);
        }
        copied += now;
      }
    }
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      release.run();
    }
  }

  @Override
  public String toString() {
    return "the files of " + database + " up to write " + sequence;
  }
}
