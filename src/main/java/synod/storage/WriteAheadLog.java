package synod.storage;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Judges a database's write-ahead log before RocksDB opens it: which write is the last that is
 * intact, and whether what follows is a torn tail or damage.
 *
 * <p>Writes are numbered without a gap (RocksDB's sequence numbers), and a synced write begins only
 * when the one before it is durable. So what is unreadable at the end is a write that never ended,
 * unless a later write stands behind it: then the unreadable one had been acknowledged.
 */
final class WriteAheadLog {
  private final List<Path> files;

  /** The number that the next write must have; 0 while no write was seen. */
  private long next;

  private Damage damage;

  /**
   * What can't be read.
   *
   * @param offset where in the file the first unreadable write begins
   * @param writesBeyond whether an intact write that isn't the next one stands there or behind it
   * @param inLastFile whether no later file has anything in it
   */
  record Damage(Path file, long offset, boolean writesBeyond, boolean inLastFile) {
    /** Ends the log before the damage, durably. Only for the last file. */
    void cutOff() throws IOException {
      try (RandomAccessFile writable = new RandomAccessFile(file.toFile(), "rw")) {
        writable.setLength(offset);
        writable.getFD().sync();
      }
    }
  }

  private WriteAheadLog(List<Path> files) {
    this.files = files;
  }

  /** Reads all of a database's logs; changes nothing. */
  static WriteAheadLog read(Path database) throws IOException {
    try (Stream<Path> entries = Files.list(database)) {
      WriteAheadLog log =
          new WriteAheadLog(
              entries
                  .filter(file -> file.getFileName().toString().matches("[0-9]+\\.log"))
                  .sorted(Comparator.comparingLong(WriteAheadLog::number))
                  .toList());
      log.judge();
      return log;
    }
  }

  private static long number(Path file) {
    String name = file.getFileName().toString();
    return Long.parseLong(name.substring(0, name.indexOf('.')));
  }

  /** The number of the last write that is intact, as are all before it; 0 if there is none. */
  long lastSequence() {
    return Math.max(0, next - 1);
  }

  /** The first place that can't be read, null if there is none. */
  Damage damage() {
    return damage;
  }

  private void judge() throws IOException {
    for (int i = 0; i < files.size() && damage == null; i++) {
      LogFile log = new LogFile(files.get(i));
      boolean[] misplaced = new boolean[1];
      LogFile.Intact intact =
          log.read(
              (prefix, offset) -> {
                misplaced[0] = !follows(prefix);
                return !misplaced[0];
              });
      if (intact.end() < Files.size(files.get(i))) {
        boolean beyond = misplaced[0] || hasLaterWrite(log, intact.resume());
        boolean last = true;
        for (Path file : files.subList(i + 1, files.size())) {
          beyond |= hasLaterWrite(new LogFile(file), 0);
          last &= Files.size(file) == 0;
        }
        damage = new Damage(files.get(i), intact.end(), beyond, last);
      }
    }
  }

  /** A write begins with its number (8 bytes) and how many changes it makes (4 bytes). */
  private boolean follows(ByteBuffer prefix) {
    if (prefix.remaining() < LogFile.PREFIX) {
      return false;
    }
    long sequence = prefix.getLong(0);
    int changes = prefix.getInt(8);
    if (sequence <= 0 || changes <= 0 || (next != 0 && sequence != next)) {
      return false;
    }
    next = sequence + changes;
    return true;
  }

  private boolean hasLaterWrite(LogFile log, long from) throws IOException {
    return log.search(from, prefix -> prefix.getLong(0) > next && prefix.getInt(8) > 0);
  }
}
