package synod.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import synod.paxos.Snapshot;

class IncomingSnapshotTest {
  private static final List<String> STEPS =
      List.of("decide", "set the old one aside", "put the new one in place", "delete the old one");

  @TempDir Path temporary;
  private StateNode source;
  private StateNode target;
  private Snapshot snapshot;

  @BeforeEach
  void open() {
    source = new StateNode(temporary.resolve("source"), "id-1");
    target = new StateNode(temporary.resolve("target"), "id-1");
    source.applyBytes("a", 300_000, 1);
    snapshot = source.checkpoint();
    source.applyBytes("b", 300_000, 2);
    snapshot = source.checkpoint();
    target.apply("old", "1");
  }

  @AfterEach
  void close() {
    source.close();
    target.close();
  }

  @Test
  void becomesTheStateAndStaysIt() {
    fetch();
    target.install(snapshot);
    for (int i = 0; i < 2; i++) {
      assertThat(target.content()).isEqualTo(source.content());
      assertThat(target.applied()).isEqualTo(2);
      target.reopen();
    }
    target.apply("next", "3");
    assertThat(target.checkpoint().slot()).isEqualTo(3);
    assertThat(names(target.path)).doesNotContain("state.new", "state.old");
    assertThat(names(target.path.resolve("incoming"))).isEmpty();
  }

  @Test
  void goesOnAfterARestartWhereItStopped() throws Exception {
    long[] stops = {1, 500, 5_000, 250_000, 400_000, snapshot.bytes() - 1, snapshot.bytes()};
    for (long stop : stops) {
      target.fetch(source.checkpoints, snapshot, 700, stop);
      assertThat(target.incoming.kept(snapshot)).isEqualTo(stop);
      target.reopen();
      // The list of files is kept once it is whole.
      assertThat(target.incoming.kept(snapshot)).isEqualTo(stop < 5_000 ? 0 : stop);
    }
    target.incoming.verify(snapshot);
    target.reopen();
    target.install(snapshot);
    assertThat(target.content()).isEqualTo(source.content());
  }

  @Test
  void partsThatComeTwiceAreTakenOnce() {
    byte[] first = source.checkpoints.read(snapshot, 0, 1000).orElseThrow();
    byte[] overlapping = source.checkpoints.read(snapshot, 900, 200_000).orElseThrow();
    assertThat(target.incoming.keep(snapshot, 0, first)).isEqualTo(1000);
    assertThat(target.incoming.keep(snapshot, 0, first)).isEqualTo(1000);
    assertThat(target.incoming.keep(snapshot, 900, overlapping)).isEqualTo(200_900);
    assertThatThrownBy(() -> target.incoming.keep(snapshot, 200_901, first))
        .isInstanceOf(IllegalArgumentException.class);
    fetch();
    target.install(snapshot);
    assertThat(target.content()).isEqualTo(source.content());
  }

  @Test
  void anotherOneTakesItsPlace() {
    target.fetch(source.checkpoints, snapshot, 700, 100_000);
    source.apply("c", "3");
    Snapshot newer = source.checkpoint();
    assertThat(target.incoming.kept(newer)).isZero();
    target.fetch(source.checkpoints, newer, 70_000, newer.bytes());
    assertThat(names(target.path.resolve("incoming"))).containsExactly(newer.name());
    target.install(newer);
    assertThat(target.applied()).isEqualTo(3);
  }

  @Test
  void thatIsNotWholeIsNotUsed() {
    target.fetch(source.checkpoints, snapshot, 70_000, snapshot.bytes() - 1);
    assertThatThrownBy(() -> target.incoming.verify(snapshot))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> target.incoming.install(snapshot))
        .isInstanceOf(IllegalStateException.class);
  }

  /** Every region of the stream: the contents, each kind of file, the last byte. */
  @Test
  void aWrongByteIsFoundAndTheFileIsNamed() {
    byte[] stream = source.checkpoints.read(snapshot, 0, (int) snapshot.bytes()).orElseThrow();
    Map<String, String> before = target.content();
    int wrong = 0;
    for (int at = 0; at < stream.length; at += at < 2000 || at > stream.length - 4000 ? 97 : 9973) {
      byte[] damaged = stream.clone();
      damaged[at] ^= 0x10;
      assertThatThrownBy(
              () -> {
                target.incoming.keep(snapshot, 0, damaged);
                target.incoming.verify(snapshot);
              })
          .as("byte " + at)
          .isInstanceOf(SnapshotException.class)
          .hasMessageContaining(snapshot.toString())
          .hasMessageMatching(
              "(?s).*(its file [A-Z0-9][A-Za-z0-9.-]+ is damaged|contents|format|no snapshot).*");
      assertThat(target.incoming.kept(snapshot)).isZero();
      wrong++;
    }
    assertThat(wrong).isGreaterThan(50);
    assertThat(target.content()).isEqualTo(before);
    target.incoming.keep(snapshot, 0, stream);
    target.install(snapshot);
    assertThat(target.content()).isEqualTo(source.content());
  }

  @Test
  void ofAnotherClusterIsRefusedBeforeItIsFetched() {
    try (StateNode foreign = new StateNode(temporary.resolve("foreign"), "id-2")) {
      byte[] beginning = source.checkpoints.read(snapshot, 0, 5_000).orElseThrow();
      assertThatThrownBy(() -> foreign.incoming.keep(snapshot, 0, beginning))
          .isInstanceOf(SnapshotException.class)
          .hasMessageContainingAll("another cluster", "found id id-1", "expected id-2");
      assertThat(names(foreign.path)).doesNotContain("incoming");
    }
  }

  @Test
  void ofAnotherFormatIsRefused() {
    byte[] stream = source.checkpoints.read(snapshot, 0, 2_000).orElseThrow();
    String text = new String(stream, StandardCharsets.ISO_8859_1);
    String newer = text.replace("synod-snapshot=1", "synod-snapshot=2");
    assertThatThrownBy(
            () -> target.incoming.keep(snapshot, 0, newer.getBytes(StandardCharsets.ISO_8859_1)))
        .isInstanceOf(SnapshotException.class)
        .hasMessageContainingAll("format 2", "another version", "expected 1");
    byte[] foreign = "PK\3\4 this is an archive".getBytes(StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> target.incoming.keep(snapshot, 0, foreign))
        .isInstanceOf(SnapshotException.class)
        .hasMessageContaining("this is no snapshot");
  }

  @Test
  void aCrashAtAnyStepLeavesTheOldStateOrTheNewOne() {
    Map<String, String> old = target.content();
    Map<String, String> next = source.content();
    for (String at : STEPS) {
      Path copy = temporary.resolve("crash");
      fetch();
      target.incoming.verify(snapshot);
      target.state.close();
      target.step =
          name -> {
            if (name.equals(at)) {
              Directories.copy(target.path, copy);
            }
          };
      target.incoming.install(snapshot);
      try (StateNode crashed = new StateNode(copy, "id-1")) {
        assertThat(crashed.content()).as(at).isEqualTo(at.equals("decide") ? old : next);
        assertThat(names(copy)).doesNotContain("state.new", "state.old");
        crashed.apply("more", "1");
      }
      close();
      Directories.delete(target.path);
      Directories.delete(source.path);
      open();
    }
  }

  @Test
  void anErrorAtAnyStepLeavesAStateThatOpens() {
    for (String at : STEPS) {
      fetch();
      target.step =
          name -> {
            if (name.equals(at)) {
              throw new IllegalArgumentException("injected at " + at);
            }
          };
      assertThatThrownBy(() -> target.install(snapshot)).hasMessage("injected at " + at);
      assertThat(target.applied()).as(at).isEqualTo(at.equals("decide") ? 1 : 2);
      target.step = name -> {};
      target.reopen();
      assertThat(target.applied()).as(at).isEqualTo(at.equals("decide") ? 1 : 2);
    }
  }

  @Test
  void aStoppedNodesStateIsTheNewOneOnceThatIsDecided() throws Exception {
    fetch();
    target.incoming.verify(snapshot);
    target.close();
    Path incoming = target.path.resolve("incoming").resolve(snapshot.name());
    Files.move(incoming.resolve("state"), target.path.resolve("state.new"));
    try (StateStorage stopped = DataDirectory.openStateReadOnly(target.path)) {
      assertThat(synod.kv.StoredPosition.read(stopped).applied()).isEqualTo(2);
    }
    target.open();
  }

  private void fetch() {
    target.fetch(source.checkpoints, snapshot, 50_000, snapshot.bytes());
  }

  private static List<String> names(Path directory) {
    return Directories.files(directory, ".*").stream()
        .map(path -> path.getFileName().toString())
        .toList();
  }
}
