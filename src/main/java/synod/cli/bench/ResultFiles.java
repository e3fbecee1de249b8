package synod.cli.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The files that results are written to. */
final class ResultFiles {
  private ResultFiles() {}

  /**
   * Says before a long run that its results couldn't be written.
   *
   * @param file null if none was asked for
   * @throws IllegalArgumentException if there can't be such a file
   */
  static void check(Path file) {
    if (file != null
        && (Files.isDirectory(file) || !Files.isDirectory(file.toAbsolutePath().getParent()))) {
      throw new IllegalArgumentException(file + " is a directory, or in one that isn't there");
    }
  }

  /** Replaces the file. */
  static void writeJson(Path file, Map<String, Object> results) throws IOException {
    Files.write(
        file,
        new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsBytes(results));
  }

  /** JSON has no word for what isn't a number. */
  static Double number(double value) {
    return Double.isFinite(value) ? value : null;
  }
}
