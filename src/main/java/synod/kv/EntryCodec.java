package synod.kv;

import java.util.List;

/**
 * The binary form of a log entry: the leader's clock and batches of commands, which are carried as
 * they came. An entry without any bytes is a no-op.
 */
public final class EntryCodec {
  /** The highest timestamp, some 8,900 years after 1970, so that sums of times can't overflow. */
  public static final long MAX_TIMESTAMP_MILLIS = (1L << 48) - 1;

  private static final int VERSION = 1;

  private EntryCodec() {}

  /**
   * What an entry holds.
   *
   * @param timestampMillis since 1970, by the clock of the leader that proposed it
   */
  public record Contents(long timestampMillis, List<CommandCodec.Batch> batches) {
    public Contents {
      batches = List.copyOf(batches);
    }
  }

  /**
   * @param timestampMillis 0 to {@link #MAX_TIMESTAMP_MILLIS}
   * @param batches each from {@link CommandCodec#encode}; not looked into. A leader that takes them
   *     from elsewhere should have decoded them once: one that can't be decoded stops every replica
   */
  public static byte[] encode(long timestampMillis, List<byte[]> batches) {
    if (timestampMillis < 0 || timestampMillis > MAX_TIMESTAMP_MILLIS) {
      throw new IllegalArgumentException("not a timestamp: " + timestampMillis);
    }
    int size = 1 + ByteWriter.sizeOfVarint(timestampMillis);
    size += ByteWriter.sizeOfVarint(batches.size());
    for (byte[] batch : batches) {
      size = Math.addExact(size, ByteWriter.sizeOfVarint(batch.length) + batch.length);
    }
    ByteWriter to = new ByteWriter(size);
    return to.oneByte(VERSION).varint(timestampMillis).list(batches, ByteWriter::bytes).toBytes();
  }

  /** Whether an entry changes nothing, not even the log's time. */
  public static boolean isNoOp(byte[] entry) {
    return entry.length == 0;
  }

  /**
   * @param entry not a no-op
   * @throws CodecException if the bytes are not those of an entry
   */
  public static Contents decode(byte[] entry) {
    ByteReader from = new ByteReader(entry);
    from.version(VERSION, "a log entry");
    long timestamp = from.varint();
    if (timestamp < 0 || timestamp > MAX_TIMESTAMP_MILLIS) {
      throw from.malformed("not a timestamp: " + timestamp);
    }
    List<CommandCodec.Batch> batches = from.list(reader -> CommandCodec.read(reader.part()));
    from.end();
    return new Contents(timestamp, batches);
  }
}
