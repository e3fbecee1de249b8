package synod.cli.torture;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import synod.cli.Failures;

/** A short run on real processes, with as many kinds of faults as this machine can do. */
class TortureCommandTest {
  @TempDir Path directory;

  private static CommandLine command(PrintWriter err) {
    return new CommandLine(new TortureCommand())
        .setExecutionExceptionHandler(new Failures())
        .setErr(err);
  }

  @Test
  void aShortRunLosesNothingAndItsFaultsBite() throws Exception {
    Path result = directory.resolve("result.json");

    int exitCode =
        command(new PrintWriter(System.err, true))
            .execute(
                "--duration=20s",
                "--faults=kill,pause,partition,loss,roles",
                "--clients=16",
                "--rate=200",
                "--at-least=30",
                "--dir=" + directory.resolve("run"),
                "--json=" + result);

    JsonNode json = new ObjectMapper().readTree(result.toFile());
    assertThat(json.path("problems")).isEmpty();
    assertThat(exitCode).isZero();
    assertThat(json.path("linearizable").asBoolean()).isTrue();
    assertThat(json.path("replicas")).hasSize(5);
    assertThat(json.path("acknowledgedWrites").asInt()).isGreaterThan(300);
    List<String> bitten =
        json.path("faults").findValues("fault").stream()
            .map(fault -> fault.asText().split(":")[0])
            .toList();
    assertThat(bitten).contains("kill", "pause");
    if (json.path("leftOut").isEmpty()) {
      assertThat(bitten).contains("partition", "loss");
    } else {
      System.err.println(
          "*** The network was NOT tortured, since this machine doesn't allow it: "
              + json.path("leftOut"));
    }
    assertThat(remains()).isEmpty();
  }

  /** Namespaces and interfaces of this process that a run has left behind. */
  private static String remains() {
    String ip = Shell.find("ip").orElse(null);
    return ip == null
        ? ""
        : (Shell.run(List.of(ip, "netns", "list")) + Shell.run(List.of(ip, "-br", "link")))
            .lines()
            .filter(line -> line.matches("synod-?" + ProcessHandle.current().pid() + "\\b.*"))
            .reduce("", String::concat);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--faults=flood | unknown fault \"flood\"",
        "--faults=kill,,pause | unknown fault \"\"",
        "--duration=soon | soon",
        "--duration=0s | 0s",
        "--rate=0 | --rate",
        "--dir=/ | exists already"
      })
  void aWrongOptionIsNamedAndNothingStarts(String option, String named) {
    StringWriter err = new StringWriter();
    int exitCode = command(new PrintWriter(err)).execute(option.strip());

    assertThat(exitCode).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString()).contains(named.strip());
  }
}
