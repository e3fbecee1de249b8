package synod.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigValueFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Where a node's configuration comes from. What stands first here wins: settings given by the
 * caller (the command line), JVM system properties, the cluster file, the configuration file, the
 * {@code application.conf} of the class path, the libraries' defaults.
 *
 * <p>A cluster file replaces the whole of {@code synod.cluster}; a configuration file needs to hold
 * only what differs.
 *
 * @param configFile null for the one that the system property {@code config.file} names, if any
 * @param clusterFile null for none
 * @param settings values by their path, written as in a file; what can't be read so is plain text
 */
public record ConfigFiles(Path configFile, Path clusterFile, Map<String, String> settings) {
  /** The class path and the system properties alone. */
  public static final ConfigFiles DEFAULT = new ConfigFiles(null, null, Map.of());

  private static final String COMMAND_LINE = "command line";
  private static final String CLUSTER = "synod.cluster";

  public ConfigFiles {
    settings = Map.copyOf(settings);
  }

  /**
   * The effective configuration, resolved, with the libraries' defaults in it. Reads files.
   *
   * @throws ConfigurationException if a file is missing or can't be parsed; names file and line
   */
  public Config load() {
    try {
      return given()
          .withFallback(ConfigFactory.defaultOverrides())
          .withFallback(cluster())
          .withFallback(configuration())
          .withFallback(ConfigFactory.parseResources("application.conf"))
          .withFallback(ConfigFactory.defaultReferenceUnresolved())
          .resolve(ConfigResolveOptions.defaults());
    } catch (ConfigException e) {
      throw new ConfigurationException(List.of(Settings.oneLine(e)));
    }
  }

  /**
   * Only what names the nodes, for whoever starts none: without settings and the libraries'
   * defaults it is read in no time.
   *
   * @throws ConfigurationException if the file is missing or can't be parsed; names file and line
   */
  public Config loadCluster() {
    try {
      Config builtIn = ConfigFactory.parseResources("cluster.conf");
      return given().withFallback(clusterFile == null ? builtIn : cluster()).resolve();
    } catch (ConfigException e) {
      throw new ConfigurationException(List.of(Settings.oneLine(e)));
    }
  }

  private Config given() {
    Config given = ConfigFactory.empty(COMMAND_LINE);
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      given = given(setting.getKey(), setting.getValue()).withFallback(given);
    }
    return given;
  }

  private static Config given(String path, String value) {
    ConfigParseOptions options =
        ConfigParseOptions.defaults().setOriginDescription(COMMAND_LINE).setAllowMissing(false);
    try {
      Config parsed = ConfigFactory.parseString("value = " + value, options);
      return ConfigFactory.empty().withValue(path, parsed.root().get("value"));
    } catch (ConfigException.Parse e) {
      return ConfigFactory.empty()
          .withValue(path, ConfigValueFactory.fromAnyRef(value, COMMAND_LINE));
    }
  }

  private Config cluster() {
    if (clusterFile == null) {
      return ConfigFactory.empty();
    }
    Config cluster = parse(clusterFile);
    if (!cluster.root().containsKey("synod")) {
      throw new ConfigurationException(List.of(clusterFile + ": has no " + CLUSTER));
    }
    // A value that is no object hides what lies below it: nothing of another cluster shows through.
    return cluster.withFallback(ConfigFactory.parseString(CLUSTER + " = replaced"));
  }

  private Config configuration() {
    String property = System.getProperty("config.file");
    if (configFile != null) {
      return parse(configFile);
    }
    return property == null ? ConfigFactory.empty() : parse(Path.of(property));
  }

  private static Config parse(Path file) {
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw new ConfigurationException(List.of(file + ": no such file, or it can't be read"));
    }
    return ConfigFactory.parseFile(file.toFile());
  }
}
