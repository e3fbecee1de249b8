package synod.kv;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * How the replicated state is laid out in its {@link OrderedStore}: the first byte of a key says
 * what it is, numbers are big-endian so that they sort. What another first byte stands before is
 * nobody's yet. Every value but a log entry's begins with a format version.
 *
 * <pre>
 *   a damage                     why this replica must not serve: see {@link DamageMark}
 *   h revision                   the changes of an entry whose last one this is: {@link History}
 *   k key                        {@link KeyRecord}
 *   l slot                       the chosen log entry, as it came
 *   m state                      {@link StateRecord}
 *   s slot index                 {@link Session}
 *   s slot index sequence        the result of that command of the session
 * </pre>
 */
final class StoreKeys {
  static final byte HISTORY = 'h';
  static final byte KEYS = 'k';
  static final byte LOG = 'l';
  static final byte SESSIONS = 's';

  private static final byte ALARM = 'a';
  private static final byte META = 'm';
  private static final int SESSION_BYTES = 1 + Long.BYTES + Integer.BYTES;

  private StoreKeys() {}

  static byte[] key(byte[] key) {
    return ByteBuffer.allocate(1 + key.length).put(KEYS).put(key).array();
  }

  /** The key that the client knows. */
  static byte[] clientKey(byte[] storeKey) {
    return Arrays.copyOfRange(storeKey, 1, storeKey.length);
  }

  static byte[] log(long slot) {
    return ByteBuffer.allocate(1 + Long.BYTES).put(LOG).putLong(slot).array();
  }

  static long slot(byte[] logKey) {
    return ByteBuffer.wrap(logKey).getLong(1);
  }

  static byte[] state() {
    return new byte[] {META, 's', 't', 'a', 't', 'e'};
  }

  static byte[] damage() {
    return new byte[] {ALARM, 'd', 'a', 'm', 'a', 'g', 'e'};
  }

  static byte[] history(long revision) {
    return ByteBuffer.allocate(1 + Long.BYTES).put(HISTORY).putLong(revision).array();
  }

  static long revision(byte[] historyKey) {
    return ByteBuffer.wrap(historyKey).getLong(1);
  }

  static byte[] session(SessionId id) {
    return ByteBuffer.allocate(SESSION_BYTES)
        .put(SESSIONS)
        .putLong(id.slot())
        .putInt(id.index())
        .array();
  }

  static byte[] result(SessionId id, long sequence) {
    return ByteBuffer.allocate(SESSION_BYTES + Long.BYTES)
        .put(SESSIONS)
        .putLong(id.slot())
        .putInt(id.index())
        .putLong(sequence)
        .array();
  }

  /** Whether a key of the sessions' space is that of a session itself and not of a result. */
  static boolean isSession(byte[] sessionKey) {
    return sessionKey.length == SESSION_BYTES;
  }

  static SessionId sessionId(byte[] sessionKey) {
    ByteBuffer key = ByteBuffer.wrap(sessionKey);
    return new SessionId(key.getLong(1), key.getInt(1 + Long.BYTES));
  }

  static long sequence(byte[] resultKey) {
    return ByteBuffer.wrap(resultKey).getLong(SESSION_BYTES);
  }

  /** The lowest key of a space, to scan from. */
  static byte[] start(byte space) {
    return new byte[] {space};
  }

  /** The bound behind a space, to scan to. */
  static byte[] end(byte space) {
    return new byte[] {(byte) (space + 1)};
  }
}
