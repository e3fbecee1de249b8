package synod.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What a person or a script gets to see of a local cluster, and with which exit code. */
class ClusterCommandTest {
  private static final NodeLauncher FAKE = new NodeLauncher(FakeNode.class.getName(), List.of());

  @TempDir private Path directory;
  private StringWriter out;
  private StringWriter err;

  @AfterEach
  void end() {
    if (LocalCluster.exists(cluster())) {
      LocalCluster.open(cluster(), FAKE).nodes().forEach(LocalNode::kill);
    }
  }

  @Test
  void startSaysWhatItDoesAndPrintsWhereTheNodesServe() {
    assertThat(run("start", "--nodes", "2", "--free-ports")).isZero();

    assertThat(err.toString())
        .contains("synod: starting n1, n2 in " + cluster())
        .contains("synod: waiting for n1")
        .contains("synod: serving after ");
    assertThat(out.toString().lines())
        .satisfiesExactly(
            line -> assertThat(line).matches("n1  http://127.0.0.1:\\d+"),
            line -> assertThat(line).matches("n2  http://127.0.0.1:\\d+"));
  }

  @Test
  void aSecondStartFindsEverythingRunning() {
    run("start", "--nodes", "1", "--free-ports");

    assertThat(run("start")).isZero();
    assertThat(err.toString()).contains("all 1 nodes run already").doesNotContain("starting");
  }

  @Test
  void anotherSizeNeedsAnotherDirectory() {
    run("start", "--nodes", "1", "--free-ports");

    assertThat(run("start", "--nodes", "3")).isEqualTo(1);
    assertThat(err.toString()).contains("has 1 nodes, not 3").contains("--dir");
  }

  @Test
  void anImpossibleSizeIsAWrongCommandLine() {
    assertThat(run("start", "--nodes", "0")).isEqualTo(2);
    assertThat(err.toString()).contains("--nodes must lie between 1 and 15, not 0");
    assertThat(LocalCluster.exists(cluster())).isFalse();
  }

  @Test
  void statusShowsProcessesAndWhatTheNodesSay() throws IOException {
    run("start", "--nodes", "2", "--free-ports");
    run("kill", "n2");

    assertThat(run("status")).isZero();
    List<String> table = out.toString().lines().toList();
    assertThat(table.get(0)).startsWith("NODE  STATE");
    assertThat(table.get(1))
        .matches("n1 +running +\\d+ +http://127.0.0.1:\\d+ +yes +n2 \\(3\\) +8 +7 +17 +acceptor");
    assertThat(table.get(2)).matches("n2 +dead +- +http://127.0.0.1:\\d+( +-)+");

    assertThat(run("status", "--json")).isZero();
    JsonNode json = new ObjectMapper().readTree(out.toString());
    assertThat(json.at("/directory").asText()).isEqualTo(cluster().toString());
    assertThat(json.at("/nodes/0/name").asText()).isEqualTo("n1");
    assertThat(json.at("/nodes/0/state").asText()).isEqualTo("running");
    assertThat(json.at("/nodes/0/pid").asLong()).isPositive();
    assertThat(json.at("/nodes/0/status/revision").asLong()).isEqualTo(17);
    assertThat(json.at("/nodes/1/state").asText()).isEqualTo("dead");
    assertThat(json.at("/nodes/1/pid").isNull()).isTrue();
    assertThat(json.at("/nodes/1/status").isNull()).isTrue();
  }

  @Test
  void aRollingRestartTakesTheLeaderLast() {
    run("start", "--nodes", "3", "--free-ports");
    List<Long> before = pids();

    assertThat(run("rolling-restart")).isZero();

    assertThat(err.toString().lines().filter(line -> line.contains("restarted")))
        .satisfiesExactly(
            line -> assertThat(line).startsWith("synod: restarted n1: ended after "),
            line -> assertThat(line).startsWith("synod: restarted n3"),
            line -> assertThat(line).startsWith("synod: restarted n2"));
    assertThat(pids()).doesNotContainAnyElementsOf(before);
  }

  @Test
  void aRollingRestartTakesNoNodeAwayWhileAnotherIsMissing() {
    run("start", "--nodes", "2", "--free-ports");
    run("kill", "n2");
    List<Long> before = pids();

    assertThat(run("rolling-restart")).isEqualTo(1);
    assertThat(err.toString()).contains("n2 is dead: all nodes must run");
    assertThat(pids()).isEqualTo(before);
  }

  private List<Long> pids() {
    return LocalCluster.open(cluster(), FAKE).nodes().stream()
        .flatMapToLong(node -> node.pid().stream())
        .boxed()
        .toList();
  }

  @Test
  void aNodeIsKilledPausedResumedAndRestarted() {
    run("start", "--nodes", "2", "--free-ports");

    assertThat(run("pause", "n1")).isZero();
    assertThat(run("pause", "n1")).isEqualTo(1);
    assertThat(err.toString()).contains("n1 is paused");
    assertThat(run("resume", "n1")).isZero();
    assertThat(run("resume", "n1")).isEqualTo(1);
    assertThat(err.toString()).contains("n1 is running");
    assertThat(run("kill", "n1", "n2")).isZero();
    assertThat(run("kill", "n1")).isEqualTo(1);
    assertThat(err.toString()).contains("n1 is dead");
    assertThat(run("restart", "n1")).isZero();
    assertThat(err.toString()).contains("restarted n1");
    assertThat(states()).containsExactly(LocalNode.State.RUNNING, LocalNode.State.DEAD);
    assertThat(run("restart", "n1")).isZero();
  }

  @Test
  void stopEndsEverythingAndSaysSoWhenThereIsNothing() {
    run("start", "--nodes", "2", "--free-ports");

    assertThat(run("stop")).isZero();
    assertThat(err.toString()).contains("stopping n1, n2");
    assertThat(states()).containsOnly(LocalNode.State.STOPPED);
    assertThat(run("stop")).isZero();
    assertThat(err.toString()).contains("no node runs in " + cluster());
  }

  @Test
  void withoutAClusterEveryCommandSaysWhereItLooked() {
    for (List<String> command :
        List.of(
            List.of("stop"),
            List.of("status"),
            List.of("kill", "n1"),
            List.of("pause", "n1"),
            List.of("resume", "n1"),
            List.of("restart", "n1"))) {
      assertThat(run(command.toArray(String[]::new))).isEqualTo(1);
      assertThat(err.toString())
          .isEqualToIgnoringNewLines("synod: there is no cluster in " + cluster());
    }
  }

  @Test
  void anUnknownNodeIsToldWhichThereAreAndNothingIsDone() {
    run("start", "--nodes", "1", "--free-ports");

    assertThat(run("kill", "n1", "n7")).isEqualTo(1);
    assertThat(err.toString()).contains("no node is named n7: the nodes are n1");
    assertThat(states()).containsExactly(LocalNode.State.RUNNING);
  }

  @Test
  void aMissingNodeOrCommandIsAWrongCommandLine() {
    assertThat(run("kill")).isEqualTo(2);
    assertThat(err.toString()).contains("NODE");
    assertThat(run()).isEqualTo(2);
    assertThat(err.toString()).contains("Missing command");
  }

  private Path cluster() {
    return directory.resolve("c");
  }

  private List<LocalNode.State> states() {
    return LocalCluster.open(cluster(), FAKE).nodes().stream().map(LocalNode::state).toList();
  }

  private int run(String... arguments) {
    out = new StringWriter();
    err = new StringWriter();
    String[] all =
        Stream.concat(Stream.of("--dir", cluster().toString()), Stream.of(arguments))
            .toArray(String[]::new);
    return new CommandLine(new ClusterCommand(FAKE))
        .setExecutionExceptionHandler(new Failures())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(all);
  }
}
