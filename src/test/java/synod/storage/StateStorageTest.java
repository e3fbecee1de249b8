package synod.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import synod.kv.OrderedStore;
import synod.kv.OrderedStore.Change;
import synod.kv.OrderedStore.Cursor;

class StateStorageTest {
  @TempDir Path temporary;
  private DataDirectory directory;
  private StateStorage storage;

  @BeforeEach
  void open() {
    directory = DataDirectory.open(path(), "synod", "n1", "f");
    storage = directory.openState();
  }

  @AfterEach
  void close() {
    storage.close();
    directory.close();
  }

  @Test
  void commitsAreReadAtOnceAndAfterReopening() {
    commit("a", "1", "b", "2", "c", "3");
    commit("b", null, "a", "4", "d", "");
    for (int i = 0; i < 2; i++) {
      assertThat(get("a")).isEqualTo("4");
      assertThat(get("b")).isNull();
      assertThat(get("d")).isEmpty();
      assertThat(scan("", "z")).containsExactly("a=4", "c=3", "d=");
      close();
      open();
    }
  }

  @Test
  void aScanIsInTheOrderOfUnsignedBytesAndEndsBeforeItsEnd() {
    storage.commit(
        List.of(
            new Change(new byte[] {(byte) 0xff}, new byte[0]),
            new Change(new byte[] {0x7f}, new byte[0]),
            new Change(new byte[] {(byte) 0x80, 0}, new byte[0]),
            new Change(new byte[] {(byte) 0x80}, new byte[0])));
    List<String> keys = new ArrayList<>();
    try (Cursor cursor = storage.scan(new byte[0], new byte[] {(byte) 0xff})) {
      while (cursor.next()) {
        keys.add(java.util.HexFormat.of().formatHex(cursor.key()));
      }
      assertThat(cursor.next()).isFalse();
      assertThatThrownBy(cursor::key).isInstanceOf(IllegalStateException.class);
    }
    assertThat(keys).containsExactly("7f", "80", "8000");
  }

  @Test
  void whatWasDeletedLeavesTheDisk() {
    String value = "v".repeat(1_000_000);
    for (int i = 10; i < 60; i++) {
      commit("k" + i, value);
    }
    for (int i = 10; i < 60; i++) {
      if (i != 30) {
        commit("k" + i, null);
      }
    }
    // What isn't in a table when it is asked for leaves with the next time.
    long deadline = System.nanoTime() + 20_000_000_000L;
    while (DirectorySize.byPart(path()).get("state") > 5_000_000) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      storage.dropDeleted();
      LockSupport.parkNanos(10_000_000);
    }
    for (int i = 0; i < 2; i++) {
      assertThat(scan("", "z")).containsExactly("k30=" + value);
      close();
      open();
    }
  }

  /** As the latest changes, which come at one end and are deleted at the other. */
  @Test
  void whatOnlyPassesThroughDoesNotPileUp() {
    String change = "v".repeat(60_000);
    String value = "v".repeat(1000);
    for (int i = 0; i < 9000; i++) {
      commit(name("change", i), change, name("change", i - 1500), null);
      String[] keys = new String[120];
      for (int k = 0; k < keys.length; k += 2) {
        keys[k] = name("key", (i * 60 + k) % 10_000);
        keys[k + 1] = value;
      }
      commit(keys);
    }
    long deadline = System.nanoTime() + 20_000_000_000L;
    while (DirectorySize.byPart(path()).get("state") > 300_000_000) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      LockSupport.parkNanos(10_000_000);
    }
    assertThat(scan("change", "d")).hasSize(1500);
  }

  private static String name(String prefix, int number) {
    return String.format("%s%05d", prefix, number);
  }

  @Test
  void whatIsWrittenWhileFilesAreMergedIsThere() {
    for (int i = 100; i < 400; i++) {
      commit("k" + i, "v".repeat(100_000));
      commit("k" + (i - 50), null);
      storage.dropDeleted();
    }
    close();
    open();
    assertThat(scan("", "z")).hasSize(50);
  }

  @Test
  void aCursorSeesTheStateAsItWas() {
    commit("a", "1", "b", "1");
    try (Cursor cursor = storage.scan(bytes(""), bytes("z"))) {
      commit("a", "2", "b", null, "c", "2");
      storage.flush();
      assertThat(rest(cursor)).containsExactly("a=1", "b=1");
    }
    assertThat(scan("", "z")).containsExactly("a=2", "c=2");
  }

  @Test
  void closingInvalidatesWhatIsStillOpenWithoutHarm() {
    commit("a", "1");
    Cursor cursor = storage.scan(bytes(""), bytes("z"));
    assertThat(cursor.next()).isTrue();
    storage.close();
    assertThatThrownBy(cursor::next).isInstanceOf(StorageFailure.class);
    assertThatThrownBy(cursor::value).isInstanceOf(StorageFailure.class);
    cursor.close();
    assertThatThrownBy(() -> get("a")).isInstanceOf(StorageFailure.class);
    assertThatThrownBy(() -> commit("a", "2")).isInstanceOf(StorageFailure.class);
  }

  @Test
  void aCursorOnceClosedFailsWithoutHarm() {
    Cursor cursor = storage.scan(bytes(""), bytes("z"));
    cursor.close();
    cursor.close();
    assertThatThrownBy(cursor::next).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void theDeathOfTheProcessLosesNothing() {
    for (int i = 0; i < 50; i++) {
      commit("k" + i, "v" + i, "applied", String.valueOf(i));
    }
    try (StateStorage after = StateStorage.open(Directories.copy(database(), copied()))) {
      assertThat(read(after, "applied")).isEqualTo("49");
      for (int i = 0; i < 50; i++) {
        assertThat(read(after, "k" + i)).isEqualTo("v" + i);
      }
    }
  }

  /** Enough to begin new logs several times. */
  @Test
  void muchStateIsKept() {
    byte[] value = new byte[1 << 20];
    for (int i = 0; i < 60; i++) {
      value[0] = (byte) i;
      storage.commit(List.of(new Change(bytes("k" + i), value)));
      commit("applied", String.valueOf(i));
    }
    close();
    open();
    assertThat(get("applied")).isEqualTo("59");
    for (int i = 0; i < 60; i++) {
      assertThat(storage.get(bytes("k" + i))[0]).isEqualTo((byte) i);
    }
  }

  /**
   * A power cut may lose any page that was not synced. Whatever is missing, what is left is the
   * state after some commit that is not older than the flush.
   */
  @Test
  void aPowerCutLosesOnlyTheLatestCommits() {
    commits(1, 20);
    storage.flush();
    Path flushed = Directories.copy(database(), temporary.resolve("flushed"));
    long durable = Directories.only(flushed, ".*\\.log").toFile().length();
    commits(21, 60);
    for (String hole : new String[] {"cut", "zeros"}) {
      Path copy = Directories.copy(database(), copied());
      Path log = Directories.only(copy, ".*\\.log");
      byte[] intact = Directories.read(log);
      for (int at = (int) durable; at < intact.length; at += 29) {
        Directories.copy(database(), copied());
        byte[] torn =
            hole.equals("cut") ? java.util.Arrays.copyOf(intact, at) : zeros(intact, at, at + 40);
        Directories.write(log, torn);
        try (StateStorage after = StateStorage.open(copied())) {
          int applied = Integer.parseInt(read(after, "applied"));
          assertThat(applied).isBetween(20, 60);
          for (int i = 1; i <= 60; i++) {
            assertThat(read(after, "k" + i)).isEqualTo(i <= applied ? "v" + i : null);
          }
        }
      }
    }
  }

  @Test
  void whatWasFlushedIsNotLostSilently() {
    commits(1, 20);
    storage.flush();
    Path log = Directories.only(Directories.copy(database(), copied()), ".*\\.log");
    byte[] intact = Directories.read(log);
    Directories.write(log, java.util.Arrays.copyOf(intact, intact.length - 1));
    assertThatThrownBy(() -> StateStorage.open(copied()))
        .isInstanceOf(StorageRefusedException.class)
        .hasMessageContainingAll(copied().toString(), "lost acknowledged writes");
  }

  @Test
  void aStoppedNodesStateCanBeReadButNotWritten() {
    commits(1, 5);
    close();
    try (StateStorage stopped = DataDirectory.openStateReadOnly(path())) {
      assertThat(read(stopped, "applied")).isEqualTo("5");
      assertThatThrownBy(() -> stopped.commit(List.of(new Change(bytes("a"), bytes("b")))))
          .isInstanceOf(StorageFailure.class);
    }
    open();
    assertThat(get("applied")).isEqualTo("5");
    assertThatThrownBy(() -> DataDirectory.openStateReadOnly(temporary.resolve("missing")))
        .isInstanceOf(StorageRefusedException.class);
  }

  private void commits(int from, int to) {
    for (int i = from; i <= to; i++) {
      commit("k" + i, "v" + i, "applied", String.valueOf(i));
    }
  }

  private static byte[] zeros(byte[] bytes, int from, int to) {
    byte[] result = bytes.clone();
    java.util.Arrays.fill(result, from, Math.min(to, result.length), (byte) 0);
    return result;
  }

  private Path path() {
    return temporary.resolve("n1");
  }

  private Path database() {
    return path().resolve("state");
  }

  private Path copied() {
    return temporary.resolve("copy");
  }

  private void commit(String... keysAndValues) {
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      String value = keysAndValues[i + 1];
      changes.add(new Change(bytes(keysAndValues[i]), value == null ? null : bytes(value)));
    }
    storage.commit(changes);
  }

  private String get(String key) {
    return read(storage, key);
  }

  private static String read(OrderedStore store, String key) {
    byte[] value = store.get(bytes(key));
    return value == null ? null : new String(value, StandardCharsets.UTF_8);
  }

  private List<String> scan(String from, String to) {
    try (Cursor cursor = storage.scan(bytes(from), bytes(to))) {
      return rest(cursor);
    }
  }

  private static List<String> rest(Cursor cursor) {
    List<String> entries = new ArrayList<>();
    while (cursor.next()) {
      String key = new String(cursor.key(), StandardCharsets.UTF_8);
      entries.add(key + "=" + new String(cursor.value(), StandardCharsets.UTF_8));
    }
    return entries;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
