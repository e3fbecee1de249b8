package synod.kv;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Writes the compact binary form that {@link ByteReader} reads. Every value has exactly one form.
 * For one thread; of no use after {@link #toBytes()}.
 */
public final class ByteWriter {
  private byte[] buffer;
  private int length;

  public ByteWriter() {
    this(128);
  }

  /**
   * @param expectedBytes if it is exact, the bytes are not copied again
   */
  public ByteWriter(int expectedBytes) {
    buffer = new byte[Math.max(1, expectedBytes)];
  }

  /** The lowest eight bits. */
  public ByteWriter oneByte(int value) {
    reserve(1);
    buffer[length++] = (byte) value;
    return this;
  }

  public ByteWriter bool(boolean value) {
    return oneByte(value ? 1 : 0);
  }

  /** Any long, in one byte if it is in 0..127, in nine or ten if it is huge or negative. */
  public ByteWriter varint(long value) {
    reserve(10);
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      buffer[length++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    buffer[length++] = (byte) rest;
    return this;
  }

  /** Bytes, led by their number. */
  public ByteWriter bytes(byte[] value) {
    return varint(value.length).raw(value);
  }

  /** Bytes alone: whoever reads them knows their number, or that they are the rest. */
  public ByteWriter raw(byte[] value) {
    reserve(value.length);
    System.arraycopy(value, 0, buffer, length, value.length);
    length += value.length;
    return this;
  }

  public ByteWriter string(String value) {
    return bytes(value.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * @param value may be null
   */
  public <T> ByteWriter optional(T value, BiConsumer<ByteWriter, ? super T> write) {
    bool(value != null);
    if (value != null) {
      write.accept(this, value);
    }
    return this;
  }

  /**
   * @param write must write at least one byte
   */
  public <T> ByteWriter list(List<T> values, BiConsumer<ByteWriter, ? super T> write) {
    varint(values.size());
    for (T value : values) {
      write.accept(this, value);
    }
    return this;
  }

  /** What was written. */
  public byte[] toBytes() {
    return length == buffer.length ? buffer : Arrays.copyOf(buffer, length);
  }

  /** The number of bytes that {@link #varint} takes for a value. */
  static int sizeOfVarint(long value) {
    return Math.max(1, (70 - Long.numberOfLeadingZeros(value)) / 7);
  }

  private void reserve(int more) {
    int needed = Math.addExact(length, more);
    if (needed > buffer.length) {
      long doubled = Math.min(2L * buffer.length, Integer.MAX_VALUE - 8);
      buffer = Arrays.copyOf(buffer, (int) Math.max(needed, doubled));
    }
  }
}
