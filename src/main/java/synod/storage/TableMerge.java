package synod.storage;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.rocksdb.CompactionJobInfo;
import org.rocksdb.CompactionOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.LiveFileMetaData;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileMetaData;
import org.rocksdb.Status;

/**
 * A step on the way of deleted records out of a database: some tables that are merged into a deeper
 * level. RocksDB's own way to do all of it at once begins a new log without syncing the old one.
 *
 * @param tables that overlap nothing else of their level
 */
record TableMerge(List<LiveFileMetaData> tables, int toLevel) {
  /** Empty if all is in the last level, or RocksDB is already at it. */
  static Optional<TableMerge> next(RocksDB rocks) {
    int last = rocks.numberLevels() - 1;
    List<LiveFileMetaData> all = rocks.getLiveFilesMetaData();
    int level = all.stream().mapToInt(LiveFileMetaData::level).min().orElse(last);
    if (level == last || all.stream().anyMatch(SstFileMetaData::beingCompacted)) {
      return Optional.empty();
    }
    int toLevel =
        all.stream().mapToInt(LiveFileMetaData::level).filter(l -> l > level).min().orElse(last);
    Stream<LiveFileMetaData> highest =
        all.stream()
            .filter(table -> table.level() == level)
            .sorted(Comparator.comparing(LiveFileMetaData::fileName));
    // Those of level 0 overlap; of the others a single one keeps the step short.
    return Optional.of(new TableMerge((level == 0 ? highest : highest.limit(1)).toList(), toLevel));
  }

  /**
   * Blocks.
   *
   * @param tableBytes the size of the new tables
   * @return false if RocksDB was faster, and merges or has merged them itself
   */
  boolean carryOut(RocksDB rocks, long tableBytes) throws RocksDBException {
    try (CompactionOptions options =
            new CompactionOptions()
                .setCompression(CompressionType.NO_COMPRESSION)
                .setOutputFileSizeLimit(tableBytes);
        CompactionJobInfo unused = new CompactionJobInfo()) {
      List<String> names = tables.stream().map(TableMerge::name).toList();
      rocks.compactFiles(options, names, toLevel, -1, unused);
      return true;
    } catch (RocksDBException e) {
      // It says that a table is being merged, or isn't there any more.
      Status.Code code = e.getStatus() == null ? null : e.getStatus().getCode();
      if (code == Status.Code.Aborted || code == Status.Code.InvalidArgument) {
        return false;
      }
      throw e;
    }
  }

  private static String name(LiveFileMetaData table) {
    return Path.of(table.fileName()).getFileName().toString();
  }
}
