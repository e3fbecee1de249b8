package synod.kv;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import synod.kv.OrderedStore.Change;

/**
 * The changes that wait for the next commit, on top of a store: whoever reads here sees the state
 * with them. A key stands among them once.
 */
final class Changes {
  /** What a change takes in memory beside its bytes, about. */
  private static final int OVERHEAD_BYTES = 64;

  private final OrderedStore store;
  private final Map<Key, Change> pending = new HashMap<>();
  private long bytes;

  Changes(OrderedStore store) {
    this.store = store;
  }

  /** Bytes with their hash, which is asked for more than once. */
  static final class Key {
    private final byte[] bytes;
    private final int hash;

    Key(byte[] bytes) {
      this.bytes = bytes;
      this.hash = Arrays.hashCode(bytes);
    }

    int length() {
      return bytes.length;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key key && hash == key.hash && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }

  /** About how much memory the changes take. */
  long bytes() {
    return bytes;
  }

  /** The value as it will be after the commit, or null. Nobody may write to it. */
  byte[] get(byte[] key) {
    Change change = pending.isEmpty() ? null : pending.get(new Key(key));
    return change == null ? store.get(key) : change.value();
  }

  /**
   * The keys in {@code [from, to)} as they will be after the commit; to be closed by the caller.
   * Later changes don't show in it.
   */
  OrderedStore.Cursor scan(byte[] from, byte[] to) {
    List<Change> within = new ArrayList<>();
    for (Change change : pending.values()) {
      if (Arrays.compareUnsigned(change.key(), from) >= 0
          && Arrays.compareUnsigned(change.key(), to) < 0) {
        within.add(change);
      }
    }
    OrderedStore.Cursor stored = store.scan(from, to);
    return within.isEmpty() ? stored : new MergedCursor(sorted(within), stored);
  }

  /**
   * @param value kept as it is: nobody may write to it
   */
  void put(byte[] key, byte[] value) {
    add(new Change(key, value));
  }

  void delete(byte[] key) {
    add(new Change(key, null));
  }

  /** Deletes a key that is put only once in its life. */
  void deletePutOnce(byte[] key) {
    add(new Change(key, null, true));
  }

  /** A deletion of what is put only once undoes the put if that is still pending. */
  void add(Change change) {
    Key key = new Key(change.key());
    Change old = pending.get(key);
    boolean undone = change.putOnce() && old != null && old.value() != null;
    if (undone) {
      pending.remove(key);
      bytes -= size(old);
    } else {
      pending.put(key, change);
      bytes += size(change) - (old == null ? 0 : size(old));
    }
  }

  private static long size(Change change) {
    return OVERHEAD_BYTES
        + change.key().length
        + (change.value() == null ? 0 : change.value().length);
  }

  /** Commits the changes all at once; there are none afterwards. */
  void commit() {
    store.commit(new ArrayList<>(pending.values()));
    pending.clear();
    bytes = 0;
  }

  private static List<Change> sorted(List<Change> changes) {
    changes.sort(Comparator.comparing(Change::key, Arrays::compareUnsigned));
    return changes;
  }
}
