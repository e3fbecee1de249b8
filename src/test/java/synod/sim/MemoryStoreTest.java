package synod.sim;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import synod.kv.OrderedStore.Change;
import synod.kv.OrderedStore.Cursor;

class MemoryStoreTest {
  private final MemoryStore store = new MemoryStore();

  @Test
  void scansInTheOrderOfUnsignedBytesAndWithoutTheUpperBound() {
    commit("b", "2", "a", "1", "é", "4", "c", "3");

    assertThat(scan("a", "c")).containsExactly("a=1", "b=2");
    assertThat(scan("b", "ÿ")).containsExactly("b=2", "c=3", "é=4");
  }

  @Test
  void aScanSeesTheStateInWhichItBegan() {
    commit("a", "1");
    try (Cursor cursor = store.scan(bytes("a"), bytes("z"))) {
      commit("a", "2", "b", "2");
      assertThat(cursor.next()).isTrue();
      assertThat(cursor.value()).isEqualTo(bytes("1"));
      assertThat(cursor.next()).isFalse();
    }
  }

  @Test
  void whatACallerDoesToAnAnswerDoesNotReachTheStore() {
    commit("a", "1");
    store.get(bytes("a"))[0] = 'x';

    assertThat(get("a")).isEqualTo("1");
  }

  @Test
  void aCrashTakesTheLatestCommitsBackWholeAndLeavesWhatWasFlushed() {
    commit("a", "1");
    store.flush();
    commit("a", "2", "b", "2");
    commit("a", null, "b", "3");

    store.crash(1);
    assertThat(get("a")).isEqualTo("2");
    assertThat(get("b")).isEqualTo("2");
  }

  @Test
  void whatSurvivedACrashIsDurable() {
    commit("a", "1");
    commit("a", "2");
    store.crash(1);

    assertThat(store.unflushedCommits()).isZero();
    assertThat(get("a")).isEqualTo("1");
  }

  @Test
  void aRandomCrashMayLoseAnythingFromNothingToAllUnflushedCommits() {
    Set<String> seen = new TreeSet<>();
    for (int seed = 0; seed < 100; seed++) {
      MemoryStore crashing = new MemoryStore();
      for (String value : List.of("0", "1", "2")) {
        crashing.commit(List.of(new Change(bytes("a"), bytes(value))));
        if (value.equals("0")) {
          crashing.flush();
        }
      }
      crashing.crash(new Random(seed));
      seen.add(new String(crashing.get(bytes("a")), UTF_8));
    }
    assertThat(seen).containsExactly("0", "1", "2");
  }

  /** Keys and values in turn; a null value deletes. */
  private void commit(String... keysAndValues) {
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      String value = keysAndValues[i + 1];
      changes.add(new Change(bytes(keysAndValues[i]), value == null ? null : bytes(value)));
    }
    store.commit(changes);
  }

  private String get(String key) {
    byte[] value = store.get(bytes(key));
    return value == null ? null : new String(value, UTF_8);
  }

  private List<String> scan(String from, String to) {
    List<String> found = new ArrayList<>();
    try (Cursor cursor = store.scan(bytes(from), bytes(to))) {
      while (cursor.next()) {
        found.add(new String(cursor.key(), UTF_8) + "=" + new String(cursor.value(), UTF_8));
      }
    }
    return found;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
