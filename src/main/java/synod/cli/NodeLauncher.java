package synod.cli;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How a node's process is started: by the JVM that runs this one, with the class path and the JVM
 * flags of the build that it belongs to.
 *
 * @param mainClass what understands {@code node NAME ...}
 * @param jvmFlags further flags
 * @param wrappers for nodes by name, the words before the command: a program that becomes the
 *     command, as env and nsenter do
 * @param build the {@code synod.jar} of the build to start; null for the one that runs
 */
public record NodeLauncher(
    String mainClass, List<String> jvmFlags, Map<String, List<String>> wrappers, Path build) {
  /** A real node, as {@code scripts/synod node} starts it. */
  public static final NodeLauncher REAL = new NodeLauncher(Main.class.getName(), List.of());

  /**
   * A real node that starts beside others on one machine. A large part of the work of a start is to
   * optimize what runs at the start alone: with the usual thresholds five nodes on two cores serve
   * after 12.4 s, and if the optimizing compiler begins with what has run six times as often, after
   * 9.8 s. Under load they are slower for it, until all that matters has run so often.
   */
  public static final NodeLauncher BESIDE_OTHERS =
      new NodeLauncher(
          REAL.mainClass(),
          List.of(
              "-XX:Tier4InvocationThreshold=30000",
              "-XX:Tier4MinInvocationThreshold=6000",
              "-XX:Tier4CompileThreshold=100000",
              "-XX:Tier4BackEdgeThreshold=200000"));

  private static final String FLAGS = "node.jvmopts";
  private static final Path SETSID = Path.of("/usr/bin/setsid");

  public NodeLauncher {
    jvmFlags = List.copyOf(jvmFlags);
    wrappers = Map.copyOf(wrappers);
  }

  public NodeLauncher(String mainClass, List<String> jvmFlags, Map<String, List<String>> wrappers) {
    this(mainClass, jvmFlags, wrappers, null);
  }

  public NodeLauncher(String mainClass, List<String> jvmFlags) {
    this(mainClass, jvmFlags, Map.of());
  }

  /**
   * Real nodes of another build.
   *
   * @param jar its synod.jar, with the libraries beside it
   * @throws CommandFailedException if it isn't one
   */
  public static NodeLauncher ofBuild(Path jar) {
    NodeLauncher launcher = new NodeLauncher(REAL.mainClass(), List.of(), Map.of(), jar);
    launcher.flagsFromFile();
    return launcher;
  }

  /**
   * Starts a process that outlives this one and hears nothing of the terminal.
   *
   * @param log where its output is appended
   */
  Process start(String node, List<String> arguments, Path log) throws IOException {
    return new ProcessBuilder(command(node, arguments))
        .redirectInput(new File("/dev/null"))
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .redirectErrorStream(true)
        .start();
  }

  private List<String> command(String node, List<String> arguments) {
    List<String> command = new ArrayList<>();
    // Else Ctrl-C in the terminal would reach the node too.
    if (Files.isExecutable(SETSID)) {
      command.add(SETSID.toString());
    }
    command.addAll(wrappers.getOrDefault(node, List.of()));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(standardFlags());
    command.addAll(jvmFlags);
    command.addAll(flagsFromEnvironment());
    command.add("-cp");
    command.add(classPath());
    command.add(mainClass);
    command.add("node");
    command.add(node);
    command.addAll(arguments);
    return command;
  }

  private String classPath() {
    return build == null ? System.getProperty("java.class.path") : build.toString();
  }

  private List<String> standardFlags() {
    List<String> flags = new ArrayList<>(flagsFromFile());
    if (Runtime.version().feature() >= 24) {
      flags.add("--sun-misc-unsafe-memory-access=allow");
      flags.add("--enable-native-access=ALL-UNNAMED");
    }
    Path archive = archive();
    if (Files.isReadable(archive)) {
      flags.add("-XX:SharedArchiveFile=" + archive);
    }
    return flags;
  }

  private static List<String> flagsFromEnvironment() {
    String flags = System.getenv("SYNOD_JAVA_OPTS");
    return flags == null || flags.isBlank() ? List.of() : List.of(flags.strip().split("\\s+"));
  }

  /** The class data archive that the scripts make beside the jar. */
  private Path archive() {
    return Path.of(classPath().split(File.pathSeparator)[0]).resolveSibling("synod.jsa");
  }

  private List<String> flagsFromFile() {
    try (InputStream file =
            build == null
                ? NodeLauncher.class.getResourceAsStream("/" + FLAGS)
                : new URL("jar:" + build.toUri() + "!/" + FLAGS).openStream();
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))) {
      return reader.lines().filter(line -> line.startsWith("-")).toList();
    } catch (IOException e) {
      throw new CommandFailedException(
          (build == null ? "this program" : build.toString()) + " is no build of Synod: " + e, e);
    }
  }
}
