package synod.cli.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import synod.cli.Main;
import synod.cli.store.FakeNode.Reply;
import synod.kv.KvStateMachine;
import synod.paxos.Formation.Standing;
import synod.paxos.Snapshot;
import synod.storage.Checkpoints;
import synod.storage.DataDirectory;
import synod.storage.SnapshotFile;
import synod.storage.StateStorage;

/** What synod backup leaves behind, against a node that the test plays. */
class BackupCommandTest {
  @TempDir private Path directory;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final StringWriter err = new StringWriter();
  private byte[] snapshot;
  private Path file;
  private FakeNode node;
  private volatile Reply reply;

  @BeforeEach
  void start() {
    snapshot = snapshot();
    reply = new Reply(200, Map.of(), snapshot);
    node = new FakeNode(request -> reply);
    file = directory.resolve("store.backup");
  }

  @AfterEach
  void close() {
    node.close();
  }

  /** Of a node that has applied two slots. */
  private byte[] snapshot() {
    try (DataDirectory data = DataDirectory.open(directory.resolve("n1"), "lab", "n1", "f")) {
      data.identity().advance(Standing.MEMBER, "id");
      Checkpoints checkpoints = data.openCheckpoints(Duration.ofMinutes(1));
      try (StateStorage state = data.openState()) {
        new KvStateMachine(state).apply(1, List.of(new byte[0], new byte[0]));
        Snapshot taken = checkpoints.create(state.pin());
        return checkpoints.read(taken, 0, (int) taken.bytes()).orElseThrow();
      }
    }
  }

  private int run(String... more) {
    return runAt(node.address(), more);
  }

  private int runAt(String addresses, String... more) {
    String[] arguments =
        Stream.concat(Stream.of("backup", file.toString(), "--http", addresses), Stream.of(more))
            .toArray(String[]::new);
    return Main.commandLine(
            new Streams(new ByteArrayInputStream(new byte[0]), out, Streams.Manner.RAW))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  @Test
  void theFileIsWhatTheNodeSent() throws Exception {
    assertThat(run()).isZero();

    assertThat(Files.readAllBytes(file)).isEqualTo(snapshot);
    SnapshotFile.open(file).verify();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .startsWith("snapshot of slot 2, ")
        .contains("(revision 0) of cluster lab", " from 127.0.0.1:");
    assertThat(node.received.get(0).target()).isEqualTo("/v1/snapshot?timeout=60000ms");
    assertNothingElse();
  }

  @Test
  void aNodeThatDoesNotBeginInTimeIsGivenUp() throws Exception {
    try (FakeNode silent = new FakeNode(request -> noneBeforeItIsClosed())) {
      String both = silent.address() + "," + node.address();
      // Whichever is asked first.
      for (int i = 0; i < 5; i++) {
        assertThat(runAt(both, "--timeout", "300ms", "--force")).as(err.toString()).isZero();
      }
      assertThat(node.received.get(0).target()).isEqualTo("/v1/snapshot?timeout=300ms");
      assertThat(runAt(silent.address(), "--timeout", "300ms", "--force")).isEqualTo(1);
      assertThat(err.toString()).contains("no backup was made", silent.address() + ": no answer");
    }
  }

  private static Reply noneBeforeItIsClosed() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Reply.broken();
  }

  @Test
  void aDownloadThatBreaksOffIsNoBackup() {
    reply = new Reply(200, Map.of(), snapshot).cutTo(snapshot.length / 2);

    assertThat(run()).isEqualTo(1);
    assertThat(err.toString())
        .contains(
            "no backup was made",
            "broke the connection off after " + snapshot.length / 2 + " bytes");
    assertThat(file).doesNotExist();
  }

  @Test
  void theHelpTellsHowLongItWaits() {
    StringWriter help = new StringWriter();
    Main.commandLine(new Streams(new ByteArrayInputStream(new byte[0]), out, Streams.Manner.RAW))
        .setOut(new PrintWriter(help))
        .execute("backup", "--help");

    assertThat(help.toString().replaceAll("\\s+", " ")).contains("10s (60s)");
  }

  @Test
  void aFileThatIsThereIsReplacedOnlyByForce() throws Exception {
    Files.writeString(file, "precious");

    assertThat(run()).isEqualTo(1);
    assertThat(Files.readString(file)).isEqualTo("precious");
    assertThat(err.toString()).contains("--force replaces it");

    assertThat(run("--force", "--stale", "--json")).isZero();
    assertThat(Files.readAllBytes(file)).isEqualTo(snapshot);
    assertThat(node.received.get(0).target()).contains("consistency=stale");
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("\"slot\":2", "\"sha256\":\"");
  }

  @Test
  void whatIsNotWholeOrNotRightIsNotKept() throws Exception {
    Files.writeString(file, "the one of yesterday");
    reply = new Reply(200, Map.of(), Arrays.copyOf(snapshot, snapshot.length - 1));
    assertThat(run("--force")).isEqualTo(1);
    assertThat(err.toString()).contains("no backup was made", "cut off");

    byte[] damaged = snapshot.clone();
    damaged[damaged.length - 1] ^= 1;
    reply = new Reply(200, Map.of(), damaged);
    assertThat(run("--force")).isEqualTo(1);
    assertThat(err.toString()).contains("is damaged");

    reply = Reply.problem(403, "forbidden", "");
    assertThat(run("--force")).isEqualTo(1);
    assertThat(err.toString()).contains("because of the test");

    reply = Reply.broken();
    assertThat(run("--force")).isEqualTo(1);
    assertThat(Files.readString(file)).isEqualTo("the one of yesterday");
    assertNothingElse();
  }

  private void assertNothingElse() throws Exception {
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("n1", "store.backup");
    }
  }
}
