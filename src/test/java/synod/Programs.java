package synod;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts a test's {@code main} in a process of its own. The test ends it. */
public final class Programs {
  private Programs() {}

  public static Process start(Class<?> main, String... arguments) throws IOException {
    return start(List.of(), main, arguments);
  }

  /** Starts it on a disk that lets no file grow beyond a size: writes fail there. */
  public static Process startWithFileLimit(long bytes, Class<?> main, String... arguments)
      throws IOException {
    String limit = "ulimit -f " + bytes / 512 + "; exec \"$@\"";
    return start(List.of("sh", "-c", limit, "sh"), main, arguments);
  }

  private static Process start(List<String> prefix, Class<?> main, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx160m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }
}
