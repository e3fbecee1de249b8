package synod.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import synod.cli.store.Streams;

/** Real processes: what a backup holds is what a new cluster made of it begins with. */
@Timeout(240)
class BackupRestoreTest {
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  @TempDir private Path directory;
  private final HttpClient http = HttpClient.newHttpClient();
  private final StringWriter err = new StringWriter();
  private final List<LocalCluster> clusters = new ArrayList<>();

  @AfterEach
  void end() {
    clusters.forEach(cluster -> cluster.nodes().forEach(LocalNode::kill));
  }

  @Test
  void aNewClusterGoesOnWhereTheBackupEnds() throws Exception {
    LocalCluster old =
        LocalCluster.create(
            directory.resolve("old"), Ports.free(3), "", NodeLauncher.BESIDE_OTHERS);
    clusters.add(old);
    old.start(PATIENCE, System.out::println);
    LocalNode first = old.node("n1");
    String session = send("POST", first, "/v1/sessions", "").body();
    String id = session.replaceAll(".*\"session\":\"([^\"]+)\".*", "$1");
    for (int i = 0; i < 50; i++) {
      send("PUT", first, "/v1/kv/k" + i, "v" + i);
    }
    send("DELETE", first, "/v1/kv/k7", "");
    HttpResponse<String> once = inSession(first, id, "/v1/kv/once", "first");
    assertThat(once.statusCode()).isEqualTo(201);
    Path file = directory.resolve("backup");

    // Not before all nodes have announced that they know snapshots.
    awaitBackup(file, old.node("n2"));
    send("PUT", first, "/v1/kv/later", "x");
    assertThat(restoreOver(old, file)).isNotZero();
    assertThat(err.toString()).contains("is in use by process");
    old.nodes().forEach(LocalNode::kill);
    assertThat(restoreOver(old, file)).isNotZero();
    assertThat(err.toString()).contains("is not empty");
    Path fresh = directory.resolve("fresh");
    String cluster = new LocalFiles(old.directory()).cluster().toString();
    String[] restore = {
      "restore", file.toString(), "n1", "--cluster", cluster, "--data", fresh.toString()
    };
    assertThat(run(restore)).as(err.toString()).isZero();
    assertThat(fresh.resolve("n1")).isNotEmptyDirectory();

    String into = directory.resolve("new").toString();
    assertThat(
            run(
                "cluster",
                "--dir",
                into,
                "restore",
                file.toString(),
                "--nodes",
                "3",
                "--free-ports"))
        .as(err.toString())
        .isZero();
    LocalCluster restored = LocalCluster.open(Path.of(into), NodeLauncher.BESIDE_OTHERS);
    clusters.add(restored);
    restored.start(PATIENCE, System.out::println);

    for (LocalNode node : restored.nodes()) {
      assertThat(send("GET", node, "/v1/kv/k49", "").body()).isEqualTo("v49");
      assertThat(send("GET", node, "/v1/kv/k7", "").statusCode()).isEqualTo(404);
      assertThat(send("GET", node, "/v1/kv/later", "").statusCode()).isEqualTo(404);
    }
    LocalNode third = restored.node("n3");
    HttpResponse<String> again = inSession(third, id, "/v1/kv/once", "first");
    assertThat(again.body()).as("a retry is answered, not applied").isEqualTo(once.body());
    HttpResponse<String> next = send("PUT", third, "/v1/kv/next", "1");
    assertThat(next.headers().firstValue("ETag")).contains("\"53\"");
    assertThat(identity(restored, "n1")).contains("restored-from=").contains("standing=MEMBER");
    assertThat(clusterId(restored)).isNotEqualTo(clusterId(old));

    assertThat(restored.stop(Duration.ofSeconds(20))).isEmpty();
    restored.start(PATIENCE, System.out::println);
    assertThat(send("GET", third, "/v1/kv/next", "").body()).isEqualTo("1");
    Path second = directory.resolve("second");
    assertThat(run("backup", second.toString(), "--http", address(third)))
        .as(err.toString())
        .isZero();
  }

  private void awaitBackup(Path file, LocalNode node) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (run("backup", file.toString(), "--http", address(node)) != 0) {
      assertThat(System.nanoTime()).as(err.toString()).isLessThan(deadline);
      Waiting.pause(Duration.ofMillis(20));
    }
  }

  private int restoreOver(LocalCluster cluster, Path file) {
    List<String> arguments = new ArrayList<>(List.of("restore", file.toString(), "n1"));
    arguments.addAll(new LocalFiles(cluster.directory()).nodeArguments());
    return run(arguments.toArray(String[]::new));
  }

  private int run(String... arguments) {
    Streams streams =
        new Streams(
            new ByteArrayInputStream(new byte[0]), new ByteArrayOutputStream(), Streams.Manner.RAW);
    return Main.commandLine(streams)
        .setOut(new PrintWriter(new StringWriter()))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  private HttpResponse<String> inSession(LocalNode node, String id, String target, String body)
      throws Exception {
    return http.send(
        request("PUT", node, target, body)
            .header("Synod-Session", id)
            .header("Synod-Sequence", "1")
            .build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> send(String method, LocalNode node, String target, String body)
      throws Exception {
    return http.send(request(method, node, target, body).build(), BodyHandlers.ofString());
  }

  private static HttpRequest.Builder request(
      String method, LocalNode node, String target, String body) {
    return HttpRequest.newBuilder(URI.create(node.url() + target))
        .timeout(Duration.ofSeconds(30))
        .method(method, BodyPublishers.ofString(body, StandardCharsets.UTF_8));
  }

  private static String address(LocalNode node) {
    return "127.0.0.1:" + node.config().httpPort();
  }

  private static String identity(LocalCluster cluster, String node) throws Exception {
    return Files.readString(cluster.directory().resolve("data").resolve(node).resolve("identity"));
  }

  private static String clusterId(LocalCluster cluster) throws Exception {
    return identity(cluster, "n1").replaceAll("(?s).*cluster-id=([^\n]+).*", "$1");
  }
}
