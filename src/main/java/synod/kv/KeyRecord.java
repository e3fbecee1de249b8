package synod.kv;

import java.util.Arrays;

/**
 * A key's metadata and value as they are stored. The value stays within the stored bytes until it
 * is asked for, as most writes only need the metadata.
 */
final class KeyRecord {
  private static final int VERSION = 1;

  private final long createRevision;
  private final long modRevision;
  private final long version;
  private final byte[] stored;
  private final int valueFrom;

  private KeyRecord(
      long createRevision, long modRevision, long version, byte[] stored, int valueFrom) {
    this.createRevision = createRevision;
    this.modRevision = modRevision;
    this.version = version;
    this.stored = stored;
    this.valueFrom = valueFrom;
  }

  static byte[] encode(long createRevision, long modRevision, long version, byte[] value) {
    int size =
        1
            + ByteWriter.sizeOfVarint(createRevision)
            + ByteWriter.sizeOfVarint(modRevision)
            + ByteWriter.sizeOfVarint(version)
            + value.length;
    return new ByteWriter(size)
        .oneByte(VERSION)
        .varint(createRevision)
        .varint(modRevision)
        .varint(version)
        .raw(value)
        .toBytes();
  }

  static KeyRecord decode(byte[] stored) {
    ByteReader from = new ByteReader(stored);
    from.version(VERSION, "a stored key");
    long createRevision = from.varint();
    long modRevision = from.varint();
    long version = from.varint();
    int valueFrom = stored.length - from.remaining();
    return new KeyRecord(createRevision, modRevision, version, stored, valueFrom);
  }

  /** The record itself. Nobody may write to it. */
  byte[] stored() {
    return stored;
  }

  long createRevision() {
    return createRevision;
  }

  long modRevision() {
    return modRevision;
  }

  long version() {
    return version;
  }

  KeyValue of(byte[] key) {
    byte[] value = Arrays.copyOfRange(stored, valueFrom, stored.length);
    return new KeyValue(key, value, createRevision, modRevision, version);
  }
}
