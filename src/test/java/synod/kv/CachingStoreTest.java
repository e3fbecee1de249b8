package synod.kv;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import synod.kv.OrderedStore.Change;
import synod.sim.MemoryStore;

class CachingStoreTest {
  /** Room for two to a hundred answers to questions for twenty keys. */
  @Property(tries = 500)
  void answersWhatTheOtherStoreWould(@ForAll Random random) {
    MemoryStore disk = new MemoryStore();
    CachingStore store = new CachingStore(disk, (10 << random.nextInt(4)) * 1000);
    for (int i = 0; i < 200; i++) {
      int step = random.nextInt(20);
      if (step == 0) {
        int from = random.nextInt(20);
        store.deleteRange(key(from), key(from + random.nextInt(5)));
      } else if (step < 8) {
        List<Change> changes = new ArrayList<>();
        for (int j = random.nextInt(4); j >= 0; j--) {
          changes.add(new Change(key(random.nextInt(20)), value(random)));
        }
        store.commit(changes);
      }
      byte[] key = key(random.nextInt(20));
      assertThat(store.get(key)).isEqualTo(disk.get(key));
    }
  }

  @Test
  void asksOnceForWhatIsThereAndForWhatIsNot() {
    Counting disk = new Counting();
    CachingStore store = new CachingStore(disk, 100_000);
    store.commit(List.of(new Change(key(1), bytes("a"))));

    for (int i = 0; i < 3; i++) {
      assertThat(store.get(key(1))).isEqualTo(bytes("a"));
      assertThat(store.get(key(2))).isNull();
    }
    assertThat(disk.questions).isEqualTo(2);
    store.commit(List.of(new Change(key(1), null), new Change(key(2), bytes("b"))));
    assertThat(store.get(key(1))).isNull();
    assertThat(store.get(key(2))).isEqualTo(bytes("b"));
    assertThat(disk.questions).isEqualTo(2);
  }

  @Test
  void takesNoMoreMemoryThanItMay() {
    Counting disk = new Counting();
    CachingStore store = new CachingStore(disk, 64 * 1000);
    for (int i = 0; i < 100; i++) {
      store.commit(List.of(new Change(key(i), new byte[800])));
      store.get(key(i));
    }
    disk.questions = 0;
    store.get(key(99));
    assertThat(disk.questions).isZero();
    store.get(key(0));
    assertThat(disk.questions).isEqualTo(1);
    store.commit(List.of(new Change(key(99), new byte[2000])));
    store.get(key(99));
    store.get(key(99));
    assertThat(disk.questions).isEqualTo(3);
  }

  @Test
  void afterAFailureItRemembersNothingOfWhatWasToChange() {
    Counting disk = new Counting();
    CachingStore store = new CachingStore(disk, 100_000);
    store.commit(List.of(new Change(key(1), bytes("a"))));
    store.get(key(1));
    disk.fails = true;

    assertThatThrownBy(() -> store.commit(List.of(new Change(key(1), bytes("b")))))
        .isInstanceOf(IllegalStateException.class);
    disk.questions = 0;
    store.get(key(1));
    assertThat(disk.questions).isEqualTo(1);
  }

  private static final class Counting extends MemoryStore {
    int questions;
    boolean fails;

    @Override
    public byte[] get(byte[] key) {
      questions++;
      return super.get(key);
    }

    @Override
    public void commit(List<Change> changes) {
      if (fails) {
        throw new IllegalStateException("full");
      }
      super.commit(changes);
    }
  }

  private static byte[] value(Random random) {
    return random.nextInt(3) == 0 ? null : bytes("v".repeat(random.nextInt(100)));
  }

  private static byte[] key(int number) {
    return bytes("k%03d".formatted(number));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
