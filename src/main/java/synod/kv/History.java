package synod.kv;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The changes by revision, for those who watch: everything above the revision up to which they were
 * compacted. The changes of one log entry are one record, whose key is the last of their revisions.
 *
 * <p>A compaction takes effect at once; the records that it leaves of no use are deleted a few with
 * each later entry, so that no single one takes long. All of it is a function of the log, like the
 * rest of the state.
 *
 * <p>Invariants: every record's revisions lie above {@code oldest - 1}; a record of use is there
 * whole; {@code bytes} is what all records take.
 */
final class History {
  /** The most records that go with one entry, and about how many of their bytes. */
  static final int SWEEP_RECORDS = 64;

  static final int SWEEP_BYTES = 1024 * 1024;

  /** About how many bytes of records one query reads, whether or not their changes match it. */
  private static final long MAX_SCAN_BYTES = 4L * 1024 * 1024;

  private static final int VERSION = 1;

  private final OrderedStore store;
  private final Records records;
  private final List<KeyChange> ofThisEntry = new ArrayList<>();
  private long compacted;
  private long oldest;
  private long bytes;

  /**
   * @param store what is committed, for queries
   * @param records what comes on top of it
   */
  History(OrderedStore store, Records records, StateRecord state) {
    this.store = store;
    this.records = records;
    this.compacted = state.compacted();
    this.oldest = state.oldestHistory();
    this.bytes = state.historyBytes();
  }

  /** Changes up to this revision can't be had any more. */
  long compacted() {
    return compacted;
  }

  /** No record is of revisions below this one. */
  long oldest() {
    return oldest;
  }

  /** What the records take. */
  long bytes() {
    return bytes;
  }

  void add(KeyChange change) {
    ofThisEntry.add(change);
  }

  /**
   * @param revision at most the store's own
   */
  void compact(long revision) {
    compacted = Math.max(compacted, revision);
  }

  /** Stores what the entry changed, and deletes some of what was compacted. */
  void endEntry() {
    if (!ofThisEntry.isEmpty()) {
      byte[] key = StoreKeys.history(ofThisEntry.get(ofThisEntry.size() - 1).revision());
      byte[] record = encode(ofThisEntry);
      records.put(key, null, record);
      bytes += key.length + record.length;
      ofThisEntry.clear();
    }
    if (oldest <= compacted) {
      sweep();
    }
  }

  private void sweep() {
    int swept = 0;
    long sweptBytes = 0;
    try (OrderedStore.Cursor cursor =
        records.scan(StoreKeys.history(oldest), StoreKeys.history(compacted + 1))) {
      while (cursor.next()) {
        if (swept == SWEEP_RECORDS || sweptBytes >= SWEEP_BYTES) {
          return;
        }
        byte[] key = cursor.key();
        byte[] record = cursor.value();
        records.deletePutOnce(key, record);
        swept++;
        sweptBytes += record.length;
        bytes -= key.length + record.length;
        oldest = StoreKeys.revision(key) + 1;
      }
    }
    oldest = compacted + 1;
  }

  /**
   * A page of committed changes. A limit out of bounds is brought to the nearest one allowed.
   *
   * @param revision the store's
   */
  Query.ChangesAnswer list(Query.ListChanges query, long revision) {
    long from = Math.max(1, query.from());
    if (from <= compacted || from > revision) {
      return new Query.ChangesAnswer(List.of(), from, compacted, revision);
    }
    int limit = Math.max(1, Math.min(query.limit(), KvLimits.MAX_LIST_LIMIT));
    List<KeyChange> page = new ArrayList<>();
    long read = 0;
    long size = 0;
    long next = from;
    try (OrderedStore.Cursor cursor =
        store.scan(StoreKeys.history(from), StoreKeys.end(StoreKeys.HISTORY))) {
      while (cursor.next() && read < MAX_SCAN_BYTES) {
        byte[] record = cursor.value();
        read += record.length;
        for (KeyChange change : decode(record)) {
          if (change.revision() >= next && startsWith(change.key(), query.prefix())) {
            size += change.key().length + (change.isDelete() ? 0 : change.value().length);
            boolean isFull = page.size() == limit || size > KvLimits.MAX_PAGE_BYTES;
            if (isFull && !page.isEmpty()) {
              return new Query.ChangesAnswer(page, change.revision(), compacted, revision);
            }
            page.add(change);
          }
        }
        next = StoreKeys.revision(cursor.key()) + 1;
      }
    }
    return new Query.ChangesAnswer(page, next, compacted, revision);
  }

  private static boolean startsWith(byte[] key, byte[] prefix) {
    return key.length >= prefix.length
        && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
  }

  private static byte[] encode(List<KeyChange> changes) {
    int size = 16;
    for (KeyChange change : changes) {
      size += 24 + change.key().length + (change.isDelete() ? 0 : change.value().length);
    }
    return new ByteWriter(size)
        .oneByte(VERSION)
        .varint(changes.get(0).revision())
        .list(changes, KvCodec::writeChangeAlone)
        .toBytes();
  }

  private static List<KeyChange> decode(byte[] record) {
    ByteReader from = new ByteReader(record);
    from.version(VERSION, "a stored list of changes");
    long[] revision = {from.varint()};
    List<KeyChange> changes = from.list(reader -> KvCodec.readChangeAlone(reader, revision[0]++));
    from.end();
    return changes;
  }
}
