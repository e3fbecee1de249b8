package synod.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import synod.paxos.Ballot;
import synod.paxos.DurableRecord.Accepted;
import synod.paxos.DurableRecord.Promised;
import synod.paxos.Entry;

/**
 * What an acceptor finds after a crash or on a bad disk. A write that never ended is forgotten; a
 * write that was acknowledged is there, or the database is refused.
 *
 * <p>Each test works on a copy that was taken while the database was open. The mark of acknowledged
 * writes is tested as a killed process leaves it (up to date) and as a power cut may leave it
 * (behind).
 */
class AcceptorDamageTest {
  private static final Ballot BALLOT = new Ballot(1, "n1", 7);
  private static final String LOG = "[0-9]+\\.log";

  @TempDir Path temporary;
  private Path original;
  private Path copy;
  private AcceptorStorage storage;

  @BeforeEach
  void open() {
    original = temporary.resolve("original");
    copy = temporary.resolve("copy");
    NativeLibrary.load(temporary);
    storage = AcceptorStorage.open(original);
    storage.write(List.of(new Promised(BALLOT)));
  }

  @AfterEach
  void close() {
    storage.close();
  }

  @Test
  void aCrashLosesNothingThatWasWritten() {
    accept(1, 30, 100);
    assertHolds(take(), 30);
  }

  @Test
  void aWriteThatNeverEndedIsForgottenWhereverItWasCutOff() {
    accept(1, 5, 20);
    byte[] mark = mark();
    int before = log().length;
    accept(6, 6, 60);
    byte[] all = log();
    for (int length = before; length < all.length; length++) {
      assertHolds(take(Arrays.copyOf(all, length), mark), 5);
    }
    assertHolds(take(all, mark), 6);
  }

  @Test
  void aLargeWriteThatNeverEndedIsForgottenWhicheverOfItsPagesWereWritten() {
    accept(1, 5, 5_000);
    byte[] mark = mark();
    int before = log().length;
    accept(6, 6, 100_000);
    byte[] all = log();
    for (int page = before; page < all.length; page += 4096) {
      byte[] missing = all.clone();
      Arrays.fill(missing, page, Math.min(page + 4096, all.length), (byte) 0);
      assertHolds(take(missing, mark), 5);
      byte[] zerosBehind = all.clone();
      Arrays.fill(zerosBehind, page, all.length, (byte) 0);
      assertHolds(take(zerosBehind, mark), 5);
    }
  }

  @Test
  void whatFollowsATornWriteIsKeptAfterTheNextCrash() {
    accept(1, 5, 20);
    byte[] mark = mark();
    byte[] all = log();
    accept(6, 6, 60);
    byte[] torn = Arrays.copyOf(log(), all.length + 9);
    take(torn, mark);
    try (AcceptorStorage after = AcceptorStorage.open(copy)) {
      after.write(List.of(new Accepted(entry(6, 10))));
      after.write(List.of(new Accepted(entry(7, 10))));
      Directories.copy(copy, temporary.resolve("second"));
    }
    try (AcceptorStorage second = AcceptorStorage.open(temporary.resolve("second"))) {
      assertThat(second.lastSlot()).isEqualTo(7);
      assertThat(second.entry(6)).contains(entry(6, 10));
    }
  }

  @Test
  void anAcknowledgedWriteThatWasCutOffIsMissed() {
    accept(1, 6, 20);
    byte[] all = log();
    for (int length = 0; length < all.length; length++) {
      assertRefused(take(Arrays.copyOf(all, length), mark()));
    }
  }

  @Test
  void aFlippedByteInAnAcknowledgedWriteIsNoticed() {
    accept(1, 6, 20);
    byte[] all = log();
    for (int at = 0; at < all.length; at++) {
      assertRefused(take(flip(all, at), mark()));
    }
  }

  @Test
  void aFlippedByteBeforeTheLastWriteIsNoticedEvenWhenTheMarkIsBehind() {
    byte[] mark = mark();
    accept(1, 5, 20);
    int before = log().length;
    accept(6, 6, 20);
    byte[] all = log();
    for (int at = 0; at < before; at++) {
      assertRefused(take(flip(all, at), mark));
    }
  }

  @Test
  void aLostPageBeforeTheLastWriteIsNoticedEvenWhenTheMarkIsBehind() {
    byte[] mark = mark();
    accept(1, 300, 1000);
    byte[] all = log();
    for (int page = 0; page + 8192 < all.length; page += 4096) {
      byte[] missing = all.clone();
      Arrays.fill(missing, page, page + 4096, (byte) 0);
      assertRefused(take(missing, mark));
    }
  }

  /** A block of zeros that begins and ends between writes is what RocksDB itself would skip. */
  @Test
  void aLostBlockBetweenWritesIsNoticed() {
    byte[] mark = mark();
    int block = 32 * 1024;
    int overhead = 55;
    accept(1, 1, block - log().length - overhead);
    accept(2, 2, block - overhead);
    accept(3, 10, 1000);
    byte[] missing = log();
    Arrays.fill(missing, block, 2 * block, (byte) 0);
    assertRefused(take(missing, mark));
  }

  @Test
  void aLostLogIsNoticed() throws IOException {
    accept(1, 6, 20);
    Files.delete(Directories.only(take(), LOG));
    assertRefused(copy);
    assertRefused(copy);
  }

  @Test
  void aLostFileOfTheDatabaseIsNoticedWhicheverItIs() throws IOException {
    // Reopening moves the log into a table; large entries make further ones.
    accept(1, 40, 1 << 20);
    storage.close();
    storage = AcceptorStorage.open(original);
    accept(41, 42, 10);
    storage.close();
    take();
    List<String> files =
        Directories.files(copy, ".*\\.sst|CURRENT|MANIFEST.*|ACKNOWLEDGED|.*\\.log").stream()
            .map(file -> file.getFileName().toString())
            .toList();
    assertThat(files).hasSizeGreaterThan(5);
    for (String file : files) {
      Files.delete(take().resolve(file));
      assertRefused(copy);
    }
  }

  @Test
  void aDamagedManifestOrPointerToItIsNoticed() {
    accept(1, 20, 1 << 20);
    storage.close();
    take();
    for (String name : new String[] {"MANIFEST.*", "CURRENT", "ACKNOWLEDGED"}) {
      Path file = Directories.only(copy, name);
      byte[] intact = Directories.read(file);
      for (int at = 0; at < intact.length; at++) {
        Directories.write(file, flip(intact, at));
        assertRefused(copy);
        Directories.write(file, Arrays.copyOf(intact, at));
        assertRefused(copy);
      }
      Directories.write(file, intact);
    }
    storage = AcceptorStorage.open(original);
    assertHolds(copy, 20);
  }

  /** Damage in a table is found when it is read, at the latest. */
  @Test
  void aFlippedByteInATableIsNeverReadAsData() throws IOException {
    accept(1, 20, 10_000);
    storage.close();
    AcceptorStorage.open(original).close();
    take();
    Path table = Directories.files(copy, ".*\\.sst").get(0);
    byte[] intact = Directories.read(table);
    for (int at = 0; at < intact.length; at += 4999) {
      Directories.write(table, flip(intact, at));
      try (AcceptorStorage damaged = AcceptorStorage.open(copy)) {
        for (long slot = 1; slot <= 20; slot++) {
          assertThat(damaged.entry(slot)).contains(entry(slot, 10_000));
        }
      } catch (StorageFailure | StorageRefusedException e) {
        assertThat(e).hasMessageContaining(copy.toString());
      }
      Directories.copy(original, copy);
    }
    storage = AcceptorStorage.open(original);
  }

  private void accept(long from, long to, int bytes) {
    for (long slot = from; slot <= to; slot++) {
      storage.write(List.of(new Accepted(entry(slot, bytes))));
    }
  }

  private static Entry entry(long slot, int bytes) {
    byte[] value = new byte[bytes];
    Arrays.fill(value, (byte) slot);
    return new Entry(slot, BALLOT, value);
  }

  private byte[] log() {
    return Directories.read(Directories.only(original, LOG));
  }

  private byte[] mark() {
    return Directories.read(original.resolve(AcknowledgedMark.FILE));
  }

  private static byte[] flip(byte[] bytes, int at) {
    byte[] flipped = bytes.clone();
    flipped[at] ^= 0x10;
    return flipped;
  }

  private Path take() {
    return Directories.copy(original, copy);
  }

  private Path take(byte[] log, byte[] mark) {
    take();
    Directories.write(Directories.only(copy, LOG), log);
    Directories.write(copy.resolve(AcknowledgedMark.FILE), mark);
    return copy;
  }

  private void assertHolds(Path database, long lastSlot) {
    try (AcceptorStorage after = AcceptorStorage.open(database)) {
      assertThat(after.promised()).isEqualTo(BALLOT);
      assertThat(after.lastSlot()).isEqualTo(lastSlot);
      for (long slot = 1; slot <= lastSlot; slot++) {
        assertThat(after.entry(slot)).isEqualTo(storage.entry(slot));
      }
    }
  }

  private static void assertRefused(Path database) {
    assertThatThrownBy(() -> AcceptorStorage.open(database).close())
        .isInstanceOf(StorageRefusedException.class)
        .hasMessageContaining(database.toString());
  }
}
