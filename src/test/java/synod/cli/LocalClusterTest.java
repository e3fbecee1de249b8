package synod.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes are started, found again, signalled and ended, and nobody else's ever. */
class LocalClusterTest {
  private static final NodeLauncher FAKE = new NodeLauncher(FakeNode.class.getName(), List.of());
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir private Path directory;
  private LocalCluster cluster;
  private final List<String> said = new ArrayList<>();

  @BeforeEach
  void create() {
    cluster = LocalCluster.create(directory.resolve("c"), Ports.free(2), "", FAKE);
  }

  @AfterEach
  void end() {
    cluster.nodes().forEach(LocalNode::kill);
  }

  @Test
  void aStartedClusterServesAndAStoppedOneIsGone() {
    cluster.start(PATIENCE, said::add);

    assertThat(cluster.nodes()).extracting(LocalNode::state).containsOnly(LocalNode.State.RUNNING);
    assertThat(said.get(0)).isEqualTo("starting n1, n2 in " + cluster.directory());
    assertThat(said).anySatisfy(line -> assertThat(line).contains("n1 (doesn't answer yet)"));
    List<ProcessHandle> processes = handles();
    assertThat(cluster.stop(PATIENCE)).isEmpty();
    assertThat(processes)
        .allSatisfy(process -> assertThat(process.onExit()).succeedsWithin(PATIENCE));
    assertThat(cluster.nodes()).extracting(LocalNode::state).containsOnly(LocalNode.State.STOPPED);
  }

  @Test
  void anotherRunFindsTheProcessesAgain() {
    cluster.start(PATIENCE, said::add);

    LocalCluster again = LocalCluster.open(cluster.directory(), FAKE);

    assertThat(again.nodes()).extracting(LocalNode::pid).isEqualTo(pids());
    assertThat(again.node("n1").start()).isFalse();
    again.node("n1").kill();
    assertThat(cluster.node("n1").state()).isEqualTo(LocalNode.State.DEAD);
    assertThat(cluster.node("n2").state()).isEqualTo(LocalNode.State.RUNNING);
  }

  @Test
  void aKilledNodeIsStartedAgainByTheNextStart() {
    cluster.start(PATIENCE, said::add);
    long first = cluster.node("n1").pid().orElseThrow();
    cluster.node("n1").kill();

    cluster.start(PATIENCE, said::add);

    assertThat(cluster.node("n1").pid().orElseThrow()).isNotEqualTo(first);
    assertThat(said).contains("starting n1 in " + cluster.directory());
  }

  @Test
  void aPausedNodeAnswersNothingUntilItIsResumed() {
    cluster.start(PATIENCE, said::add);
    LocalNode node = cluster.node("n2");

    node.pause();
    assertThat(node.state()).isEqualTo(LocalNode.State.PAUSED);
    assertThat(cluster.status(node)).isEmpty();

    node.resume();
    assertThat(node.state()).isEqualTo(LocalNode.State.RUNNING);
    assertThat(cluster.status(node)).isPresent();
  }

  @Test
  void aPausedNodeCanBeStopped() {
    cluster.start(PATIENCE, said::add);
    cluster.node("n2").pause();

    assertThat(cluster.stop(PATIENCE)).isEmpty();
    assertThat(cluster.node("n2").isAlive()).isFalse();
  }

  @Test
  void stopEndsTheRestWhenSomeAreDead() {
    cluster.start(PATIENCE, said::add);
    cluster.node("n1").kill();

    assertThat(cluster.stop(PATIENCE)).isEmpty();
    assertThat(cluster.nodes()).extracting(LocalNode::state).containsOnly(LocalNode.State.STOPPED);
  }

  @Test
  void aNodeThatDoesNotEndWhenAskedIsKilledAndNamed() throws IOException {
    misbehave("n2.stubborn");
    cluster.start(PATIENCE, said::add);

    assertThat(cluster.stop(Duration.ofMillis(300))).contains("n2");
    assertThat(cluster.node("n2").isAlive()).isFalse();
  }

  @Test
  void aNodeThatDiesIsToldWithTheEndOfItsLogAndTheRestIsStopped() throws IOException {
    misbehave("n2.dies");

    assertThatThrownBy(() -> cluster.start(PATIENCE, said::add))
        .isInstanceOf(CommandFailedException.class)
        .hasMessageContaining("n2 ended by itself")
        .hasMessageContaining("cannot go on");
    assertThat(cluster.nodes()).noneMatch(LocalNode::isAlive);
  }

  @Test
  void startGivesUpOnNodesThatNeverServe() throws IOException {
    misbehave("n1.idle");

    assertThatThrownBy(() -> cluster.start(Duration.ofSeconds(5), said::add))
        .isInstanceOf(CommandFailedException.class)
        .hasMessageContaining("gave up after 5 s waiting for n1 (no leader is known)");
    assertThat(cluster.nodes()).noneMatch(LocalNode::isAlive);
  }

  @Test
  void aProcessThatGotTheSameIdSinceIsNeverTouched() throws IOException {
    Process stranger = new ProcessBuilder("sleep", "600").start();
    try {
      StartedProcess older = new StartedProcess(stranger.pid(), "1@another-boot");
      older.write(new LocalFiles(cluster.directory()).pid("n1"));

      assertThat(cluster.node("n1").state()).isEqualTo(LocalNode.State.DEAD);
      cluster.node("n1").kill();
      cluster.stop(PATIENCE);

      assertThat(stranger.isAlive()).isTrue();
    } finally {
      stranger.destroyForcibly();
    }
  }

  @Test
  void anUnknownNodeIsToldWhichThereAre() {
    assertThatThrownBy(() -> cluster.node("n9"))
        .isInstanceOf(CommandFailedException.class)
        .hasMessage("no node is named n9: the nodes are n1, n2");
  }

  @Test
  void aDirectoryHoldsOneCluster() {
    assertThatThrownBy(() -> LocalCluster.create(cluster.directory(), Ports.free(1), "", FAKE))
        .isInstanceOf(CommandFailedException.class)
        .hasMessageContaining("there is a cluster in " + cluster.directory() + " already");
    assertThatThrownBy(() -> LocalCluster.open(directory.resolve("other"), FAKE))
        .isInstanceOf(CommandFailedException.class)
        .hasMessageContaining("there is no cluster in " + directory.resolve("other"));
  }

  @Test
  void twoCommandsDoNotWorkInOneDirectoryAtOnce() {
    cluster.exclusively(
        () ->
            assertThatThrownBy(() -> cluster.exclusively(() -> said.add("both")))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining("another command is at work"));

    cluster.exclusively(() -> said.add("later"));
    assertThat(said).containsExactly("later");
  }

  private void misbehave(String file) throws IOException {
    Files.createFile(new LocalFiles(cluster.directory()).data().resolve(file));
  }

  private List<ProcessHandle> handles() {
    return cluster.nodes().stream()
        .map(node -> ProcessHandle.of(node.pid().orElseThrow()).orElseThrow())
        .toList();
  }

  private List<OptionalLong> pids() {
    return cluster.nodes().stream().map(LocalNode::pid).toList();
  }
}
