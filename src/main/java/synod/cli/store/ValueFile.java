package synod.cli.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import synod.cli.CommandFailedException;
import synod.kv.KvLimits;

/** A value from a file, or from the standard input. */
final class ValueFile {
  private static final String STANDARD_INPUT = "-";

  private ValueFile() {}

  /**
   * Reads no further than a byte beyond the largest value.
   *
   * @param file a path, or {@code -} for the standard input
   * @param standardInput null if it is used otherwise
   * @throws CommandFailedException if it can't be read or is too large
   */
  static byte[] read(String file, InputStream standardInput) {
    if (file.equals(STANDARD_INPUT) && standardInput == null) {
      throw new UsageException("no value can be read from the standard input here");
    }
    try (InputStream in =
        file.equals(STANDARD_INPUT) ? standardInput : Files.newInputStream(Path.of(file))) {
      byte[] value = in.readNBytes(KvLimits.MAX_VALUE_BYTES + 1);
      if (value.length > KvLimits.MAX_VALUE_BYTES) {
        throw new CommandFailedException(
            file + ": a value has at most " + KvLimits.MAX_VALUE_BYTES + " bytes");
      }
      return value;
    } catch (NoSuchFileException e) {
      throw new CommandFailedException(file + ": no such file", e);
    } catch (IOException e) {
      throw new CommandFailedException(file + ": can't be read: " + e.getMessage(), e);
    }
  }
}
