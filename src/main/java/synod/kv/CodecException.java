package synod.kv;

/**
 * Bytes that can't be read: cut off, damaged, or written in a format that this program doesn't
 * know. The one exception that decoding throws, whatever the bytes.
 */
public final class CodecException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public CodecException(String message) {
    super(message);
  }
}
