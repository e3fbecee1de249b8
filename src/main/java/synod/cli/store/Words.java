package synod.cli.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Splits a line into words as a shell does: at blanks, but not within quotes. Between single quotes
 * everything is itself; between double quotes {@code \"}, {@code \\}, {@code \n} and {@code \t}
 * have their meaning; elsewhere a backslash takes the next character as it is. A quote may span
 * lines, and a backslash at the end of a line joins the next. A line that begins with {@code #} has
 * no words.
 */
final class Words {
  private final String line;
  private final List<String> words = new ArrayList<>();
  private StringBuilder word;
  private int at;

  private Words(String line) {
    this.line = line;
  }

  /** The words; nothing if a quote is still open or the line goes on. */
  static Optional<List<String>> of(String line) {
    Words words = new Words(line);
    return line.startsWith("#") || words.split() ? Optional.of(words.words) : Optional.empty();
  }

  /** False if the end came too early. */
  private boolean split() {
    while (at < line.length()) {
      char c = line.charAt(at++);
      if (Character.isWhitespace(c)) {
        end();
        continue;
      }
      if (c == '\\' && at == line.length()) {
        return false;
      }
      if (c == '\\' && line.charAt(at) == '\n') {
        at++;
        continue;
      }
      begin();
      if (c == '\'' || c == '"') {
        if (!quoted(c)) {
          return false;
        }
      } else {
        word.append(c == '\\' ? line.charAt(at++) : c);
      }
    }
    end();
    return true;
  }

  /** False if the quote isn't closed. */
  private boolean quoted(char quote) {
    while (at < line.length()) {
      char c = line.charAt(at++);
      if (c == quote) {
        return true;
      }
      boolean escapes = c == '\\' && quote == '"' && at < line.length();
      word.append(escapes ? escaped(line.charAt(at++)) : String.valueOf(c));
    }
    return false;
  }

  private static String escaped(char c) {
    return switch (c) {
      case 'n' -> "\n";
      case 't' -> "\t";
      case '"', '\\' -> String.valueOf(c);
      default -> "\\" + c;
    };
  }

  private void begin() {
    if (word == null) {
      word = new StringBuilder();
    }
  }

  private void end() {
    if (word != null) {
      words.add(word.toString());
      word = null;
    }
  }
}
