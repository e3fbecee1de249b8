package synod.storage;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** SHA-256 digests, in lower-case hexadecimal. */
final class Sha256 {
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");
  private static final int BUFFER = 1 << 18;

  private Sha256() {}

  static boolean isHex(String text) {
    return HEX.matcher(text).matches();
  }

  static String of(byte[] content) {
    return HexFormat.of().formatHex(digest().digest(content));
  }

  /** Reads the whole file. */
  static String of(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return of(in, Files.size(file));
    }
  }

  /**
   * Reads the next bytes.
   *
   * @throws EOFException if there are fewer
   */
  static String of(InputStream in, long bytes) throws IOException {
    MessageDigest digest = digest();
    byte[] buffer = new byte[BUFFER];
    long left = bytes;
    while (left > 0) {
      int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (read < 0) {
        throw new EOFException("the file ends " + left + " bytes too early");
      }
      digest.update(buffer, 0, read);
      left -= read;
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
