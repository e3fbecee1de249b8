package synod.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.Config;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import synod.node.ConfigReader;
import synod.node.ConfigurationException;
import synod.node.EffectiveSetting;

/** {@code synod config}: about configurations, without starting anything. */
@Command(
    name = "config",
    mixinStandardHelpOptions = true,
    description = "Look at a configuration without starting anything.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = ConfigCommand.Check.class)
final class ConfigCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing command");
  }

  /** What a node would be started with, and why it would not start. */
  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = {
        "Print every setting that a node would be started with and where it comes from, and all that is wrong.",
        "Takes the options of \"synod node\". Opens no port and no data directory."
      },
      exitCodeListHeading = "Exit codes:%n",
      exitCodeList = {"0:the node can be started with it", "2:wrong command line or configuration"})
  static final class Check implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Mixin private NodeOptions node;

    @Option(names = "--json", description = "Print one JSON object, with the problems in it.")
    private boolean json;

    private record Found(
        String node, List<EffectiveSetting> settings, String fingerprint, List<String> problems) {}

    @Override
    public Integer call() throws JsonProcessingException {
      Config config = node.load();
      List<EffectiveSetting> settings = EffectiveSetting.of(config);
      String fingerprint = null;
      List<String> problems = List.of();
      try {
        fingerprint = ConfigReader.read(config, node.name()).fingerprint();
      } catch (ConfigurationException e) {
        problems = e.problems();
      }
      Found found = new Found(node.name(), settings, fingerprint, problems);
      PrintWriter out = spec.commandLine().getOut();
      PrintWriter err = spec.commandLine().getErr();
      if (json) {
        out.println(new ObjectMapper().writeValueAsString(found));
      } else {
        out.println(table(settings));
        if (fingerprint != null) {
          out.println();
          out.println(
              node.name()
                  + " can be started with this. Fingerprint "
                  + fingerprint
                  + ", the same on every node of the cluster.");
        }
        problems.forEach(problem -> err.println("synod: " + problem));
      }
      out.flush();
      err.flush();
      return problems.isEmpty() ? ExitCode.OK : ExitCode.USAGE;
    }

    private static String table(List<EffectiveSetting> settings) {
      List<List<String>> lines = new ArrayList<>();
      lines.add(List.of("SETTING", "FROM", "VALUE"));
      settings.forEach(
          setting -> lines.add(List.of(setting.path(), setting.from(), setting.value())));
      return Table.render(lines);
    }
  }
}
