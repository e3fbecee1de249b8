package synod.check;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads a file of lines that a killed process may have left behind: a last line that has no end and
 * can't be understood is left out, any other that can't is an error.
 */
final class Lines {
  private Lines() {}

  /** Understands a line. */
  interface Parser {
    /**
     * @throws IllegalArgumentException saying what is wrong with the line
     */
    void line(String text, long number);
  }

  /**
   * Hands every line that isn't blank to the parser.
   *
   * @return what to know about a last line that was left out
   * @throws HistoryFormatException naming the line that can't be understood
   */
  static Optional<String> read(Path file, Parser parser) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      long number = 1;
      int next;
      while ((next = in.read()) >= 0) {
        if (next == '\n') {
          Optional<String> problem = hand(line.toByteArray(), number, parser);
          if (problem.isPresent()) {
            throw new HistoryFormatException(file, number, problem.get());
          }
          number++;
          line.reset();
        } else {
          line.write(next);
        }
      }
      String where = file + ":" + number + ": ";
      return hand(line.toByteArray(), number, parser)
          .map(problem -> where + "the last line is cut off and was left out (" + problem + ")");
    }
  }

  private static Optional<String> hand(byte[] bytes, long number, Parser parser) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      if (!text.isBlank()) {
        parser.line(text, number);
      }
      return Optional.empty();
    } catch (CharacterCodingException notText) {
      return Optional.of("not UTF-8");
    } catch (IllegalArgumentException problem) {
      return Optional.of(problem.getMessage());
    }
  }
}
