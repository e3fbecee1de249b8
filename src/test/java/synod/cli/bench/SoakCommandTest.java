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

/** That a real node tells every figure; not how they develop. */
@Timeout(300)
class SoakCommandTest {
  @TempDir private Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... options) {
    return new CommandLine(new SoakCommand())
        .setExecutionExceptionHandler(new Failures())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(options);
  }

  @Test
  void aShortRunReadsEveryFigure() throws Exception {
    int exitCode =
        run(
            "--nodes=1",
            "--duration=2500ms",
            "--every=500ms",
            "--keys=50",
            "--outstanding=4",
            "--dir=" + directory,
            "--json=" + directory.resolve("r.json"),
            "--plot=" + directory.resolve("r.svg"));

    assertThat(exitCode).as("%s%n%s", out, err).isZero();
    JsonNode json = new ObjectMapper().readTree(directory.resolve("r.json").toFile());
    assertThat(json.path("partial").asBoolean()).isFalse();
    assertThat(json.path("elections").isNumber()).isTrue();
    assertThat(json.path("samples")).hasSizeBetween(2, 5);
    // While a leader is replaced a sample may have none.
    assertThat(json.path("samples"))
        .anySatisfy(
            sample -> {
              assertThat(sample.path("perSecond").asDouble()).isPositive();
              assertThat(sample.path("cpuMillisPer1000").asDouble()).isPositive();
            });
    for (JsonNode sample : json.path("samples")) {
      if (json.path("elections").asInt() == 0) {
        assertThat(sample.path("perSecond").asDouble()).isPositive();
        assertThat(sample.path("cpuMillisPer1000").asDouble()).isPositive();
      }
      for (String figure :
          new String[] {"diskMiB", "logMiB", "stateMiB", "heapMiB", "residentMiB", "logSlots"}) {
        assertThat(sample.path("nodes").path("n1").path(figure).asDouble()).as(figure).isPositive();
      }
      assertThat(sample.path("nodes").path("n1").path("snapshotsTaken").isNumber()).isTrue();
    }
    assertThat(out.toString()).contains("1 nodes", "50 keys", "OPS/S", "HEAP MiB", "DRIFT");
    assertThat(directory.resolve("r.svg")).content().contains("resident memory", "</svg>");
    try (var files = Files.list(directory)) {
      assertThat(files.filter(Files::isDirectory)).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--nodes=0 | --nodes",
        "--duration=10s --every=5s | --duration",
        "--duration=long | long",
        "--keys=0 | --keys",
        "--value-bytes=2000000 | --value-bytes",
        "--outstanding=0 | --outstanding",
        "--rate=0 | --rate",
        "--plot=/no/such/place/r.svg | /no/such/place",
        "--cluster=/no/such/cluster.conf | /no/such/cluster.conf"
      })
  void aWrongOptionIsNamedAndNothingStarts(String options, String named) {
    assertThat(run(options.strip().split(" "))).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString()).contains(named.strip());
  }
}
