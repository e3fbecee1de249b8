package synod.storage;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * A small file beside a database that tells what the database must hold at least: the last write
 * that was acknowledged, and how long its manifest had become by then. A log that lost its end, or
 * all of it, looks like one that never had it; this mark tells them apart.
 *
 * <p>It is raised only after the write is durable, and is not synced itself: it survives the death
 * of the process, may fall behind in a power cut, and never runs ahead.
 */
final class AcknowledgedMark implements AutoCloseable {
  static final String FILE = "ACKNOWLEDGED";
  private static final int SIZE = 3 * Long.BYTES + Integer.BYTES;

  private final Path database;
  private final RandomAccessFile file;
  private final ByteBuffer buffer = ByteBuffer.allocate(SIZE);

  private AcknowledgedMark(Path database, RandomAccessFile file) {
    this.database = database;
    this.file = file;
  }

  static boolean exists(Path database) {
    return Files.exists(database.resolve(FILE));
  }

  /** Creates the mark of a database that holds nothing yet, durably. */
  static AcknowledgedMark create(Path database) throws IOException {
    create(database, 0, 0, 0);
    return open(database);
  }

  /** Creates the mark of a database that must hold at least this much, durably. */
  static void create(Path database, long sequence, long manifest, long manifestLength)
      throws IOException {
    byte[] content = encode(ByteBuffer.allocate(SIZE), sequence, manifest, manifestLength);
    DurableFiles.replace(database.resolve(FILE), content);
  }

  /**
   * @throws StorageRefusedException if the mark is damaged
   */
  static AcknowledgedMark open(Path database) throws IOException {
    RandomAccessFile file = new RandomAccessFile(database.resolve(FILE).toFile(), "rw");
    AcknowledgedMark mark = new AcknowledgedMark(database, file);
    if (!mark.read()) {
      file.close();
      throw new StorageRefusedException(
          "database " + database + ": the file " + FILE + " is damaged; expected it as written");
    }
    return mark;
  }

  private boolean read() throws IOException {
    byte[] content = new byte[SIZE];
    if (file.length() != SIZE) {
      return false;
    }
    file.readFully(content);
    buffer.put(content).flip();
    return buffer.getInt(SIZE - Integer.BYTES) == checksum(content);
  }

  private static byte[] encode(ByteBuffer buffer, long sequence, long manifest, long length) {
    buffer.clear();
    buffer.putLong(sequence).putLong(manifest).putLong(length);
    buffer.putInt(checksum(buffer.array()));
    return buffer.array();
  }

  private static int checksum(byte[] content) {
    CRC32C crc = new CRC32C();
    crc.update(content, 0, SIZE - Integer.BYTES);
    return (int) crc.getValue();
  }

  /** The number of the last write that was acknowledged. */
  long sequence() {
    return buffer.getLong(0);
  }

  /** The manifest's number at that time, 0 if there was none. */
  long manifest() {
    return buffer.getLong(Long.BYTES);
  }

  /** The manifest's length at that time. */
  long manifestLength() {
    return buffer.getLong(2 * Long.BYTES);
  }

  /** Says that writes up to this one are durable. It survives the process, not yet a power cut. */
  void raise(long sequence, Manifest manifest) {
    try {
      encode(buffer, sequence, manifest.number(), manifest.length());
      file.seek(0);
      file.write(buffer.array());
    } catch (IOException e) {
      throw new StorageFailure("can't write " + database.resolve(FILE), e);
    }
  }

  /** On return the mark is durable. */
  void sync() {
    try {
      file.getFD().sync();
    } catch (IOException e) {
      throw new StorageFailure("can't sync " + database.resolve(FILE), e);
    }
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new StorageFailure("can't close " + database.resolve(FILE), e);
    }
  }
}
