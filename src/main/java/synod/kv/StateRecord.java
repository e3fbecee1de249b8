package synod.kv;

/**
 * How far the state machine has come: the one record that every commit rewrites.
 *
 * <p>The second version brought what stands behind {@code logTime}; a store in the first one isn't
 * read any more.
 *
 * @param applied the last slot applied, 0 before the first
 * @param revision the store's revision, 0 before the first change
 * @param logTime the log's time in milliseconds since 1970, {@link #NO_TIME} before the first entry
 * @param version the cluster's format version: see {@link FormatVersion}
 * @param compacted changes up to this revision can't be had any more
 * @param oldestHistory no stored record of changes is of revisions below this one
 * @param historyBytes what the records of changes take
 * @param sum see {@link Records#sum}
 */
record StateRecord(
    long applied,
    long revision,
    long logTime,
    int version,
    long compacted,
    long oldestHistory,
    long historyBytes,
    long sum) {
  static final long NO_TIME = -1;

  private static final int VERSION = 2;

  /** Of a store on which nothing was applied yet. */
  static final StateRecord FRESH =
      new StateRecord(0, 0, NO_TIME, FormatVersion.INITIAL, 0, 1, 0, 0);

  static StateRecord load(OrderedStore store) {
    byte[] stored = store.get(StoreKeys.state());
    if (stored == null) {
      return FRESH;
    }
    ByteReader from = new ByteReader(stored);
    from.version(VERSION, "the stored state");
    StateRecord state =
        new StateRecord(
            from.varint(),
            from.varint(),
            from.varint(),
            from.intVarint(),
            from.varint(),
            from.varint(),
            from.varint(),
            from.varint());
    from.end();
    return state;
  }

  byte[] encode() {
    return new ByteWriter(64)
        .oneByte(VERSION)
        .varint(applied)
        .varint(revision)
        .varint(logTime)
        .varint(version)
        .varint(compacted)
        .varint(oldestHistory)
        .varint(historyBytes)
        .varint(sum)
        .toBytes();
  }
}
