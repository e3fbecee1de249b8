package synod.kv;

/**
 * An open session: when it was last used, what it has acknowledged, and which results are kept for
 * it. The results themselves are in the store.
 *
 * <p>Invariant: a kept result's sequence is one of the {@link Sessions#WINDOW} after {@code
 * acknowledged}, so that no two of them share a bit.
 */
final class Session {
  private static final int VERSION = 1;

  private final SessionId id;
  private final long ttlMillis;
  private final long[] kept = new long[Sessions.WINDOW / Long.SIZE];
  private long lastUsed;
  private long acknowledged;
  private boolean unsaved;

  /** The session's record in the store, null if it has none yet. */
  private byte[] stored;

  Session(SessionId id, long ttlMillis, long lastUsed, long acknowledged) {
    this.id = id;
    this.ttlMillis = ttlMillis;
    this.lastUsed = lastUsed;
    this.acknowledged = acknowledged;
  }

  /** Without the results kept: they have records of their own. */
  static Session decode(SessionId id, byte[] stored) {
    ByteReader from = new ByteReader(stored);
    from.version(VERSION, "a stored session");
    Session session = new Session(id, from.varint(), from.varint(), from.varint());
    from.end();
    session.stored = stored;
    return session;
  }

  byte[] stored() {
    return stored;
  }

  void stored(byte[] record) {
    stored = record;
  }

  byte[] encode() {
    return new ByteWriter(32)
        .oneByte(VERSION)
        .varint(ttlMillis)
        .varint(lastUsed)
        .varint(acknowledged)
        .toBytes();
  }

  SessionId id() {
    return id;
  }

  /** The last moment of the log's time at which the session is still open. */
  long deadline() {
    return lastUsed + ttlMillis;
  }

  long lastUsed() {
    return lastUsed;
  }

  void use(long logTime) {
    lastUsed = logTime;
  }

  /** Every command up to this sequence was answered. */
  long acknowledged() {
    return acknowledged;
  }

  /** The results up to this sequence must have been forgotten. */
  void acknowledge(long sequence) {
    acknowledged = sequence;
  }

  /** The highest sequence whose result may be kept now. */
  long windowEnd() {
    return acknowledged > Long.MAX_VALUE - Sessions.WINDOW
        ? Long.MAX_VALUE
        : acknowledged + Sessions.WINDOW;
  }

  boolean keeps(long sequence) {
    return sequence > acknowledged
        && sequence <= windowEnd()
        && (kept[word(sequence)] & bit(sequence)) != 0;
  }

  void keep(long sequence) {
    kept[word(sequence)] |= bit(sequence);
  }

  void forget(long sequence) {
    kept[word(sequence)] &= ~bit(sequence);
  }

  /** Whether the session's record in the store is out of date. */
  boolean unsaved() {
    return unsaved;
  }

  void unsaved(boolean isUnsaved) {
    unsaved = isUnsaved;
  }

  private static int word(long sequence) {
    return (int) (sequence % Sessions.WINDOW) / Long.SIZE;
  }

  private static long bit(long sequence) {
    return 1L << sequence;
  }
}
