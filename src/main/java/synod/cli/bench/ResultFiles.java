package synod.cli.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The files that results are written to. */
final class ResultFiles {
  private ResultFiles() {}

  /** A file that results can be written to: it is said before a long run if they can't. */
  static final class Checked implements ITypeConverter<Path> {
    @Override
    public Path convert(String text) {
      Path file = Path.of(text);
      if (Files.isDirectory(file) || !Files.isDirectory(file.toAbsolutePath().getParent())) {
        throw new TypeConversionException(file + " is a directory, or in one that isn't there");
      }
      return file;
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
