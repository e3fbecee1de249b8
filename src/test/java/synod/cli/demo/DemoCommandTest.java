package synod.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/**
 * The main job, small: three real processes lose their acceptors again and again, and nothing else.
 */
class DemoCommandTest {
  @TempDir Path directory;

  @Test
  void aSmallDemoSucceedsAndItsChaosBites() throws Exception {
    Path result = directory.resolve("result.json");

    int exitCode =
        new CommandLine(new DemoCommand())
            .execute(
                "--nodes",
                "3",
                "--clients",
                "8",
                "--duration",
                "6s",
                "--rate",
                "100",
                "--json",
                result.toString());

    JsonNode json = new ObjectMapper().readTree(result.toFile());
    assertThat(json.path("problems")).isEmpty();
    assertThat(exitCode).isZero();
    assertThat(json.path("linearizable").asBoolean()).isTrue();
    assertThat(json.path("acknowledgedWrites").asInt()).isGreaterThan(40);
    assertThat(json.path("stops").path("n3 acceptor").asInt()).isPositive();
    assertThat(json.path("replicas")).hasSize(3);
  }

  @ParameterizedTest
  @CsvSource({
    "--duration, soon, --duration",
    "--duration, -1s, --duration",
    "--chaos, some, --chaos",
    "--nodes, 0, --nodes",
    "--rate, 0, --rate"
  })
  void aWrongOptionIsNamedAndNothingStarts(String option, String value, String named) {
    StringWriter err = new StringWriter();
    int exitCode =
        new CommandLine(new DemoCommand())
            .setErr(new PrintWriter(err))
            .execute(option + "=" + value);

    assertThat(exitCode).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString()).contains(named);
  }
}
