package synod.cli.torture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import synod.cli.CommandFailedException;

/**
 * Wall clocks of the nodes' own, which can be set while they run, by libfaketime. Only what the
 * nodes take for the time of day moves; what they measure intervals with doesn't.
 */
final class Clocks {
  private static final String LIBRARY = "libfaketimeMT.so.1";

  private final String library;
  private final Path directory;

  private Clocks(String library, Path directory) {
    this.library = library;
    this.directory = directory;
  }

  /**
   * All clocks show the right time.
   *
   * @param directory in which the clocks' positions are kept
   * @throws CommandFailedException saying why clocks can't be set
   */
  static Clocks create(Path directory, List<String> nodes) {
    String library =
        find()
            .orElseThrow(
                () ->
                    new CommandFailedException(
                        "libfaketime is not installed (Debian: apt install libfaketime)"));
    Clocks clocks = new Clocks(library, directory);
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new CommandFailedException(directory + " can't be made: " + e, e);
    }
    nodes.forEach(node -> clocks.set(node, 0));
    clocks.requireThatIntervalsStay();
    return clocks;
  }

  private static Optional<String> find() {
    Path libraries = Path.of("/usr/lib");
    try (Stream<Path> places = Files.list(libraries)) {
      return Stream.concat(Stream.of(libraries), places)
          .map(place -> place.resolve("faketime").resolve(LIBRARY))
          .filter(Files::isReadable)
          .map(Path::toString)
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The words before the command that shall see a node's clock. */
  List<String> wearing(String node) {
    return List.of(
        "env",
        "LD_PRELOAD=" + library,
        "FAKETIME_TIMESTAMP_FILE=" + file(node),
        // Seconds until a change is seen; each look at the clock would cost a look at the file.
        "FAKETIME_CACHE_DURATION=1",
        "FAKETIME_DONT_FAKE_MONOTONIC=1",
        // With the fix that the library chooses by itself, waits of a JVM end at once.
        "FAKETIME_FORCE_MONOTONIC_FIX=0",
        "NO_FAKE_STAT=1");
  }

  /** Sets a node's clock, which sees it within about a second. */
  void set(String node, long secondsAhead) {
    Path file = file(node);
    Path temporary = file.resolveSibling(node + ".tmp");
    try {
      Files.writeString(temporary, (secondsAhead < 0 ? "" : "+") + secondsAhead + "\n");
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new CommandFailedException("the clock of " + node + " can't be set: " + e, e);
    }
  }

  private Path file(String node) {
    return directory.resolve(node);
  }

  /** A JVM whose waits end early or late with a set clock would prove nothing about Synod. */
  private void requireThatIntervalsStay() {
    String probe = "probe";
    set(probe, ClockProbe.SECONDS_AHEAD);
    List<String> java =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            ClockProbe.class.getName(),
            Long.toString(System.currentTimeMillis()));
    Map<Boolean, List<String>> said =
        Shell.run(Stream.concat(wearing(probe).stream(), java.stream()).toList())
            .lines()
            .collect(Collectors.partitioningBy(ClockProbe.FINE::equals));
    if (said.get(true).isEmpty()) {
      throw new CommandFailedException(
          "libfaketime doesn't do here what it should: " + String.join("; ", said.get(false)));
    }
  }
}
