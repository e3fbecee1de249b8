package synod.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import synod.cli.Failures;

/** That all of it is measured on a real cluster with a small state; not how fast that is. */
@Timeout(300)
class RecoveryCommandTest {
  @TempDir private Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... options) {
    return new CommandLine(new RecoveryCommand())
        .setExecutionExceptionHandler(new Failures())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(options);
  }

  @Test
  void snapshotsRestartsAndANodeThatLostItsDiskAreMeasured() throws Exception {
    Path file = directory.resolve("r.json");

    int exitCode =
        run(
            "--state-bytes=1MiB",
            "--rounds=1",
            "--window=1s",
            "--rate=200",
            "--outstanding=8",
            "--dir=" + directory,
            "--json=" + file);

    assertThat(exitCode).withFailMessage(() -> out + "\n" + err).isZero();
    JsonNode json = new ObjectMapper().readTree(file.toFile());
    assertThat(json.path("partial").asBoolean()).isFalse();
    assertThat(json.path("figures")).hasSize(RecoveryFigure.values().length);
    for (JsonNode figure : json.path("figures")) {
      assertThat(figure.path("values")).hasSize(1);
      String label = figure.path("figure").asText();
      // So small a state may be there before another put ends.
      boolean positive = !label.startsWith("throughput meanwhile");
      assertThat(figure.path("median").asDouble())
          .describedAs(label)
          .isGreaterThanOrEqualTo(positive ? Double.MIN_VALUE : 0);
    }
    assertThat(out.toString()).contains("at most 50", "at least 80", "WORST");
    try (var files = Files.list(directory)) {
      assertThat(files.filter(Files::isDirectory)).isEmpty();
    }
  }

  @Test
  void aStateForWhichThereIsNoRoomIsRefused() {
    assertThat(run("--state-bytes=1000GiB", "--value-bytes=1048576", "--dir=" + directory))
        .isEqualTo(1);

    assertThat(out.toString()).contains("has room for").contains("smaller --state-bytes");
    assertThat(directory).isEmptyDirectory();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--state-bytes=big | 'big' is not a size",
        "--state-bytes=10 | --state-bytes",
        "--value-bytes=0 | --value-bytes",
        "--nodes=2 | --nodes",
        "--rounds=0 | --rounds",
        "--rate=0 | --rate",
        "--outstanding=0 | --outstanding",
        "--window=soon | soon",
        "--json=/nowhere/r.json | /nowhere/r.json is a directory, or in one that isn't there"
      })
  void aWrongOptionIsNamedAndNothingStarts(String options, String named) {
    assertThat(run(options.strip().split(" "))).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString()).contains(named.strip());
  }
}
