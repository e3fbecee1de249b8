package synod.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which source of the configuration wins, and what is said about files that can't be read. */
class ConfigFilesTest {
  @TempDir private Path directory;

  @Test
  void aConfigurationFileNeedsToHoldOnlyWhatDiffers() throws IOException {
    Path file = write("mine.conf", "synod.limits.pipeline-depth = 7");

    Config config = new ConfigFiles(file, null, Map.of()).load();

    assertThat(config.getInt("synod.limits.pipeline-depth")).isEqualTo(7);
    assertThat(config.getInt("synod.limits.max-requests-in-flight")).isEqualTo(1000);
    assertThat(config.getConfigList("synod.cluster.nodes")).hasSize(5);
  }

  @Test
  void aConfigurationFileMayIncludeAClusterFileBesideIt() throws IOException {
    write("cluster.conf", "synod.cluster { name = beside }");
    Path file = write("mine.conf", "include \"cluster.conf\"");

    Config config = new ConfigFiles(file, null, Map.of()).load();

    assertThat(config.getString("synod.cluster.name")).isEqualTo("beside");
  }

  @Test
  void aClusterFileReplacesTheWholeCluster() throws IOException {
    Path file = write("two.conf", "synod.cluster { name = two }");

    Config config = new ConfigFiles(null, file, Map.of()).load();

    assertThat(config.getString("synod.cluster.name")).isEqualTo("two");
    assertThat(config.hasPath("synod.cluster.nodes")).isFalse();
    assertThat(config.getInt("synod.limits.pipeline-depth")).isEqualTo(2);
  }

  @Test
  void theCommandLineWinsOverFiles() throws IOException {
    Path config = write("mine.conf", "synod { limits.pipeline-depth = 7, cluster.name = mine }");
    Path cluster = write("two.conf", "synod.cluster { name = two }");
    Map<String, String> given =
        Map.of(
            "synod.limits.pipeline-depth", "9",
            "synod.cluster.name", "given",
            "synod.chaos.roles", "[acceptor, learner]",
            "synod.data-directory", "/tmp/x:y");

    Config loaded = new ConfigFiles(config, cluster, given).load();

    assertThat(loaded.getInt("synod.limits.pipeline-depth")).isEqualTo(9);
    assertThat(loaded.getString("synod.cluster.name")).isEqualTo("given");
    assertThat(loaded.getStringList("synod.chaos.roles")).containsExactly("acceptor", "learner");
    assertThat(loaded.getString("synod.data-directory")).isEqualTo("/tmp/x:y");
  }

  @Test
  void aFileThatCannotBeParsedIsNamedWithItsLine() throws IOException {
    Path file = write("broken.conf", "synod {\n  limits {\n    pipeline-depth = [1, \n");

    assertThatThrownBy(() -> new ConfigFiles(file, null, Map.of()).load())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("broken.conf: 4")
        .hasMessageNotContaining("\n");
  }

  @Test
  void aMissingFileIsNamed() {
    Path file = directory.resolve("nowhere.conf");

    assertThatThrownBy(() -> new ConfigFiles(file, null, Map.of()).load())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(file + ": no such file");
    assertThatThrownBy(() -> new ConfigFiles(null, directory, Map.of()).load())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(directory + ": no such file, or it can't be read");
  }

  @Test
  void aClusterFileWithoutAClusterIsRefused() throws IOException {
    Path file = write("empty.conf", "other = 1");

    assertThatThrownBy(() -> new ConfigFiles(null, file, Map.of()).load())
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(file + ": has no synod.cluster");
  }

  @Test
  void aReferenceToNothingIsNamed() throws IOException {
    Path file = write("mine.conf", "synod.data-directory = ${no.such.setting}");

    assertThatThrownBy(() -> new ConfigFiles(file, null, Map.of()).load())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("mine.conf")
        .hasMessageContaining("no.such.setting");
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }
}
