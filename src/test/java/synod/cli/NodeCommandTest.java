package synod.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What keeps a node from starting is told in one line each, with an exit code and no stack. */
class NodeCommandTest {
  @TempDir private Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Ports ports;
  private LocalFiles files;

  @BeforeEach
  void configure() {
    ports = Ports.free(1).get(0);
    LocalCluster.create(directory, List.of(ports), "", NodeLauncher.REAL);
    files = new LocalFiles(directory);
  }

  @Test
  void everyProblemOfTheConfigurationIsOneLine() {
    assertThat(run("n1", "-D", "synod.limits.pipeline-depth=0", "-D", "synod.typo=1")).isEqualTo(2);

    assertThat(err.toString().lines())
        .satisfiesExactlyInAnyOrder(
            line ->
                assertThat(line)
                    .isEqualTo(
                        "synod: synod.limits.pipeline-depth: 0 must lie between 1 and 1000 (command line: 1)"),
            line ->
                assertThat(line).isEqualTo("synod: synod.typo: unknown setting (command line: 1)"));
  }

  @Test
  void anUnknownNodeIsToldWhichThereAre() {
    assertThat(run("n8")).isEqualTo(2);
    assertThat(err.toString())
        .startsWith("synod: synod.cluster.nodes: no node is named n8: the nodes are n1");
  }

  @Test
  void aMissingFileIsNamed() {
    assertThat(run("n1", "--config", directory.resolve("nowhere.conf").toString())).isEqualTo(2);
    assertThat(err.toString()).startsWith("synod: " + directory.resolve("nowhere.conf"));
  }

  @Test
  void aPortInUseIsNamedWithItsSetting() throws IOException {
    try (ServerSocket stranger = new ServerSocket(ports.http(), 1, loopback())) {
      assertThat(run("n1")).isEqualTo(1);
      assertThat(err.toString().lines())
          .singleElement()
          .asString()
          .contains("n1 can't listen on 127.0.0.1:" + stranger.getLocalPort())
          .contains("http-port");
    }
    err.getBuffer().setLength(0);
    try (ServerSocket stranger = new ServerSocket(ports.akka(), 1, loopback())) {
      assertThat(run("n1")).isEqualTo(1);
      assertThat(err.toString())
          .contains("n1 can't listen on 127.0.0.1:" + stranger.getLocalPort())
          .contains("akka-port");
    }
  }

  @Test
  void aDataDirectoryThatCannotBeUsedIsNamed() throws IOException {
    Files.writeString(files.data().resolve("n1"), "not a directory");

    assertThat(run("n1")).isEqualTo(1);
    assertThat(err.toString().lines())
        .singleElement()
        .asString()
        .contains(files.data().resolve("n1").toString());
  }

  @Test
  void theDirectoryAboveIsMadeButNotWhatLiesAboveThat() {
    Path missing = directory.resolve("not/there");

    assertThat(run("n1", "--data", missing.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("synod.data-directory: " + missing);
  }

  private static InetAddress loopback() throws IOException {
    return InetAddress.getByName("127.0.0.1");
  }

  private int run(String name, String... options) {
    List<String> line = new ArrayList<>(List.of("node", name));
    line.addAll(List.of("--cluster", files.cluster().toString()));
    if (!List.of(options).contains("--data")) {
      line.addAll(List.of("--data", files.data().toString()));
    }
    line.addAll(List.of(options));
    int code =
        Main.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(line.toArray(String[]::new));
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString()).doesNotContain("\tat ");
    return code;
  }
}
