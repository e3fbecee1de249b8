package synod.cli.store;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import synod.client.ClientSettings.Failover;

/** {@code console}: reads commands and does them, from a terminal or a pipe. */
@Command(
    name = "console",
    sortOptions = false,
    description = {
      "Read commands until Ctrl-D: put, get, delete, list, cas, watch, compact, status, move-leader,"
          + " chaos, kill, help.",
      "Keys go through the Java client, or over HTTP if --http is given. From a pipe, a line is a"
          + " command."
    },
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {
      "0:done; from a pipe: every command was",
      "2:wrong usage",
      "other:from a pipe: that of the first command that failed"
    })
public final class ConsoleCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private HttpAccess http;

  @Mixin private ClientCertificate certificate;

  @Option(
      names = "--history",
      paramLabel = "FILE",
      description = "Where to keep what was typed (~/.synod_history).")
  private Path history = Path.of(System.getProperty("user.home"), ".synod_history");

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this.")
  private boolean help;

  private final Streams streams;

  public ConsoleCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() {
    try {
      return streams.isForPerson() ? converse() : obey();
    } catch (UsageException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int converse() throws IOException {
    try (Terminal terminal = TerminalBuilder.builder().name("synod").dumb(true).build()) {
      Console console = new Console(terminal, System.getenv("NO_COLOR") == null, history);
      try (ConsoleAccess access =
          new ConsoleAccess(http, certificate, to -> console.notice(text(to)))) {
        return console.run(access);
      }
    }
  }

  /** Does line after line, and goes on after one that failed. */
  private int obey() throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    Consumer<String> complain =
        line -> {
          err.println(line);
          err.flush();
        };
    Streams printed = new Streams(null, streams.out(), Streams.Manner.LINES);
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(streams.in(), StandardCharsets.UTF_8));
    try (ConsoleAccess access =
        new ConsoleAccess(http, certificate, to -> complain.accept("synod: " + text(to)))) {
      return obey(lines, new LineRunner(access, printed, complain, List::of), complain);
    }
  }

  private static int obey(BufferedReader lines, LineRunner runner, Consumer<String> complain)
      throws IOException {
    int exitCode = ExitCode.OK;
    String begun = "";
    for (String line = lines.readLine();
        line != null && !runner.isOver();
        line = lines.readLine()) {
      Optional<List<String>> words = Words.of(begun + line);
      begun = words.isPresent() ? "" : begun + line + "\n";
      int result = words.map(runner::run).orElse(ExitCode.OK);
      exitCode = exitCode == ExitCode.OK ? result : exitCode;
    }
    if (!begun.isEmpty()) {
      complain.accept("synod: the input ends within quotes");
      return exitCode == ExitCode.OK ? ExitCode.USAGE : exitCode;
    }
    return exitCode;
  }

  private static String text(Failover failover) {
    return "went over from %s to %s: %s"
        .formatted(failover.from(), failover.to(), failover.reason());
  }
}
