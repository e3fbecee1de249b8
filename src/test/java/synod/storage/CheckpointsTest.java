package synod.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import synod.kv.DamageMark;
import synod.paxos.Snapshot;

class CheckpointsTest {
  private static final int MEBIBYTE = 1 << 20;

  @TempDir Path temporary;
  private StateNode node;

  @BeforeEach
  void open() {
    node = new StateNode(temporary.resolve("n1"), "id-1");
  }

  @AfterEach
  void close() {
    node.close();
  }

  @Test
  void holdsWhatWasCommittedWhenItWasPinnedAndNothingLater() throws Exception {
    node.apply("a", "1", "b", "1");
    node.apply("b", "2");
    PinnedFiles pinned = node.state.pin();
    Map<String, String> then = node.content();
    node.apply("a", "3", "c", "3");
    Snapshot snapshot = node.checkpoints.create(pinned);
    assertThat(snapshot.slot()).isEqualTo(2);
    assertThat(node.checkpoints.newest()).contains(snapshot);
    try (StateNode other = new StateNode(temporary.resolve("n2"), "id-1")) {
      other.fetch(node.checkpoints, snapshot, 1000, Long.MAX_VALUE);
      other.install(snapshot);
      assertThat(other.content()).isEqualTo(then);
      assertThat(other.applied()).isEqualTo(2);
    }
    assertThat(node.applied()).isEqualTo(3);
  }

  /** Large enough that tables are written, logs begun and old ones deleted all the time. */
  @Test
  void isWholeAlthoughTheStateIsWrittenMeanwhile() throws Exception {
    for (int i = 0; i < 12; i++) {
      node.applyBytes("k" + i, MEBIBYTE, i);
    }
    for (int round = 0; round < 4; round++) {
      PinnedFiles pinned = node.state.pin();
      long slot = node.applied();
      Map<String, String> then = node.content();
      AtomicReference<Snapshot> made = new AtomicReference<>();
      AtomicBoolean done = new AtomicBoolean();
      Thread creator =
          new Thread(
              () -> {
                made.set(node.checkpoints.create(pinned));
                done.set(true);
              });
      creator.start();
      for (int i = 0; i < 12 || creator.isAlive() && i < 60; i++) {
        node.applyBytes("k" + i % 12, MEBIBYTE, 100 * round + i);
      }
      creator.join();
      assertThat(done).isTrue();
      assertThat(made.get().slot()).isEqualTo(slot);
      try (StateNode other = new StateNode(temporary.resolve("other" + round), "id-1")) {
        other.fetch(node.checkpoints, made.get(), MEBIBYTE, Long.MAX_VALUE);
        other.install(made.get());
        assertThat(other.content()).isEqualTo(then);
        assertThat(other.applied()).isEqualTo(slot);
      }
    }
    node.reopen();
    assertThat(node.content()).hasSize(12);
  }

  /** RocksDB may have begun to delete it when it was told to delete no more. */
  @Test
  void aLogThatVanishesWhilePinnedIsNotNeeded() throws Exception {
    node.apply("a", "1");
    Path old = node.path.resolve("state").resolve("000001.log");
    Files.createFile(old);
    PinnedFiles pinned = node.state.pin();
    Files.delete(old);

    Snapshot snapshot = node.checkpoints.create(pinned);

    assertThat(snapshot.slot()).isEqualTo(1);
  }

  /** One that is needed is missed, since RocksDB knows it or what it held. */
  @Test
  void aCheckpointWithoutALogThatIsNeededIsNotMade() throws Exception {
    node.apply("a", "1");
    PinnedFiles pinned = node.state.pin();
    try (var files = Files.list(node.path.resolve("state"))) {
      for (Path log : files.filter(file -> file.toString().endsWith(".log")).toList()) {
        Files.delete(log);
      }
    }

    assertThatThrownBy(() -> node.checkpoints.create(pinned)).isInstanceOf(SnapshotException.class);
    assertThat(node.checkpoints.newest()).isEmpty();
  }

  @Test
  void theStreamIsTheSameHoweverItIsCut() {
    node.applyBytes("a", 100_000, 1);
    Snapshot snapshot = node.checkpoint();
    byte[] whole = stream(snapshot, 1 << 24);
    assertThat(whole).hasSize((int) snapshot.bytes());
    assertThat(stream(snapshot, 777)).isEqualTo(whole);
    assertThat(new String(whole, 0, 60, StandardCharsets.UTF_8))
        .startsWith("synod-snapshot=1\ncluster=synod\ncluster-id=id-1\n");
    assertThat(node.checkpoints.read(snapshot, snapshot.bytes(), 10)).contains(new byte[0]);
    assertThatThrownBy(() -> node.checkpoints.read(snapshot, snapshot.bytes() + 1, 10))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void isOfferedAgainAfterARestart() {
    node.apply("a", "1");
    Snapshot snapshot = node.checkpoint();
    byte[] before = stream(snapshot, 5000);
    node.reopen();
    assertThat(node.checkpoints.newest()).contains(snapshot);
    assertThat(stream(snapshot, 3000)).isEqualTo(before);
  }

  @Test
  void ofTheSameSlotIsNotMadeTwice() {
    node.apply("a", "1");
    Snapshot snapshot = node.checkpoint();
    assertThat(node.checkpoint()).isEqualTo(snapshot);
    assertThat(checkpointFiles()).containsExactly("1");
  }

  @Test
  void theNewestStayAndThoseThatAreBeingRead() {
    Snapshot first = next();
    Snapshot second = next();
    Snapshot third = next();
    assertThat(node.checkpoints.read(first, 0, 10)).isEmpty();
    assertThat(node.checkpoints.read(second, 0, 10)).isPresent();
    Snapshot fourth = next();
    node.nanos.addAndGet(StateNode.HOLD.toNanos());
    Snapshot fifth = next();
    assertThat(node.checkpoints.read(third, 0, 10)).isEmpty();
    assertThat(node.checkpoints.read(second, 10, 10)).isPresent();
    assertThat(checkpointFiles()).containsExactly("2", "4", "5");
    node.nanos.addAndGet(StateNode.HOLD.toNanos() + 1);
    Snapshot sixth = next();
    assertThat(node.checkpoints.read(second, 20, 10)).isEmpty();
    assertThat(node.checkpoints.read(fourth, 20, 10)).isEmpty();
    assertThat(checkpointFiles()).containsExactly("5", "6");
    assertThat(node.checkpoints.newest()).contains(sixth);
    assertThat(node.checkpoints.read(fifth, 0, 10)).isPresent();
  }

  /** What is new must be found, not what an equally named file held. */
  @Test
  void digestsAreThoseOfTheFilesAlsoIfMostAreShared() throws Exception {
    for (int i = 0; i < 10; i++) {
      node.applyBytes("k" + i, MEBIBYTE, i);
      Snapshot snapshot = node.checkpoint();
      Path path = node.path.resolve("checkpoints").resolve(String.valueOf(snapshot.slot()));
      SnapshotContents contents =
          SnapshotContents.decode(Files.readAllBytes(path.resolve(Checkpoints.CONTENTS)));
      for (SnapshotContents.Part part : contents.files()) {
        Path file = path.resolve(Checkpoints.STATE).resolve(part.name());
        assertThat(Sha256.of(file)).as(part.name()).isEqualTo(part.digest());
      }
    }
  }

  @Test
  void whatACrashLeftUnfinishedIsDeleted() throws Exception {
    next();
    Snapshot whole = next();
    Path checkpoints = node.path.resolve("checkpoints");
    Directories.copy(checkpoints.resolve("2"), checkpoints.resolve("next.tmp"));
    // Deleted in part.
    Files.delete(Directories.files(checkpoints.resolve("1/state"), ".*\\.sst").get(0));
    node.reopen();
    assertThat(checkpointFiles()).containsExactly("2");
    assertThat(node.checkpoints.newest()).contains(whole);
  }

  @Test
  void thatCantBeMadeLeavesNothingAndHarmsNothing() throws Exception {
    Snapshot before = next();
    node.applyBytes("a", MEBIBYTE, 1);
    PinnedFiles pinned = node.state.pin();
    for (Path log : Directories.files(node.path.resolve("state"), ".*\\.log")) {
      Files.move(log, temporary.resolve(log.getFileName()));
    }
    assertThatThrownBy(() -> node.checkpoints.create(pinned))
        .isInstanceOf(SnapshotException.class)
        .hasMessageContaining("can't make a checkpoint of the files of " + node.path);
    for (Path log : Directories.files(temporary, ".*\\.log")) {
      Files.move(log, node.path.resolve("state").resolve(log.getFileName()));
    }
    assertThat(checkpointFiles()).containsExactly("1");
    assertThat(node.checkpoints.newest()).contains(before);
    assertThat(next().slot()).isEqualTo(3);
  }

  @Test
  void ofADamagedStateIsRefused() {
    next();
    DamageMark.write(node.state, "it differs from the others at slot 7");
    node.apply();
    assertThatThrownBy(() -> node.checkpoint())
        .isInstanceOf(SnapshotException.class)
        .hasMessageContaining("it differs from the others at slot 7");
    assertThat(checkpointFiles()).containsExactly("1");
  }

  @Test
  void filesAreDeletedAgainOnceNothingIsPinned() {
    for (int round = 0; round < 3; round++) {
      PinnedFiles pinned = node.state.pin();
      for (int i = 0; i < 20; i++) {
        node.applyBytes("k", MEBIBYTE, i);
      }
      pinned.close();
      pinned.close();
    }
    node.reopen();
    assertThat(Directories.files(node.path.resolve("state"), ".*\\.log").size()).isLessThan(4);
    PinnedFiles left = node.state.pin();
    node.reopen();
    left.close();
  }

  private Snapshot next() {
    node.apply("k", "v" + node.applied());
    return node.checkpoint();
  }

  private Iterable<String> checkpointFiles() {
    return Directories.files(node.path.resolve("checkpoints"), ".*").stream()
        .map(path -> path.getFileName().toString())
        .toList();
  }

  private byte[] stream(Snapshot snapshot, int partBytes) {
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    while (stream.size() < snapshot.bytes()) {
      Optional<byte[]> part = node.checkpoints.read(snapshot, stream.size(), partBytes);
      stream.writeBytes(part.orElseThrow());
    }
    return stream.toByteArray();
  }
}
