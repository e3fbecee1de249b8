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
import synod.cli.CommandFailedException;
import synod.cli.Failures;

/** That leaders are lost, replaced and brought back; not how fast. */
@Timeout(300)
class FailoverCommandTest {
  private static final FailoverCommand.Apart NOT_HERE =
      (where, nodes) -> {
        throw new CommandFailedException("no machines here");
      };

  @TempDir private Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... options) {
    return new CommandLine(new FailoverCommand(NOT_HERE))
        .setExecutionExceptionHandler(new Failures())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(options);
  }

  @Test
  void writesStopAndGoOnEachTimeThatTheLeaderIsLost() throws Exception {
    Path file = directory.resolve("r.json");

    int exitCode =
        run("--how=chaos,kill,cut", "--trials=2", "--dir=" + directory, "--json=" + file);

    assertThat(exitCode).withFailMessage(() -> out + "\n" + err).isZero();
    JsonNode faults = new ObjectMapper().readTree(file.toFile()).path("faults");
    assertThat(faults.findValuesAsText("how")).containsExactly("chaos", "kill");
    for (JsonNode fault : faults) {
      assertThat(fault.path("trials")).hasSize(2);
      for (JsonNode trial : fault.path("trials")) {
        // Nobody can be replaced before he is missed.
        assertThat(trial.path("gapMillis").asDouble()).isBetween(20.0, 60_000.0);
        assertThat(trial.path("clientGapMillis").asDouble())
            .isGreaterThanOrEqualTo(trial.path("gapMillis").asDouble());
      }
    }
    assertThat(out.toString()).contains("synod", "chaos", "kill", "MEDIAN");
    // What can't be had here is said before it is waited for.
    assertThat(out.toString()).contains("WITHOUT synod, cut: no machines here");
    assertThat(err.toString())
        .containsSubsequence("without synod, cut: no machines here", "trial 1 of 2");
    try (var files = Files.list(directory)) {
      assertThat(files.filter(Files::isDirectory)).isEmpty();
    }
  }

  @Test
  void anEtcdThatIsNotThereIsNamedBeforeAnythingStarts() throws Exception {
    assertThat(run("--targets=synod,etcd", "--etcd=/no/such/etcd", "--dir=" + directory))
        .isEqualTo(1);

    assertThat(err.toString()).contains("/no/such/etcd");
    assertThat(directory).isEmptyDirectory();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--targets=raft | unknown target \"raft\"",
        "--how=flood | --how",
        "--targets=etcd --how=chaos | etcd's leader can only be killed",
        "--trials=0 | --trials",
        "--nodes=2 | --nodes",
        "--clients=0 | --clients",
        "--attempt=soon | soon"
      })
  void aWrongOptionIsNamedAndNothingStarts(String options, String named) {
    assertThat(run(options.strip().split(" "))).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString()).contains(named.strip());
  }
}
