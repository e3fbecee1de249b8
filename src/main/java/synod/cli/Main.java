package synod.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import synod.cli.bench.BenchCommand;
import synod.cli.demo.DemoCommand;
import synod.cli.store.ConsoleCommand;
import synod.cli.store.StoreCommands;
import synod.cli.store.Streams;
import synod.cli.torture.TortureCommand;

/**
 * The entry point: the root of the command line, under which every command of Synod hangs. Exit
 * codes are picocli's: 0 success, 1 the command failed, 2 the command line was wrong; each
 * subcommand lists those it adds.
 */
@Command(
    name = "synod",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = "A strongly consistent key-value store replicated by Multi-Paxos.",
    synopsisSubcommandLabel = "COMMAND")
public final class Main implements Runnable {
  @Spec private CommandSpec spec;

  private Main() {}

  /** The whole command line, ready to execute; each call gives a fresh one. */
  public static CommandLine commandLine() {
    return commandLine(Streams.standard());
  }

  /**
   * @param streams what the commands read and print that use a running cluster
   */
  public static CommandLine commandLine(Streams streams) {
    CommandLine synod =
        new CommandLine(new Main())
            .addSubcommand(new NodeCommand())
            .addSubcommand(new RehearseCommand())
            .addSubcommand(new ClusterCommand(NodeLauncher.BESIDE_OTHERS))
            .addSubcommand(new InitCommand())
            .addSubcommand(new RestoreCommand())
            .addSubcommand(new ConfigCommand())
            .addSubcommand(new DemoCommand())
            .addSubcommand(new TortureCommand())
            .addSubcommand(new CheckHistoryCommand())
            .addSubcommand(new BenchCommand());
    StoreCommands.addOneShot(synod, streams);
    synod.addSubcommand(new ConsoleCommand(streams)).setExpandAtFiles(false);
    return synod
        .setExecutionExceptionHandler(new Failures())
        .setParameterExceptionHandler(Main::explain);
  }

  /**
   * In one line, and for whoever doesn't know the commands with their list: a group of them does
   * nothing by itself.
   */
  private static int explain(ParameterException wrong, String[] arguments) {
    CommandLine command = wrong.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    PrintWriter err = command.getErr();
    boolean group = !command.getSubcommands().isEmpty();
    if (!group || command.getCommand() instanceof Callable) {
      err.println(name + ": " + wrong.getMessage() + " (" + name + " --help says more)");
    } else {
      err.println(name + ": " + wrong.getMessage());
      command.usage(err);
    }
    err.flush();
    return ExitCode.USAGE;
  }

  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /**
   * Without a subcommand there is nothing to do: says so, with the usage, as a wrong command line.
   */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing command");
  }

  /** Reads the version that the build wrote into the jar's manifest. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"synod " + (version == null ? "(not packaged)" : version)};
    }
  }
}
