package synod.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import synod.Certificates;
import synod.node.LocalAccess;

/** {@code synod cluster} speaks to its nodes as their configuration wants it. */
@Timeout(120)
class SecureLocalClusterTest {
  @TempDir private Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private LocalCluster cluster;

  @BeforeEach
  void create() throws IOException {
    Certificates certificates = Certificates.make(directory.resolve("certs"), "n1=127.0.0.1");
    Path tokens =
        Files.writeString(
            directory.resolve("tokens"),
            "read read-0123456789abcdef\nwrite write-0123456789abcdef\n");
    Files.setPosixFilePermissions(tokens, PosixFilePermissions.fromString("rw-------"));
    cluster =
        LocalCluster.create(
            directory.resolve("c"),
            Ports.free(1),
            certificates.settings() + "synod.security.tokens-file = \"" + tokens + "\"\n",
            NodeLauncher.BESIDE_OTHERS);
  }

  @AfterEach
  void end() {
    cluster.nodes().forEach(LocalNode::kill);
  }

  private int run(String command) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return Main.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute("cluster", "--dir", cluster.directory().toString(), command);
  }

  @Test
  void itsCommandsUseTheAuthorityAndATokenOfTheConfiguration() throws IOException {
    assertThat(run("start")).as(err.toString()).isZero();
    String url = "https://127.0.0.1:" + cluster.node("n1").config().httpPort();
    assertThat(out.toString().strip()).isEqualTo("n1  " + url);

    assertThat(run("rolling-restart")).as(err.toString()).isZero();
    assertThat(run("status")).isZero();
    assertThat(out.toString().lines().skip(1))
        .singleElement()
        .asString()
        .matches("n1 +running +\\d+ +" + url + " +yes +n1 \\(\\d+\\) .*");

    Certificates others = Certificates.make(directory.resolve("others"), "n1=127.0.0.1");
    LocalAccess wrong = new LocalAccess(Optional.of(others.ca()), Optional.empty());
    assertThat(new NodeProbe(wrong).whyNotReady(cluster.node("n1")).orElseThrow())
        .startsWith("is not trusted: ");

    Path ca = directory.resolve("certs/ca.crt");
    Files.delete(ca);
    assertThat(run("status")).isEqualTo(1);
    assertThat(err.toString().strip())
        .isEqualTo("synod: the nodes can't be asked: " + ca + ": no such file");
    assertThat(run("stop")).as(err.toString()).isZero();
  }
}
