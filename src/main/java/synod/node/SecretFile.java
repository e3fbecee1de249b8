package synod.node;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/**
 * Reads files that hold secrets: tokens and private keys. Refuses a file that every user of the
 * machine may read or write; no message tells what is in it.
 */
public final class SecretFile {
  private static final long LARGEST = 64 << 10;

  private SecretFile() {}

  /**
   * The file's text.
   *
   * @throws IOException if it can't or mustn't be read; the message names the file and says why
   */
  public static String read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new IOException(file + ": no such file");
    }
    if (!Files.isReadable(file)) {
      throw new IOException(file + ": can't be read by this user");
    }
    Set<PosixFilePermission> permissions = permissions(file);
    if (permissions.contains(PosixFilePermission.OTHERS_READ)
        || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
      throw new IOException(
          file + ": is open to every user of this machine; close it: chmod 600 " + file);
    }
    if (Files.size(file) > LARGEST) {
      throw new IOException(file + ": is larger than " + (LARGEST >> 10) + " KiB");
    }
    try {
      return Files.readString(file);
    } catch (CharacterCodingException e) {
      throw new IOException(file + ": is no text", e);
    }
  }

  /** None where the file system knows no such permissions. */
  private static Set<PosixFilePermission> permissions(Path file) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    return view == null ? Set.of() : view.readAttributes().permissions();
  }
}
