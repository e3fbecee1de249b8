package synod.kv;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * Reads what {@link ByteWriter} wrote. Strict: every method throws a {@link CodecException} if the
 * bytes are not what it expects, and nothing else; and no bytes make it allocate more than a small
 * multiple of their own number. For one thread.
 */
public final class ByteReader {
  private final byte[] bytes;
  private final int end;
  private int position;

  public ByteReader(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  private ByteReader(byte[] bytes, int from, int end) {
    this.bytes = bytes;
    this.position = from;
    this.end = end;
  }

  /** The number of bytes not read yet. */
  public int remaining() {
    return end - position;
  }

  /**
   * The first byte of everything that is stored or sent.
   *
   * @param known the only format version that the caller can read
   * @param what names the thing in the error
   */
  public void version(int known, String what) {
    int found = oneByte();
    if (found != known) {
      throw new CodecException(
          what + " has format version " + found + "; this program reads version " + known);
    }
  }

  /** 0..255. */
  public int oneByte() {
    if (position == end) {
      throw malformed("the bytes end too early");
    }
    return bytes[position++] & 0xff;
  }

  public boolean bool() {
    int value = oneByte();
    if (value > 1) {
      throw malformed(value + " is neither 0 nor 1");
    }
    return value == 1;
  }

  /** Any long. */
  public long varint() {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      int next = oneByte();
      boolean tooLarge = shift == 63 && next > 1;
      boolean tooLong = shift > 0 && next == 0;
      if (tooLarge || tooLong) {
        throw malformed("not a number");
      }
      value |= (next & 0x7fL) << shift;
      if (next < 0x80) {
        return value;
      }
    }
  }

  /** A number from 0 to the largest int. */
  public int intVarint() {
    long value = varint();
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw malformed(value + " is out of range");
    }
    return (int) value;
  }

  /** Bytes led by their number; a copy. */
  public byte[] bytes() {
    int length = length();
    position += length;
    return Arrays.copyOfRange(bytes, position - length, position);
  }

  /** Bytes led by their number, to be read in place. */
  public ByteReader part() {
    int length = length();
    position += length;
    return new ByteReader(bytes, position - length, position);
  }

  /** All that is left; a copy. */
  public byte[] rest() {
    int from = position;
    position = end;
    return Arrays.copyOfRange(bytes, from, end);
  }

  public String string() {
    int length = length();
    position += length;
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, position - length, length))
          .toString();
    } catch (CharacterCodingException e) {
      throw malformed("not UTF-8");
    }
  }

  /** Null if there is no value. */
  public <T> T optional(Function<ByteReader, ? extends T> read) {
    return bool() ? read.apply(this) : null;
  }

  /**
   * @param read reads at least one byte
   */
  public <T> List<T> list(Function<ByteReader, ? extends T> read) {
    int size = length();
    List<T> values = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      values.add(read.apply(this));
    }
    return values;
  }

  /** Throws if anything is left. */
  public void end() {
    if (position != end) {
      throw malformed(remaining() + " bytes too many");
    }
  }

  /** An exception that says where in the bytes it went wrong. */
  public CodecException malformed(String problem) {
    return new CodecException("malformed bytes, at " + position + " of " + end + ": " + problem);
  }

  /** A number of bytes or of elements, each of which takes at least one byte. */
  private int length() {
    int length = intVarint();
    if (length > remaining()) {
      throw malformed("the bytes end too early");
    }
    return length;
  }
}
