package synod.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import synod.paxos.Ballot;
import synod.paxos.DurableRecord;
import synod.paxos.DurableRecord.Accepted;
import synod.paxos.DurableRecord.Promised;
import synod.paxos.DurableRecord.Round;
import synod.paxos.Entry;
import synod.paxos.InvariantViolation;

class AcceptorStorageTest {
  private static final Ballot LOW = new Ballot(1, "n1", 7);
  private static final Ballot HIGH = new Ballot(2, "n2", -9);

  @TempDir Path temporary;
  private DataDirectory directory;
  private AcceptorStorage storage;

  @BeforeEach
  void open() {
    directory = DataDirectory.open(temporary.resolve("n1"), "synod", "n1", "f");
    storage = directory.openAcceptor();
  }

  @AfterEach
  void close() {
    storage.close();
    directory.close();
  }

  @Test
  void anEmptyLogHasPromisedNothing() {
    assertThat(storage.promised()).isEqualTo(Ballot.NONE);
    assertThat(storage.round()).isZero();
    assertThat(storage.lastSlot()).isZero();
    assertThat(storage.entry(1)).isEmpty();
    assertThat(storage.entries(1, 1000)).isEmpty();
  }

  @Test
  void whatWasWrittenIsThereAfterReopening() {
    Entry first = entry(1, LOW, 100);
    Entry third = entry(3, HIGH, 0);
    write(new Promised(LOW), new Accepted(first), new Round(5));
    write(new Promised(HIGH), new Accepted(third));
    for (int i = 0; i < 2; i++) {
      assertThat(storage.promised()).isEqualTo(HIGH);
      assertThat(storage.round()).isEqualTo(5);
      assertThat(storage.lastSlot()).isEqualTo(3);
      assertThat(storage.entry(1)).contains(first);
      assertThat(storage.entry(2)).isEmpty();
      assertThat(storage.entries(1, 1000)).containsExactly(first, third);
      reopen();
    }
  }

  @Test
  void anEntryReplacesTheOneAcceptedBefore() {
    write(new Promised(LOW), new Accepted(entry(1, LOW, 10)));
    Entry later = entry(1, HIGH, 20);
    write(new Promised(HIGH), new Accepted(later));
    assertThat(storage.entries(1, 1000)).containsExactly(later);
  }

  @Test
  void entriesStopBehindTheOneThatFillsTheirBytes() {
    write(new Promised(LOW));
    for (long slot = 1; slot <= 300; slot++) {
      write(new Accepted(entry(slot, LOW, 10)));
    }
    assertThat(slots(storage.entries(1, 30))).containsExactly(1L, 2L, 3L);
    assertThat(slots(storage.entries(1, 31))).containsExactly(1L, 2L, 3L, 4L);
    assertThat(slots(storage.entries(254, 0))).containsExactly(254L);
    assertThat(slots(storage.entries(255, 25))).containsExactly(255L, 256L, 257L);
    assertThat(slots(storage.entries(299, 1000))).containsExactly(299L, 300L);
    assertThat(storage.entries(301, 1000)).isEmpty();
  }

  @Test
  void valuesOfAMebibyteAreKept() {
    write(new Promised(LOW));
    for (long slot = 1; slot <= 40; slot++) {
      write(new Accepted(entry(slot, LOW, 1 << 20)));
    }
    reopen();
    assertThat(storage.lastSlot()).isEqualTo(40);
    for (long slot = 1; slot <= 40; slot++) {
      assertThat(storage.entry(slot)).contains(entry(slot, LOW, 1 << 20));
    }
    assertThat(storage.entries(1, 3 << 20)).hasSize(3);
  }

  @Test
  void noPromiseNoRoundAndNoBallotGoesBack() {
    write(new Promised(HIGH), new Round(5));
    assertRefused(new Promised(LOW));
    assertRefused(new Round(4));
    assertRefused(new Accepted(entry(1, LOW, 1)));
    assertRefused(new Accepted(entry(1, new Ballot(3, "n1", 0), 1)));
    assertRefused(new Promised(new Ballot(4, "n1", 0)), new Accepted(entry(1, HIGH, 1)));
    reopen();
    assertThat(storage.promised()).isEqualTo(HIGH);
    assertThat(storage.round()).isEqualTo(5);
    assertThat(storage.lastSlot()).isZero();
  }

  @Test
  void writingNothingIsNothing() {
    write();
    assertThat(storage.promised()).isEqualTo(Ballot.NONE);
  }

  @Test
  void onceClosedItFailsWithoutHarm() {
    storage.close();
    assertThatThrownBy(() -> storage.entry(1)).isInstanceOf(StorageFailure.class);
    assertThatThrownBy(() -> storage.entries(1, 1)).isInstanceOf(StorageFailure.class);
    assertThatThrownBy(() -> write(new Round(1))).isInstanceOf(StorageFailure.class);
    storage.close();
  }

  private void assertRefused(DurableRecord... records) {
    assertThatThrownBy(() -> write(records)).isInstanceOf(InvariantViolation.class);
  }

  private void write(DurableRecord... records) {
    storage.write(List.of(records));
  }

  private void reopen() {
    close();
    open();
  }

  private static List<Long> slots(List<Entry> entries) {
    return entries.stream().map(Entry::slot).toList();
  }

  private static Entry entry(long slot, Ballot ballot, int bytes) {
    byte[] value = new byte[bytes];
    new Random(slot).nextBytes(value);
    return new Entry(slot, ballot, Arrays.copyOf(value, bytes));
  }
}
