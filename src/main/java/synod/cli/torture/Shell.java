package synod.cli.torture;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import synod.cli.CommandFailedException;

/** Runs the system's own tools, and waits for them. May be called from any thread. */
final class Shell {
  private static final List<String> PLACES = List.of("/usr/sbin", "/usr/bin", "/sbin", "/bin");

  private Shell() {}

  /** Where a tool is; nothing if it isn't installed. */
  static Optional<String> find(String tool) {
    return PLACES.stream()
        .map(place -> Path.of(place, tool))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst();
  }

  /**
   * @throws CommandFailedException with what the command said, if it fails or isn't there
   */
  static String run(List<String> command) {
    return run(command, "");
  }

  /**
   * @param input what the command reads
   */
  static String run(List<String> command, String input) {
    try {
      Process process = new ProcessBuilder(located(command)).redirectErrorStream(true).start();
      try (var stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      }
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (process.waitFor() != 0) {
        throw new CommandFailedException(
            "\""
                + String.join(" ", command)
                + "\" failed: "
                + said.lines().findFirst().orElse("it says nothing"));
      }
      return said;
    } catch (IOException e) {
      throw new CommandFailedException(
          "\"" + String.join(" ", command) + "\" can't be run: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailedException("interrupted", e);
    }
  }

  /** Not every user's PATH has what only root needs. */
  private static List<String> located(List<String> command) {
    String tool = command.get(0);
    return Stream.concat(Stream.of(find(tool).orElse(tool)), command.stream().skip(1)).toList();
  }
}
