package synod.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static synod.kv.Replica.bytes;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class HistoryTest {
  private final Replica replica = new Replica();
  private final Replica.Client client = replica.client();

  @Test
  void everyChangeStandsUnderItsRevision() {
    client.put("a", "1");
    client.put("a", "2");
    client.delete("a");
    client.delete("a");
    client.put("a", "3");

    assertThat(replica.changes("", 1, 10))
        .containsExactly(
            new KeyChange(1, bytes("a"), bytes("1"), 1, 1),
            new KeyChange(2, bytes("a"), bytes("2"), 1, 2),
            new KeyChange(3, bytes("a"), null, 0, 0),
            new KeyChange(4, bytes("a"), bytes("3"), 4, 1));
    assertThat(replica.page("", 3, 10).next()).isEqualTo(5);
    assertThat(replica.page("", 5, 10)).isEqualTo(new Query.ChangesAnswer(List.of(), 5, 0, 4));
    assertThat(replica.page("", 50, 10)).isEqualTo(new Query.ChangesAnswer(List.of(), 50, 0, 4));
  }

  @Test
  void theChangesOfOneEntryAreOneRecordThatCanBeReadFromItsMiddle() {
    SessionCommand[] puts = new SessionCommand[10];
    for (int i = 0; i < puts.length; i++) {
      puts[i] = Replica.sent(client.session, i + 1, 0, Replica.put("k" + i, "v"));
    }
    replica.apply(puts);

    assertThat(records()).isEqualTo(1);
    assertThat(revisions(replica.changes("", 4, 3))).isEqualTo(range(4, 10));
    assertThat(replica.page("", 4, 3).next()).isEqualTo(7);
    assertThat(revisions(replica.changes("k7", 1, 3))).containsExactly(8L);
  }

  @Test
  void aPageEndsBeforeItGetsTooLarge() {
    byte[] large = new byte[KvLimits.MAX_VALUE_BYTES / 2];
    for (int i = 0; i < 3; i++) {
      client.apply(new Command.Put(bytes("k" + i), large, Command.Condition.NONE, false));
    }
    assertThat(replica.page("", 1, 1_000).changes()).hasSize(1);
    assertThat(revisions(replica.changes("", 1, 1_000))).containsExactly(1L, 2L, 3L);
  }

  @Test
  void aPrefixThatMatchesNothingStillGetsOn() {
    byte[] large = new byte[KvLimits.MAX_VALUE_BYTES];
    for (int i = 0; i < 10; i++) {
      client.apply(new Command.Put(bytes("k"), large, Command.Condition.NONE, false));
    }
    Query.ChangesAnswer page = replica.page("other", 1, 10);
    assertThat(page.changes()).isEmpty();
    assertThat(page.next()).isBetween(4L, 6L);
    assertThat(replica.changes("other", 1, 10)).isEmpty();
  }

  @Test
  void aCompactionIsSeenAtOnceAndSweptAFewRecordsAtATime() {
    replica.apply(
        Replica.sent(client.session, 1_000, 999, new Command.RaiseVersion(FormatVersion.LATEST)));
    int changes = 3 * History.SWEEP_RECORDS;
    for (int i = 1; i <= changes; i++) {
      replica.apply(Replica.sent(client.session, 1_000 + i, 999 + i, Replica.put("k", "v" + i)));
    }
    long compacted = changes - 10;
    long sequence = 1_000 + changes + 1;
    assertThat(replica.apply(Replica.sent(client.session, sequence, 1_000, compact(compacted))))
        .containsExactly(new Result.Compacted(compacted));

    assertThat(replica.machine.isSweeping()).isTrue();
    assertThat(records()).isEqualTo(changes - History.SWEEP_RECORDS);
    assertThat(replica.page("", compacted, 10).changes()).isEmpty();
    assertThat(replica.page("", compacted, 10).compacted()).isEqualTo(compacted);
    assertThat(revisions(replica.changes("", compacted + 1, 7)))
        .isEqualTo(range(compacted + 1, changes));

    replica.restart();
    replica.apply(new byte[0]);
    replica.apply(new byte[0]);
    assertThat(replica.machine.isSweeping()).isFalse();
    assertThat(records()).isEqualTo(10);
    assertThat(replica.isSound(1_000)).isTrue();
    assertThat(replica.get("k").value()).isEqualTo(bytes("v" + changes));
    assertThat(replica.machine.historyBytes()).isEqualTo(recordBytes());
  }

  @Test
  void anEntryHalfCompactedKeepsItsOtherHalf() {
    raise();
    SessionCommand[] puts = new SessionCommand[10];
    for (int i = 0; i < puts.length; i++) {
      puts[i] = Replica.sent(client.session, i + 10, 9, Replica.put("k" + i, "v"));
    }
    replica.apply(puts);
    replica.apply(Replica.sent(client.session, 30, 19, compact(4)));
    assertThat(revisions(replica.changes("", 5, 3))).isEqualTo(range(5, 10));
    assertThat(replica.page("", 4, 3).changes()).isEmpty();
    replica.apply(Replica.sent(client.session, 31, 19, compact(10)));
    assertThat(records()).isZero();
    assertThat(replica.machine.historyBytes()).isZero();
  }

  @Test
  void aCompactionNeverGoesBackAndNotIntoTheFuture() {
    raise();
    client.put("a", "1");
    client.put("a", "2");
    assertThat(client.apply(compact(3))).isEqualTo(new Result.FutureRevision(2));
    assertThat(client.apply(compact(2))).isEqualTo(new Result.Compacted(2));
    assertThat(client.apply(compact(1))).isEqualTo(new Result.Compacted(2));
  }

  private void raise() {
    client.apply(new Command.RaiseVersion(FormatVersion.LATEST));
  }

  private static Command compact(long revision) {
    return new Command.Compact(revision);
  }

  private int records() {
    int records = 0;
    try (OrderedStore.Cursor cursor = scan()) {
      while (cursor.next()) {
        records++;
      }
    }
    return records;
  }

  private long recordBytes() {
    long bytes = 0;
    try (OrderedStore.Cursor cursor = scan()) {
      while (cursor.next()) {
        bytes += cursor.key().length + cursor.value().length;
      }
    }
    return bytes;
  }

  private OrderedStore.Cursor scan() {
    return replica.store.scan(StoreKeys.start(StoreKeys.HISTORY), StoreKeys.end(StoreKeys.HISTORY));
  }

  private static List<Long> revisions(List<KeyChange> changes) {
    return changes.stream().map(KeyChange::revision).toList();
  }

  private static List<Long> range(long first, long last) {
    return LongStream.rangeClosed(first, last).boxed().toList();
  }
}
