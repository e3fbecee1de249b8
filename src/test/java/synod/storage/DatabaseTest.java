package synod.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.Statistics;
import org.rocksdb.TickerType;
import synod.kv.OrderedStore.Change;
import synod.paxos.DurableRecord.Round;

class DatabaseTest {
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

  private long syncs() {
    return statistics.getTickerCount(TickerType.WAL_FILE_SYNCED);
  }

  private static List<Change> change(int value) {
    return List.of(new Change(new byte[] {1}, new byte[] {(byte) value}));
  }
}
