package synod.kv;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import synod.kv.OrderedStore.Change;
import synod.sim.MemoryStore;

class GatheringStoreTest {
  @Property(tries = 300)
  void whatIsGatheredShowsInEveryAnswerAndACrashLosesWholeCommitsFromTheEnd(@ForAll Random random) {
    MemoryStore disk = new MemoryStore();
    GatheringStore store = new GatheringStore(disk, random.nextInt(3) * 200);
    List<Map<String, String>> states = new ArrayList<>(List.of(Map.of()));
    TreeMap<String, String> state = new TreeMap<>();
    for (int i = 0; i < 30; i++) {
      List<Change> changes = new ArrayList<>();
      for (int j = random.nextInt(4); j >= 0; j--) {
        String key = "k" + random.nextInt(8);
        boolean deleted = random.nextInt(3) == 0;
        changes.add(new Change(bytes(key), deleted ? null : bytes("v" + i)));
        if (deleted) {
          state.remove(key);
        } else {
          state.put(key, "v" + i);
        }
      }
      store.commit(changes);
      states.add(Map.copyOf(state));
      assertThat(contents(store, "k", "l")).isEqualTo(state);
      assertThat(contents(store, "k3", "k6")).isEqualTo(state.subMap("k3", "k6"));
      for (int key = 0; key < 8; key++) {
        byte[] value = store.get(bytes("k" + key));
        assertThat(value == null ? null : new String(value, UTF_8)).isEqualTo(state.get("k" + key));
      }
      assertThat(states).contains(contents(disk, "k", "l"));
    }
    store.close();
    assertThat(contents(disk, "k", "l")).isEqualTo(state);
  }

  @Test
  void whatIsPutOnceAndDeletedBeforeItWasPassedOnNeverReachesTheDisk() {
    List<Change> seen = new ArrayList<>();
    GatheringStore store = new GatheringStore(watched(seen), 10_000);
    store.commit(List.of(new Change(bytes("a"), bytes("1")), new Change(bytes("b"), bytes("2"))));
    store.commit(List.of(new Change(bytes("a"), null, true), new Change(bytes("c"), null, true)));
    store.flush();

    assertThat(seen.stream().map(change -> new String(change.key(), UTF_8)).toList())
        .containsExactlyInAnyOrder("b", "c");
    assertThat(store.get(bytes("a"))).isNull();
  }

  @Test
  void whatIsOnTheDiskStaysDeletedHoweverOftenItIsDeleted() {
    GatheringStore store = new GatheringStore(new MemoryStore(), 10_000);
    store.commit(List.of(new Change(bytes("a"), bytes("1"))));
    store.flush();
    store.commit(List.of(new Change(bytes("a"), null, true)));
    store.commit(List.of(new Change(bytes("a"), null, true)));
    assertThat(store.get(bytes("a"))).isNull();
  }

  @Test
  void afterAFailureNothingIsPassedOnAgain() {
    GatheringStore store =
        new GatheringStore(
            new MemoryStore() {
              @Override
              public void commit(List<Change> changes) {
                throw new IllegalStateException("disk failed");
              }
            },
            0);
    List<Change> changes = List.of(new Change(bytes("a"), bytes("1")));
    assertThatThrownBy(() -> store.commit(changes)).hasMessage("disk failed");
    store.close();
  }

  private static OrderedStore watched(List<Change> seen) {
    return new MemoryStore() {
      @Override
      public void commit(List<Change> changes) {
        seen.addAll(changes);
        super.commit(changes);
      }
    };
  }

  private static Map<String, String> contents(OrderedStore store, String from, String to) {
    TreeMap<String, String> contents = new TreeMap<>();
    List<byte[]> keys = new ArrayList<>();
    try (OrderedStore.Cursor cursor = store.scan(bytes(from), bytes(to))) {
      while (cursor.next()) {
        keys.add(cursor.key());
        contents.put(new String(cursor.key(), UTF_8), new String(cursor.value(), UTF_8));
      }
    }
    assertThat(keys).isSortedAccordingTo(Arrays::compareUnsigned);
    assertThat(contents).hasSameSizeAs(keys);
    return contents;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
