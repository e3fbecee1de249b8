package synod.kv;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The changes that wait for the next commit, on top of the store. A key stands among them once, and
 * they are handed out in the order of their keys: the same changes always look the same.
 */
final class Changes {
  private static final byte[] DELETED = new byte[0];

  private final OrderedStore store;
  private final TreeMap<byte[], byte[]> pending = new TreeMap<>(Arrays::compareUnsigned);

  Changes(OrderedStore store) {
    this.store = store;
  }

  /** The value as it will be after the commit, or null. Nobody may write to it. */
  byte[] get(byte[] key) {
    byte[] value = pending.isEmpty() ? null : pending.get(key);
    if (value == null) {
      return store.get(key);
    }
    return value == DELETED ? null : value;
  }

  /**
   * @param value kept as it is: nobody may write to it
   */
  void put(byte[] key, byte[] value) {
    pending.put(key, value);
  }

  void delete(byte[] key) {
    pending.put(key, DELETED);
  }

  /**
   * Deletes a key that is put only once in its life: if that put is still pending, neither is
   * needed.
   */
  void deletePutOnce(byte[] key) {
    if (pending.remove(key) == null) {
      pending.put(key, DELETED);
    }
  }

  /** Commits the changes all at once; there are none afterwards. */
  void commit() {
    List<OrderedStore.Change> changes = new ArrayList<>(pending.size());
    for (Map.Entry<byte[], byte[]> change : pending.entrySet()) {
      byte[] value = change.getValue();
      changes.add(new OrderedStore.Change(change.getKey(), value == DELETED ? null : value));
    }
    store.commit(changes);
    pending.clear();
  }
}
