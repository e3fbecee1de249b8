package synod.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a configuration comes to is told with where it comes from, and all that is wrong at once.
 */
class ConfigCommandTest {
  @TempDir private Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int check(String... arguments) {
    List<String> all = new ArrayList<>(List.of("config", "check"));
    all.addAll(List.of(arguments));
    return Main.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(all.toArray(String[]::new));
  }

  @Test
  void everySettingStandsWithItsValueAndWhereItWasWritten() throws IOException {
    Path file = directory.resolve("my.conf");
    Files.writeString(file, "\nsynod.limits.pipeline-depth = 4\n");
    assertThat(check("n2", "--config", file.toString(), "-D", "synod.timing.drain-time=700ms"))
        .isZero();
    assertThat(out.toString().lines())
        .anyMatch(line -> line.matches("synod\\.limits\\.pipeline-depth +" + file + ": 2 +4"))
        .anyMatch(line -> line.matches("synod\\.timing\\.drain-time +command line: 1 +\"700ms\""))
        .anyMatch(
            line -> line.matches("synod\\.cluster\\.name +\\S*cluster\\.conf: \\d+ +\"synod\""))
        .anyMatch(line -> line.startsWith("n2 can be started with this. Fingerprint "));
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void everyProblemIsTold() {
    assertThat(check("n1", "-D", "synod.limits.pipeline-depth=0", "-D", "synod.typo=1"))
        .isEqualTo(2);
    assertThat(err.toString())
        .contains("synod.limits.pipeline-depth: 0 must lie between", "synod.typo: unknown setting");
    assertThat(out.toString()).contains("synod.limits.pipeline-depth").doesNotContain("can be");
  }

  @Test
  void aProgramGetsSettingsAndProblemsInOneObject() throws IOException {
    assertThat(check("n9", "--json")).isEqualTo(2);
    JsonNode found = new ObjectMapper().readTree(out.toString());
    assertThat(found.path("problems").get(0).asText()).contains("no node is named n9");
    assertThat(found.path("settings").findValuesAsText("path")).contains("synod.data-directory");
    assertThat(err.toString()).isEmpty();
    assertThat(check("n1", "--config", "/nowhere.conf")).isEqualTo(2);
    assertThat(err.toString()).startsWith("synod: /nowhere.conf: no such file");
  }
}
