package synod.storage;

import java.util.List;
import java.util.Properties;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.TablePropertiesCollectorFactory;
import org.rocksdb.WALRecoveryMode;

/**
 * RocksDB's options for both databases: small in memory, quiet when idle, and strict. Owns native
 * objects: to be closed after the database.
 */
final class DatabaseOptions implements AutoCloseable {
  private static final long LOG_BYTES = 1 << 20;
  private static final int LOG_FILES = 3;
  private static final int OPEN_FILES = 256;

  /** Files of the size of a write buffer that RocksDB gathers before it merges them. */
  private static final int LEVEL0_FILES = 4;

  private static final int BLOOM_BITS = 10;

  /** A table of which so large a part are deletions is merged soon, however small it is. */
  private static final double DELETIONS = 0.5;

  private final Cache cache;
  private final BloomFilter bloom = new BloomFilter(BLOOM_BITS);
  private final TablePropertiesCollectorFactory deletions =
      TablePropertiesCollectorFactory.NewCompactOnDeletionCollectorFactory(0, 0, DELETIONS);
  private final DBOptions base;
  private final ColumnFamilyOptions columns = new ColumnFamilyOptions();
  final Options options;

  /**
   * @param writeBuffer bytes; up to three are in use while flushes are behind
   * @param cacheBytes of the block cache, indexes and filters included
   */
  DatabaseOptions(long writeBuffer, long cacheBytes) {
    cache = new LRUCache(cacheBytes);
    base = DBOptions.getDBOptionsFromProps(withoutSetter());
    options = new Options(base, columns);
    strictness();
    options
        .setWriteBufferSize(writeBuffer)
        .setMaxWriteBufferNumber(3)
        // As large as what is merged into it at a time, so that little is copied over and over; in
        // files small enough that those which nothing overlaps are moved as they are.
        .setMaxBytesForLevelBase(LEVEL0_FILES * writeBuffer)
        .setTargetFileSizeBase(writeBuffer / 2)
        .setMaxBackgroundJobs(2)
        .setMaxOpenFiles(OPEN_FILES)
        .setCompressionType(CompressionType.NO_COMPRESSION)
        .setBottommostCompressionType(CompressionType.NO_COMPRESSION)
        .setTableFormatConfig(
            new BlockBasedTableConfig()
                .setBlockCache(cache)
                .setCacheIndexAndFilterBlocks(true)
                .setPinL0FilterAndIndexBlocksInCache(true)
                .setFilterPolicy(bloom));
    // Deletions alone are too small to be merged by their size, and what they delete, which may be
    // large, would stay below them.
    options.setTablePropertiesCollectorFactory(List.of(deletions));
    options
        .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
        .setMaxLogFileSize(LOG_BYTES)
        .setKeepLogFileNum(LOG_FILES)
        .setStatsDumpPeriodSec(0)
        .setStatsPersistPeriodSec(0);
  }

  /** For a database that is opened only to be closed again: its tables stay as they are. */
  DatabaseOptions withoutCompaction() {
    options.setDisableAutoCompactions(true);
    return this;
  }

  /** The size of a table that a merge makes, about. */
  long tableBytes() {
    return options.targetFileSizeBase();
  }

  /** What decides about safety, whether or not it is RocksDB's default. */
  private void strictness() {
    options
        .setParanoidChecks(true)
        // The log's tail is judged before RocksDB sees it (WriteAheadLog): it may drop nothing.
        .setWalRecoveryMode(WALRecoveryMode.AbsoluteConsistency)
        // What was recovered is durable once the database is open, also if it had not been synced.
        .setAvoidFlushDuringRecovery(false)
        .setManualWalFlush(false)
        .setRecycleLogFileNum(0)
        // A failed write or fsync is final.
        .setMaxBgErrorResumeCount(0);
  }

  /** An option that RocksDB's Java interface can't set otherwise: a closed log may not vanish. */
  private static Properties withoutSetter() {
    Properties properties = new Properties();
    properties.setProperty("track_and_verify_wals_in_manifest", "true");
    return properties;
  }

  @Override
  public void close() {
    options.close();
    columns.close();
    base.close();
    deletions.close();
    bloom.close();
    cache.close();
  }
}
