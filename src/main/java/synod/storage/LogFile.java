package synod.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.zip.CRC32C;

/**
 * Reads a file in the log format that RocksDB uses for its write-ahead logs and its manifest, and
 * tells how far it is intact. RocksDB itself can't be asked: in most recovery modes it takes a
 * damaged length for the end of the log, and skips a run of zeros as if nothing had been there.
 *
 * <p>The format: blocks of 32 KiB; in them fragments, each with a header of CRC-32C (masked),
 * length and type; a record is one whole fragment, or a first, middle ones and a last.
 */
final class LogFile {
  private static final int BLOCK = 32 * 1024;
  private static final int HEADER = 7;
  private static final int FULL = 1;
  private static final int FIRST = 2;
  private static final int MIDDLE = 3;
  private static final int LAST = 4;

  /** Bytes of a record's beginning that are handed out. */
  static final int PREFIX = 12;

  /** Takes the records of a file in order. */
  interface Visitor {
    /**
     * @param prefix the record's first {@link #PREFIX} bytes, little-endian; fewer if it is shorter
     * @param offset where its first fragment begins
     * @return false to stop here, as if the record could not be read
     */
    boolean record(ByteBuffer prefix, long offset);
  }

  /**
   * @param end where the first record begins that could not be read: the file's size if none
   * @param resume from where on the search for records beyond goes; at least {@code end}
   */
  record Intact(long end, long resume) {}

  private final Path file;
  private final byte[] block = new byte[BLOCK];

  /** Bytes in the block, and where in the file it begins. */
  private int length;

  private long start;

  LogFile(Path file) {
    this.file = file;
  }

  /** Visits the records from the beginning up to the first that can't be read. */
  Intact read(Visitor visitor) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      ByteBuffer prefix = ByteBuffer.allocate(PREFIX).order(ByteOrder.LITTLE_ENDIAN);
      boolean inside = false;
      long recordStart = 0;
      for (start = 0; fill(in); start += length) {
        int at = 0;
        while (length - at >= HEADER) {
          int type = intact(at) ? block[at + 6] : 0;
          boolean begins = type == FULL || type == FIRST;
          if (!begins && type != MIDDLE && type != LAST || begins == inside) {
            return new Intact(inside ? recordStart : start + at, start + at + (begins ? 0 : 1));
          }
          if (begins) {
            recordStart = start + at;
            prefix.clear();
          }
          int payload = payload(at);
          prefix.put(block, at + HEADER, Math.min(payload, prefix.remaining()));
          inside = type == FIRST || type == MIDDLE;
          if (!inside && !visitor.record(prefix.flip(), recordStart)) {
            return new Intact(recordStart, recordStart);
          }
          at += HEADER + payload;
        }
        if (length < BLOCK && at < length) {
          return new Intact(inside ? recordStart : start + at, start + at);
        }
      }
      return new Intact(inside ? recordStart : start, start);
    }
  }

  /**
   * Whether an intact fragment that begins a wanted record stands at any byte from an offset on.
   */
  boolean search(long from, Predicate<ByteBuffer> wanted) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      start = from / BLOCK * BLOCK;
      in.skipNBytes(start);
      for (int at = (int) (from - start); fill(in); start += length, at = 0) {
        for (; length - at >= HEADER + PREFIX; at++) {
          boolean begins = block[at + 6] == FULL || block[at + 6] == FIRST;
          if (begins && payload(at) >= PREFIX && wanted.test(prefix(at)) && intact(at)) {
            return true;
          }
        }
      }
      return false;
    }
  }

  private ByteBuffer prefix(int at) {
    return ByteBuffer.wrap(block, at + HEADER, PREFIX).slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  private boolean fill(InputStream in) throws IOException {
    length = in.readNBytes(block, 0, BLOCK);
    return length > 0;
  }

  private int payload(int at) {
    return (block[at + 4] & 0xff) | (block[at + 5] & 0xff) << 8;
  }

  /** Whether a whole fragment with the right checksum stands here. */
  private boolean intact(int at) {
    int payload = payload(at);
    if (at + HEADER + payload > length) {
      return false;
    }
    CRC32C crc = new CRC32C();
    crc.update(block, at + 6, 1 + payload);
    int masked = Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8;
    int stored = ByteBuffer.wrap(block, at, 4).order(ByteOrder.LITTLE_ENDIAN).getInt();
    return masked == stored;
  }
}
