package synod.cli.store;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Bytes as a person reads and writes them. */
final class Text {
  private Text() {}

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The text that these bytes are in UTF-8; null if they aren't any. */
  static String ofUtf8(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  /**
   * On one line, and harmless to a terminal: what is no printable text stands as {@code \n}, {@code
   * \t}, {@code \\} or {@code \xNN}.
   */
  static String printable(byte[] bytes) {
    String text = ofUtf8(bytes);
    StringBuilder shown = new StringBuilder();
    if (text == null) {
      for (byte b : bytes) {
        appendPrintable(shown, b >= 0 ? b : 0x80, b);
      }
    } else {
      text.codePoints().forEach(point -> appendPrintable(shown, point, point));
    }
    return shown.toString();
  }

  private static void appendPrintable(StringBuilder shown, int point, int value) {
    switch (point) {
      case '\n' -> shown.append("\\n");
      case '\t' -> shown.append("\\t");
      case '\r' -> shown.append("\\r");
      case '\\' -> shown.append("\\\\");
      default -> {
        if (Character.isISOControl(point)) {
          shown.append("\\x%02x".formatted(value & 255));
        } else {
          shown.appendCodePoint(point);
        }
      }
    }
  }

  /** For a path or a query of a URL. */
  static String percentEncoded(byte[] bytes) {
    StringBuilder encoded = new StringBuilder(bytes.length + 16);
    for (byte b : bytes) {
      boolean plain = b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9';
      if (plain || b == '-' || b == '.' || b == '_' || b == '~') {
        encoded.append((char) b);
      } else {
        encoded.append("%%%02X".formatted(b));
      }
    }
    return encoded.toString();
  }
}
