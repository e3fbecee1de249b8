package synod.cli.store;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParameterException;
import synod.cli.Failures;
import synod.cli.Table;

/**
 * Does what a line says: the console's commands, the same whether a person types them or they come
 * from a pipe.
 */
final class LineRunner {
  static final String HELP = "help";
  static final String HISTORY = "history";
  static final List<String> LEAVE = List.of("exit", "quit");

  private final Map<String, Supplier<CommandLine>> commands;
  private final Streams streams;
  private final Consumer<String> complain;
  private final Supplier<List<String>> history;
  private boolean over;

  /**
   * @param complain takes what goes wrong, one or more lines without a line break at the end
   * @param history the lines before this one
   */
  LineRunner(
      Access access, Streams streams, Consumer<String> complain, Supplier<List<String>> history) {
    this.commands = StoreCommands.forConsole(access, streams);
    this.streams = streams;
    this.complain = complain;
    this.history = history;
  }

  /** The commands that the cluster is asked by, and how each is made. */
  Map<String, Supplier<CommandLine>> commands() {
    return commands;
  }

  /** Whether the last line said that it is time to go. */
  boolean isOver() {
    return over;
  }

  /**
   * @param words what {@link Words} made of a line; nothing is done if there are none
   * @return the command's exit code
   */
  int run(List<String> words) {
    if (words.isEmpty()) {
      return ExitCode.OK;
    }
    String name = words.get(0);
    List<String> arguments = words.subList(1, words.size());
    if (LEAVE.contains(name)) {
      over = true;
      return ExitCode.OK;
    }
    if (name.equals(HELP)) {
      return help(arguments);
    }
    if (name.equals(HISTORY)) {
      history.get().forEach(streams::line);
      return ExitCode.OK;
    }
    if (!commands.containsKey(name)) {
      return noSuch(name);
    }
    return execute(commands.get(name).get(), arguments);
  }

  private int execute(CommandLine command, List<String> arguments) {
    StringWriter errors = new StringWriter();
    int exitCode =
        command
            .setErr(new PrintWriter(errors))
            .setExpandAtFiles(false)
            .setParameterExceptionHandler(LineRunner::explain)
            .setExecutionExceptionHandler(new Failures())
            .execute(arguments.toArray(String[]::new));
    if (!errors.toString().isEmpty()) {
      complain.accept(errors.toString().stripTrailing());
    }
    return exitCode;
  }

  private static int explain(ParameterException wrong, String[] arguments) {
    CommandLine command = wrong.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    command.getErr().println(name + ": " + wrong.getMessage() + " (help " + name + " says more)");
    return ExitCode.USAGE;
  }

  private int noSuch(String name) {
    complain.accept("synod: there is no command " + name + " (help lists them)");
    return ExitCode.USAGE;
  }

  private int help(List<String> path) {
    if (path.isEmpty()) {
      streams.line(overview());
      return ExitCode.OK;
    }
    Supplier<CommandLine> first = commands.get(path.get(0));
    CommandLine command = first == null ? null : first.get();
    for (int i = 1; i < path.size() && command != null; i++) {
      command = command.getSubcommands().get(path.get(i));
    }
    if (command == null) {
      return noSuch(String.join(" ", path));
    }
    streams.line(command.getUsageMessage().stripTrailing());
    return ExitCode.OK;
  }

  private String overview() {
    List<List<String>> lines = new ArrayList<>();
    commands.forEach(
        (name, command) ->
            lines.add(
                List.of(name, command.get().getCommandSpec().usageMessage().description()[0])));
    lines.add(List.of(HISTORY, "Show what was typed before."));
    lines.add(List.of(HELP, "Show this, or with a command's name what it takes."));
    lines.add(List.of(String.join(", ", LEAVE), "Leave, as Ctrl-D does."));
    return Table.render(lines);
  }
}
