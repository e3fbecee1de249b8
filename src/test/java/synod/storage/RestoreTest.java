package synod.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import synod.kv.StoredPosition;
import synod.paxos.Formation.Standing;
import synod.paxos.Snapshot;

class RestoreTest {
  @TempDir Path temporary;
  private Path backup;
  private Map<String, String> content;
  private Path data;

  @BeforeEach
  void makeABackup() {
    data = temporary.resolve("new");
    backup = temporary.resolve("backup");
    try (StateNode node = new StateNode(temporary.resolve("old"), "id-1")) {
      node.applyBytes("a", 600_000, 1);
      node.apply("b", "2");
      Snapshot snapshot = node.checkpoint();
      int bytes = (int) snapshot.bytes();
      Directories.write(backup, node.checkpoints.read(snapshot, 0, bytes).orElseThrow());
      content = node.content();
    }
  }

  @Test
  void aNewNodeGoesOnWhereTheBackupEnds() {
    SnapshotFile file = SnapshotFile.open(backup);
    file.verify();
    restore();
    try (DataDirectory directory = open();
        AcceptorStorage acceptor = directory.openAcceptor();
        StateStorage state = directory.openState()) {
      assertThat(directory.identity().standing()).isEqualTo(Standing.UNFORMED);
      assertThat(directory.identity().clusterId()).isEmpty();
      assertThat(directory.identity().restoredFrom()).isEqualTo(file.snapshot().name());
      assertThat(StoredPosition.read(state).applied()).isEqualTo(2);
      assertThat(acceptor.trimmedBelow()).isEqualTo(3);
      directory.identity().advance(Standing.MEMBER, "id-2");
    }
    try (StateNode node = new StateNode(data, "id-2")) {
      assertThat(node.content()).isEqualTo(content);
      node.apply("c", "3");
      assertThat(node.checkpoint().slot()).isEqualTo(3);
    }
    try (DataDirectory directory = open()) {
      assertThat(directory.identity().restoredFrom()).isEqualTo(file.snapshot().name());
    }
  }

  @Test
  void whereANodeHasRunNothingIsRestored() {
    open().close();
    assertThatThrownBy(this::restore)
        .isInstanceOf(StorageRefusedException.class)
        .hasMessageContainingAll(data.toString(), "not empty", "identity");
    open().close();
  }

  @Test
  void noNodeStartsOnARestoreThatWasInterrupted() {
    List<String> steps = new ArrayList<>();
    restore(steps::add);
    assertThat(steps).startsWith("begin", "clear", "copy", "verify").endsWith("identify", "end");
    for (String at : steps) {
      Directories.delete(data);
      assertThatThrownBy(() -> restore(step -> stop(at, step))).hasMessage("stopped");
      if (at.equals("begin")) {
        continue;
      }
      assertThatThrownBy(this::open)
          .as(at)
          .isInstanceOf(StorageRefusedException.class)
          .hasMessageContainingAll(data.toString(), "interrupted", "run synod restore again");
      assertThatThrownBy(() -> DataDirectory.openStateReadOnly(data).close())
          .isInstanceOf(StorageRefusedException.class);
      restore();
      try (DataDirectory directory = open();
          StateStorage state = directory.openState()) {
        assertThat(StoredPosition.read(state).applied()).isEqualTo(2);
      }
    }
  }

  private static void stop(String at, String step) {
    if (step.equals(at)) {
      throw new IllegalArgumentException("stopped");
    }
  }

  @Test
  void whatIsNoWholeBackupIsRefusedByName() throws Exception {
    byte[] whole = Files.readAllBytes(backup);
    assertRefused(Arrays.copyOf(whole, whole.length - 1), "cut off", "expected " + whole.length);
    assertRefused(Arrays.copyOf(whole, 300), "cut off");
    assertRefused(Arrays.copyOf(whole, whole.length + 1), "has too much");
    assertRefused(new byte[0], "cut off");
    assertRefused("{\"kv\": []}".getBytes(), "no snapshot");
    assertRefused(new byte[2 << 20], "no snapshot");
    String text = new String(whole, java.nio.charset.StandardCharsets.ISO_8859_1);
    assertRefused(
        text.replace("synod-snapshot=1\n", "synod-snapshot=9\n")
            .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1),
        "format 9",
        "another version");
    assertThatThrownBy(() -> SnapshotFile.open(temporary.resolve("missing")))
        .isInstanceOf(SnapshotException.class)
        .hasMessageContaining("missing");
  }

  @Test
  void damageIsFoundAndNothingStartsOnIt() throws Exception {
    byte[] damaged = Files.readAllBytes(backup);
    damaged[damaged.length / 2] ^= 1;
    Files.write(backup, damaged);
    SnapshotFile file = SnapshotFile.open(backup);
    assertThatThrownBy(file::verify)
        .isInstanceOf(SnapshotException.class)
        .hasMessageContainingAll(backup.toString(), ".sst is damaged");
    assertThatThrownBy(this::restore)
        .isInstanceOf(SnapshotException.class)
        .hasMessageContaining(".sst is damaged");
    assertThatThrownBy(this::open).isInstanceOf(StorageRefusedException.class);
  }

  private void assertRefused(byte[] file, String... why) {
    Directories.write(backup, file);
    assertThatThrownBy(() -> SnapshotFile.open(backup))
        .isInstanceOf(SnapshotException.class)
        .hasMessageContaining(backup.toString())
        .hasMessageContainingAll(why);
  }

  private void restore() {
    restore(step -> {});
  }

  private void restore(java.util.function.Consumer<String> step) {
    Restore.into(data, "synod", "n1", "f", SnapshotFile.open(backup), step);
  }

  private DataDirectory open() {
    return DataDirectory.open(data, "synod", "n1", "f");
  }
}
