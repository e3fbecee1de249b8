package synod.kv;

/**
 * How far the state machine has come: the one record that every commit rewrites.
 *
 * @param applied the last slot applied, 0 before the first
 * @param revision the store's revision, 0 before the first change
 * @param logTime the log's time in milliseconds since 1970, {@link #NO_TIME} before the first entry
 */
record StateRecord(long applied, long revision, long logTime) {
  static final long NO_TIME = -1;

  private static final int VERSION = 1;

  /** Of a store on which nothing was applied yet. */
  static final StateRecord FRESH = new StateRecord(0, 0, NO_TIME);

  static StateRecord load(OrderedStore store) {
    byte[] stored = store.get(StoreKeys.state());
    if (stored == null) {
      return FRESH;
    }
    ByteReader from = new ByteReader(stored);
    from.version(VERSION, "the stored state");
    StateRecord state = new StateRecord(from.varint(), from.varint(), from.varint());
    from.end();
    return state;
  }

  byte[] encode() {
    return new ByteWriter(32)
        .oneByte(VERSION)
        .varint(applied)
        .varint(revision)
        .varint(logTime)
        .toBytes();
  }
}
