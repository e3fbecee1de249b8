package synod.cli.store;

import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Where a command reads and what it prints to: bytes, since values are bytes. Text goes out in
 * UTF-8.
 *
 * @param in null if there is nothing to read values from
 */
public record Streams(InputStream in, OutputStream out, Manner manner) {
  /** How values are printed. */
  public enum Manner {
    /** For a program: as they are. */
    RAW,
    /** For a program that reads lines: as they are, with a line break behind each. */
    LINES,
    /** For a person at a terminal: on one line, without anything that the terminal would obey. */
    TERMINAL
  }

  /** Those of this process. */
  public static Streams standard() {
    return new Streams(System.in, System.out, isTerminal() ? Manner.TERMINAL : Manner.RAW);
  }

  boolean isForPerson() {
    return manner == Manner.TERMINAL;
  }

  void line(String text) {
    bytes((text + System.lineSeparator()).getBytes(StandardCharsets.UTF_8));
  }

  void value(byte[] value) {
    if (manner == Manner.TERMINAL) {
      line(Text.printable(value));
      return;
    }
    bytes(value);
    if (manner == Manner.LINES) {
      line("");
    }
  }

  private void bytes(byte[] bytes) {
    try {
      out.write(bytes);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether a person types the input and sees the output. */
  private static boolean isTerminal() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      // From JDK 22 on there is a console in any case, and this says whether it is a real one.
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return true;
    }
  }
}
