package synod.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.Statistics;
import org.rocksdb.TickerType;
import synod.kv.OrderedStore.Change;
import synod.paxos.DurableRecord.Round;
import synod.storage.Database.KeyRange;

class DatabaseTest {
  private static final String LOG = "[0-9]+\\.log";

  @TempDir Path temporary;
  private Statistics statistics;
  private Database database;

  @BeforeEach
  void open() {
    NativeLibrary.load(temporary);
    statistics = new Statistics();
    DatabaseOptions options = new DatabaseOptions(1 << 20, 1 << 20);
    options.options.setStatistics(statistics);
    database = Database.open(temporary.resolve("db"), Database.Tail.LAST_WRITE, options);
  }

  @AfterEach
  void close() {
    database.close();
    statistics.close();
  }

  @Test
  void everySyncedWriteIsAnFsync() {
    long before = syncs();
    for (int i = 1; i <= 5; i++) {
      database.write(change(i), true);
      assertThat(syncs() - before).isEqualTo(i);
    }
    database.write(change(6), false);
    database.write(List.of(), true);
    assertThat(syncs() - before).isEqualTo(5);
    database.sync();
    assertThat(syncs() - before).isEqualTo(6);
  }

  @Test
  void theSpaceOfADeletedRangeIsGivenBackOnceThatIsDurable() throws Exception {
    byte[] value = new byte[64 << 10];
    for (int i = 0; i < 1000; i++) {
      database.write(List.of(new Change(key(i), value)), false);
      if (i % 16 == 15) {
        database.roll();
      }
    }
    assertThat(bytesOnDisk()).isGreaterThan(50L << 20);

    database.write(Optional.of(new KeyRange(key(0), key(990))), List.of(), false);
    assertThat(database.get(key(989))).isNull();
    assertThat(bytesOnDisk()).isGreaterThan(50L << 20);
    database.sync();

    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (bytesOnDisk() > 16L << 20) {
      assertThat(System.nanoTime()).as(bytesOnDisk() + " bytes").isLessThan(deadline);
      Thread.onSpinWait();
    }
    for (int i = 0; i < 1000; i++) {
      assertThat(database.get(key(i)) != null).isEqualTo(i >= 990);
    }
  }

  private static byte[] key(int i) {
    return java.nio.ByteBuffer.allocate(4).putInt(i).array();
  }

  private long bytesOnDisk() {
    return Directories.files(temporary.resolve("db"), ".*\\.(sst|log)").stream()
        .mapToLong(file -> file.toFile().length())
        .sum();
  }

  @Test
  void everyWriteOfAnAcceptorIsAnFsync() {
    AcceptorStorage acceptor = new AcceptorStorage(database);
    long before = syncs();
    acceptor.write(List.of(new Round(1), new Round(2)));
    acceptor.write(List.of(new Round(3)));
    assertThat(syncs() - before).isEqualTo(2);
  }

  @Test
  void aBeginningLogLeavesTheOldOneSynced() {
    database.write(change(1), false);
    long before = syncs();
    database.roll();
    assertThat(syncs() - before).isPositive();
  }

  /** A log that no longer grows, but whose content is in no table yet. */
  @Test
  void aLogThatIsMissingBeforeAnotherIsNoticed() throws IOException {
    database.close();
    Path directory = temporary.resolve("other");
    DatabaseOptions twoLogs = new DatabaseOptions(1 << 20, 1 << 20);
    twoLogs.options.setMinWriteBufferNumberToMerge(2);
    try (Database other = Database.open(directory, Database.Tail.LAST_WRITE, twoLogs)) {
      for (int i = 1; Directories.files(directory, LOG).size() < 2; i++) {
        other.write(List.of(new Change(new byte[] {(byte) i}, new byte[100_000])), true);
      }
    }
    Files.delete(Directories.files(directory, LOG).get(0));
    assertThatThrownBy(
            () ->
                Database.open(
                    directory, Database.Tail.LAST_WRITE, new DatabaseOptions(1 << 20, 1 << 20)))
        .isInstanceOf(StorageRefusedException.class)
        .hasMessageContaining(directory.toString());
  }

  private long syncs() {
    return statistics.getTickerCount(TickerType.WAL_FILE_SYNCED);
  }

  private static List<Change> change(int value) {
    return List.of(new Change(new byte[] {1}, new byte[] {(byte) value}));
  }
}
