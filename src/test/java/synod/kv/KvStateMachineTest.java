package synod.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static synod.kv.Replica.bytes;
import static synod.kv.Replica.entry;
import static synod.kv.Replica.opening;
import static synod.kv.Replica.put;
import static synod.kv.Replica.sent;

import java.util.List;
import org.junit.jupiter.api.Test;
import synod.sim.MemoryStore;

class KvStateMachineTest {
  private static final byte[] NO_OP = {};

  private final MemoryStore store = new MemoryStore();
  private final KvStateMachine machine = new KvStateMachine(store);

  @Test
  void aNewStoreIsAtSlotAndRevisionZero() {
    assertThat(machine.applied()).isZero();
    assertThat(machine.revision()).isZero();
    assertThat(machine.log(1, 1_000)).isEmpty();
    assertThat(machine.read(new Query.Get(bytes("a")))).isEqualTo(new Query.KeyAnswer(null, 0));
  }

  @Test
  void resultsNameTheGatewayItsLifeAndItsTag() {
    SessionId id = new SessionId(1, 1);
    byte[] first = CommandCodec.encode(-5, "n1", List.of(opening(1_000), opening(1_000)));
    byte[] second =
        CommandCodec.encode(6, "n2", List.of(new SessionCommand(99, id, 1, 0, put("a", "1"))));

    assertThat(machine.apply(1, List.of(EntryCodec.encode(0, List.of(first, second)), NO_OP)))
        .containsExactly(
            new AppliedCommand(
                "n1", -5, 0, 1, new Result.SessionOpened(new SessionId(1, 0), 1_000)),
            new AppliedCommand("n1", -5, 0, 1, new Result.SessionOpened(id, 1_000)),
            new AppliedCommand("n2", 6, 99, 1, new Result.Applied(1, 1, null)));
    assertThat(machine.applied()).isEqualTo(2);
  }

  @Test
  void oneCallIsOneCommit() {
    machine.apply(1, List.of(entry(0, opening(1_000)), NO_OP, entry(1, opening(1_000))));
    assertThat(store.unflushedCommits()).isEqualTo(1);
    machine.apply(4, List.of());
    assertThat(store.unflushedCommits()).isEqualTo(1);
  }

  @Test
  void onlyTheNextSlotCanBeApplied() {
    machine.apply(1, List.of(NO_OP));
    for (long wrong : new long[] {0, 1, 3}) {
      assertThatThrownBy(() -> machine.apply(wrong, List.of(NO_OP)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("slot " + wrong + " can't be applied: the next one is 2");
    }
    machine.apply(2, List.of(NO_OP));
    assertThat(machine.applied()).isEqualTo(2);
  }

  @Test
  void anEntryThatCannotBeReadStopsTheMachineAndLeavesTheStoreAsItWas() {
    machine.apply(1, List.of(entry(0, opening(1_000))));
    byte[] digest = machine.digest();
    byte[] readable = entry(5, opening(1_000));
    byte[] foreign = readable.clone();
    foreign[0] = 9;

    assertThatThrownBy(() -> machine.apply(2, List.of(readable, foreign)))
        .isInstanceOf(CodecException.class)
        .hasMessage("a log entry has format version 9; this program reads version 1");
    assertThatThrownBy(() -> machine.apply(2, List.of(readable)))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> machine.read(new Query.Get(bytes("a"))))
        .isInstanceOf(IllegalStateException.class);

    KvStateMachine reopened = new KvStateMachine(store);
    assertThat(reopened.applied()).isEqualTo(1);
    assertThat(reopened.digest()).isEqualTo(digest);
    assertThat(reopened.apply(2, List.of(readable))).hasSize(1);
  }

  @Test
  void aStoreThatFailsStopsTheMachine() {
    OrderedStore failing = new FailingStore();
    KvStateMachine onFailing = new KvStateMachine(failing);
    assertThatThrownBy(() -> onFailing.apply(1, List.of(NO_OP))).hasMessage("disk failed");
    assertThatThrownBy(() -> onFailing.apply(1, List.of(NO_OP))).hasMessageContaining("anew");
    assertThatThrownBy(() -> onFailing.lookup(new SessionId(1, 0), 1)).hasMessageContaining("anew");
  }

  @Test
  void aStoreInAnotherFormatIsRefused() {
    machine.apply(1, List.of(NO_OP));
    byte[] state = store.get(StoreKeys.state());
    state[0] = 1;
    store.commit(List.of(new OrderedStore.Change(StoreKeys.state(), state)));
    assertThatThrownBy(() -> new KvStateMachine(store))
        .isInstanceOf(CodecException.class)
        .hasMessage("the stored state has format version 1; this program reads version 2");
  }

  @Test
  void theLogGivesBackTheEntriesAsTheyCame() {
    byte[] first = entry(0, opening(1_000));
    byte[] third = entry(1, sent(new SessionId(1, 0), 1, 0, put("a", "1")));
    machine.apply(1, List.of(first, NO_OP, third));

    assertThat(machine.log(1, 10_000)).containsExactly(first, NO_OP, third);
    assertThat(machine.log(3, 10_000)).containsExactly(third);
    assertThat(machine.log(4, 10_000)).isEmpty();
    assertThat(machine.log(0, 10_000)).isEmpty();
    assertThat(machine.log(-1, 10_000)).isEmpty();
    assertThat(machine.log(Long.MAX_VALUE, 10_000)).isEmpty();
  }

  @Test
  void theLogComesInBoundedPartsOfAtLeastOneEntry() {
    byte[] entry = entry(0, opening(1_000));
    machine.apply(1, List.of(entry, entry, entry, NO_OP));
    int size = entry.length + KvStateMachine.LOG_OVERHEAD_BYTES;

    assertThat(machine.log(1, 0)).hasSize(1);
    assertThat(machine.log(1, 2 * size - 1)).hasSize(1);
    assertThat(machine.log(1, 2 * size)).hasSize(2);
    assertThat(machine.log(1, 3 * size)).hasSize(3);
    assertThat(machine.log(1, Integer.MAX_VALUE)).hasSize(4);
  }

  @Test
  void theLogHasNothingBelowWhatTheStoreStillHolds() {
    machine.apply(1, List.of(NO_OP, NO_OP, NO_OP));
    store.commit(List.of(new OrderedStore.Change(StoreKeys.log(1), null)));
    assertThat(machine.log(1, 1_000)).isEmpty();
    assertThat(machine.log(2, 1_000)).hasSize(2);
  }

  @Test
  void theDigestCoversAllThatIsReplicatedButTheLog() {
    byte[] open = entry(0, opening(5_000));
    SessionId id = new SessionId(1, 0);
    byte[] put = entry(0, sent(id, 1, 0, put("a", "1")));
    byte[] base = digestAfter(open, put);

    assertThat(digestAfter(open, put)).isEqualTo(base);
    assertThat(digestAfter(open, put, NO_OP)).as("applied slot").isNotEqualTo(base);
    assertThat(digestAfter(open, entry(1, sent(id, 1, 0, put("a", "1")))))
        .as("log time")
        .isNotEqualTo(base);
    assertThat(digestAfter(open, entry(0, sent(id, 1, 0, put("a", "2")))))
        .as("value")
        .isNotEqualTo(base);
    assertThat(digestAfter(open, entry(0, sent(id, 2, 0, put("a", "1")))))
        .as("kept result")
        .isNotEqualTo(base);
    assertThat(digestAfter(entry(0, opening(5_001)), put)).as("session").isNotEqualTo(base);
    assertThat(digestAfter(open, entry(0, sent(id, 1, 0, put("a", "1")), opening(5_000))))
        .as("sessions")
        .isNotEqualTo(base);
    // The same command from another gateway under another tag: only the log differs.
    byte[] elsewhere =
        EntryCodec.encode(
            0,
            List.of(
                CommandCodec.encode(
                    1, "n2", List.of(new SessionCommand(5, id, 1, 0, put("a", "1"))))));
    assertThat(digestAfter(open, elsewhere)).isEqualTo(base);
  }

  private static byte[] digestAfter(byte[]... entries) {
    KvStateMachine fresh = new KvStateMachine(new MemoryStore());
    fresh.apply(1, List.of(entries));
    return fresh.digest();
  }

  /** Empty, and refuses to commit. */
  private static final class FailingStore implements OrderedStore {
    private final MemoryStore empty = new MemoryStore();

    @Override
    public byte[] get(byte[] key) {
      return empty.get(key);
    }

    @Override
    public Cursor scan(byte[] from, byte[] to) {
      return empty.scan(from, to);
    }

    @Override
    public void commit(List<Change> changes) {
      throw new IllegalStateException("disk failed");
    }

    @Override
    public void deleteRange(byte[] from, byte[] to) {
      throw new AssertionError("nothing is trimmed here");
    }

    @Override
    public void flush() {}
  }
}
