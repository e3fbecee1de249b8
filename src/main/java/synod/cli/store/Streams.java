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
 * @param terminal whether a person looks at the output
 */
public record Streams(InputStream in, OutputStream out, boolean terminal) {
  /** Those of this process. */
  public static Streams standard() {
    return new Streams(System.in, System.out, isTerminal());
  }

  void line(String text) {
    bytes((text + System.lineSeparator()).getBytes(StandardCharsets.UTF_8));
  }

  void bytes(byte[] bytes) {
    try {
      out.write(bytes);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

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
