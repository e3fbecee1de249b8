package synod.check;

import java.io.IOException;
import java.nio.file.Path;

/** A history file that can't be read; the message names the file, the line and what is wrong. */
public final class HistoryFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  HistoryFormatException(Path file, long line, String what) {
    super(file + ":" + line + ": " + what);
  }

  HistoryFormatException(Path file, String what) {
    super(file + ": " + what);
  }
}
