package synod.cli;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import synod.node.ConfigFiles;

/** Which node a command is about, and where its configuration comes from. */
final class NodeOptions {
  @Parameters(paramLabel = "NAME", description = "The node's name in cluster.conf.")
  private String name;

  @Option(
      names = "--cluster",
      paramLabel = "FILE",
      description = "Who takes part, instead of the built-in cluster.conf.")
  private Path clusterFile;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Settings that differ from the built-in application.conf.")
  private Path configFile;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Keep the node's data in DIR/NAME; short for -D synod.data-directory=DIR.")
  private Path data;

  @Option(
      names = "-D",
      paramLabel = "KEY=VALUE",
      description = "One setting, as in -D synod.limits.pipeline-depth=4.")
  private final Map<String, String> settings = new HashMap<>();

  String name() {
    return name;
  }

  /**
   * @throws synod.node.ConfigurationException if it can't be read
   */
  Config load() {
    if (data != null) {
      settings.put("synod.data-directory", data.toString());
    }
    return new ConfigFiles(configFile, clusterFile, settings).load();
  }
}
