package synod.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Percent-encoding between URLs and bytes. Keys are bytes: {@code %00}, {@code %2F} and {@code %FF}
 * stand for themselves, and no charset is asked what it thinks of them.
 */
final class Percent {
  private static final String HEX = "0123456789ABCDEF";

  private Percent() {}

  /** A part of a path, where {@code +} is itself. */
  static byte[] decodePath(String encoded) {
    return decode(encoded, false);
  }

  /** A query parameter, where {@code +} is a space, as forms and most libraries write it. */
  static byte[] decodeQuery(String encoded) {
    return decode(encoded, true);
  }

  /** What both of the above decode to these bytes. */
  static String encode(byte[] bytes) {
    StringBuilder encoded = new StringBuilder(bytes.length + 16);
    for (byte b : bytes) {
      if (isUnreserved(b)) {
        encoded.append((char) b);
      } else {
        encoded.append('%').append(HEX.charAt(b >> 4 & 15)).append(HEX.charAt(b & 15));
      }
    }
    return encoded.toString();
  }

  /** The bytes as text, or null if they are not UTF-8. */
  static String text(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  private static byte[] decode(String encoded, boolean plusIsSpace) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(encoded.length());
    for (int at = 0; at < encoded.length(); at++) {
      char c = encoded.charAt(at);
      if (c == '%') {
        bytes.write(octet(encoded, at));
        at += 2;
      } else if (c > 127) {
        throw Problem.invalid("the URL holds a character that must be percent-encoded: " + c);
      } else {
        bytes.write(c == '+' && plusIsSpace ? ' ' : c);
      }
    }
    return bytes.toByteArray();
  }

  private static int octet(String encoded, int at) {
    int high = at + 1 < encoded.length() ? Character.digit(encoded.charAt(at + 1), 16) : -1;
    int low = at + 2 < encoded.length() ? Character.digit(encoded.charAt(at + 2), 16) : -1;
    if (high < 0 || low < 0) {
      throw Problem.invalid(
          "bad percent-encoding in the URL: "
              + encoded.substring(at, Math.min(at + 3, encoded.length())));
    }
    return high << 4 | low;
  }

  private static boolean isUnreserved(byte b) {
    return b >= 'a' && b <= 'z'
        || b >= 'A' && b <= 'Z'
        || b >= '0' && b <= '9'
        || b == '-'
        || b == '.'
        || b == '_'
        || b == '~';
  }
}
