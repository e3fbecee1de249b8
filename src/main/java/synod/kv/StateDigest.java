package synod.kv;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The SHA-256 of everything that replicas hold in common at a slot: keys with their metadata, their
 * history, sessions with their results and the {@link StateRecord}. Not of the chosen log, which
 * replicas may have trimmed differently. Equal at equal slots, or a replica has gone wrong.
 */
final class StateDigest {
  private final MessageDigest sha256;

  private StateDigest(MessageDigest sha256) {
    this.sha256 = sha256;
  }

  /** Reads the whole store once, in order. */
  static byte[] of(OrderedStore store) {
    StateDigest digest = new StateDigest(sha256());
    digest.add(StateRecord.load(store).encode());
    digest.addAll(store, StoreKeys.HISTORY);
    digest.addAll(store, StoreKeys.KEYS);
    digest.addAll(store, StoreKeys.SESSIONS);
    return digest.sha256.digest();
  }

  private void addAll(OrderedStore store, byte space) {
    try (OrderedStore.Cursor cursor = store.scan(StoreKeys.start(space), StoreKeys.end(space))) {
      while (cursor.next()) {
        add(cursor.key());
        add(cursor.value());
      }
    }
  }

  /** With its length, so that no two lists of parts look the same. */
  private void add(byte[] part) {
    sha256.update(ByteBuffer.allocate(Integer.BYTES).putInt(part.length).flip());
    sha256.update(part);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
