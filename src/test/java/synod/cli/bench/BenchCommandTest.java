package synod.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import synod.cli.Failures;

/** Short runs on real processes: that all is measured and reported, not how fast it is. */
@Timeout(300)
class BenchCommandTest {
  @TempDir private Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... options) {
    return new CommandLine(new BenchCommand())
        .setExecutionExceptionHandler(new Failures())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(options);
  }

  private JsonNode json() throws Exception {
    return new ObjectMapper().readTree(directory.resolve("r.json").toFile());
  }

  @Test
  void aShortRunOnThreeNodesMeasuresEveryLoadThroughClientAndHttp() throws Exception {
    int exitCode =
        run(
            "--targets=synod,http",
            "--compare=http",
            "--operations=put,get,mix",
            "--outstanding=4",
            "--keys=50",
            "--rounds=2",
            "--seconds=1",
            "--warm-up=1.5",
            "--seed=1",
            "--dir=" + directory,
            "--json=" + directory.resolve("r.json"),
            "--plot=" + directory.resolve("r.svg"));

    assertThat(exitCode).withFailMessage(() -> err.toString()).isZero();
    JsonNode json = json();
    assertThat(json.path("partial").asBoolean()).isFalse();
    assertThat(json.path("rounds")).hasSize(12);
    assertThat(json.path("rounds").findValuesAsText("target").subList(0, 4))
        .containsExactly("synod", "http", "synod", "http");
    for (JsonNode round : json.path("rounds")) {
      assertThat(round.path("perSecond").asDouble()).isPositive();
      assertThat(round.path("p50Micros").asDouble()).isPositive();
      assertThat(round.path("failed").asInt()).isZero();
      assertThat(round.path("serverCpuMillisPer1000").asDouble()).isPositive();
      assertThat(round.path("residentMiB").asDouble()).isPositive();
      // Every put is on the disks of two of the three, and no get is on any: but each node may
      // have its state compared with the others' meanwhile, in a write of its own.
      double flushes = round.path("flushesPerOperation").asDouble();
      if (round.path("operation").asText().equals("get")) {
        assertThat(flushes * 1.25 * round.path("perSecond").asDouble()).isLessThan(9.5);
      } else if (round.path("operation").asText().equals("put")) {
        assertThat(flushes).isBetween(0.1, 6.0);
      }
    }
    assertThat(json.path("ratios").findValuesAsText("target")).containsOnly("synod");
    assertThat(out.toString()).contains("put 4", "mix 4", "Against http", "synod ");
    assertThat(directory.resolve("r.svg")).content().contains("</svg>");
    assertThat(leftBehind()).isEmpty();
  }

  @Test
  void everySizeGetsClustersOfItsOwn() throws Exception {
    int exitCode =
        run(
            "--operations=put",
            "--outstanding=4",
            "--keys=20",
            "--nodes=1,3",
            "--rounds=1",
            "--seconds=0.5",
            "--warm-up=0",
            "--dir=" + directory,
            "--json=" + directory.resolve("r.json"),
            "--plot=" + directory.resolve("r.svg"));

    assertThat(exitCode).withFailMessage(() -> err.toString()).isZero();
    assertThat(json().path("rounds").findValuesAsText("nodes")).containsExactly("1", "3");
    assertThat(out.toString()).contains("1 / 3 nodes", "put 4, 1 nodes", "put 4, 3 nodes");
    assertThat(directory.resolve("r.svg")).content().contains("synod put 4");
    assertThat(leftBehind()).isEmpty();
  }

  @Test
  void etcdIsMeasuredBesideIfItIsInstalled() throws Exception {
    if (EtcdServers.installed().isEmpty()) {
      System.err.println(
          "*** etcd was NOT measured, since it is not installed (Debian: apt install etcd-server)");
      return;
    }
    int exitCode =
        run(
            "--targets=etcd",
            "--operations=put,get,delete",
            "--outstanding=4",
            "--keys=50",
            "--rounds=1",
            "--seconds=1",
            "--warm-up=0",
            "--dir=" + directory,
            "--json=" + directory.resolve("r.json"));

    assertThat(exitCode).withFailMessage(() -> err.toString()).isZero();
    JsonNode rounds = json().path("rounds");
    assertThat(rounds).hasSize(3);
    assertThat(rounds.path(0).path("perSecond").asDouble()).isPositive();
    assertThat(rounds.path(0).path("flushesPerOperation").asDouble()).isBetween(0.1, 6.0);
    assertThat(rounds.findValuesAsText("failed")).containsOnly("0.0");
    assertThat(json().path("versions").path(0).asText()).matches("etcd 3\\..*");
    assertThat(leftBehind()).isEmpty();
  }

  @Test
  void anEtcdThatIsNotThereIsNamed() throws Exception {
    assertThat(run("--targets=etcd", "--etcd=/no/such/etcd", "--dir=" + directory)).isEqualTo(1);

    assertThat(err.toString()).contains("/no/such/etcd");
    assertThat(leftBehind()).isEmpty();
  }

  /** What the servers had below the directory is gone with them. */
  private List<Path> leftBehind() throws Exception {
    try (var files = Files.list(directory)) {
      return files.filter(Files::isDirectory).toList();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--targets=zookeeper | unknown target \"zookeeper\"",
        "--compare=/no/such/synod.jar | /no/such/synod.jar",
        "--compare=raft | unknown target \"raft\"",
        "--operations=scan | unknown operation \"scan\": there are put, get and delete, and mix",
        "--operations=mix --mix=get:x | --mix",
        "--outstanding=0 | --outstanding",
        "--outstanding=some | --outstanding",
        "--outstanding=4,4 | twice",
        "--rate=0 | --rate",
        "--keys=0 | --keys",
        "--keys=17 --key-bytes=1 | only 16 keys",
        "--key-bytes=5000 | --key-bytes",
        "--value-bytes=2000000 | --value-bytes",
        "--distribution=normal | --distribution",
        "--consistency=eventual | --consistency",
        "--node=all | --node",
        "--nodes=0 | --nodes",
        "--nodes=3,5 --keys=10,20 | only one of",
        "--value-bytes=10,10 | twice",
        "--nodes=1 --node=follower | no follower",
        "--rounds=0 | --rounds",
        "--seconds=0 | --seconds",
        "--warm-up=-1 | --warm-up",
        "--json=/no/such/place/r.json | /no/such/place"
      })
  void aWrongOptionIsNamedAndNothingStarts(String options, String named) {
    int exitCode = run(options.strip().split(" "));

    assertThat(exitCode).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString()).contains(named.strip());
  }
}
