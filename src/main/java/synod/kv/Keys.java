package synod.kv;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import synod.kv.Command.Condition;

/** The keys of the store: how commands change them and queries read them. */
final class Keys {
  private final OrderedStore store;
  private final Records records;
  private final History history;

  /**
   * @param store what is committed, for lists
   * @param records what comes on top of it
   * @param history learns of every change
   */
  Keys(OrderedStore store, Records records, History history) {
    this.store = store;
    this.records = records;
    this.history = history;
  }

  /**
   * @param revision the one that the change makes if it takes place
   */
  Result put(Command.Put put, long revision) {
    byte[] storeKey = StoreKeys.key(put.key());
    KeyRecord old = find(storeKey);
    if (!holds(put.condition(), old)) {
      return conditionFailed(old);
    }
    long created = old == null ? revision : old.createRevision();
    long version = old == null ? 1 : old.version() + 1;
    byte[] record = KeyRecord.encode(created, revision, version, put.value());
    records.put(storeKey, old == null ? null : old.stored(), record);
    history.add(new KeyChange(revision, put.key(), put.value(), created, version));
    return new Result.Applied(revision, version, previous(put.wantPrevious(), put.key(), old));
  }

  /**
   * @param revision the one that the change makes if it takes place
   */
  Result delete(Command.Delete delete, long revision) {
    byte[] storeKey = StoreKeys.key(delete.key());
    KeyRecord old = find(storeKey);
    if (!holds(delete.condition(), old)) {
      return conditionFailed(old);
    }
    if (old == null) {
      return new Result.NotFound();
    }
    records.delete(storeKey, old.stored());
    history.add(new KeyChange(revision, delete.key(), null, 0, 0));
    return new Result.Applied(revision, 0, previous(delete.wantPrevious(), delete.key(), old));
  }

  /** The key's value and metadata, null if it doesn't exist. */
  KeyValue get(byte[] key) {
    KeyRecord found = find(StoreKeys.key(key));
    return found == null ? null : found.of(key);
  }

  /**
   * A page of committed keys. A limit out of bounds is brought to the nearest one allowed.
   *
   * @param revision the store's, for the answer
   */
  Query.PageAnswer list(Query.ListKeys query, long revision) {
    byte[] prefix = StoreKeys.key(query.prefix());
    byte[] from = later(prefix, StoreKeys.key(query.after()), query.after().length > 0);
    byte[] to = behind(prefix);
    if (Arrays.compareUnsigned(from, to) >= 0) {
      return new Query.PageAnswer(List.of(), false, revision);
    }
    int limit = Math.max(1, Math.min(query.limit(), KvLimits.MAX_LIST_LIMIT));
    List<KeyValue> entries = new ArrayList<>();
    long bytes = 0;
    try (OrderedStore.Cursor cursor = store.scan(from, to)) {
      while (cursor.next()) {
        if (entries.size() == limit) {
          return new Query.PageAnswer(entries, true, revision);
        }
        byte[] key = StoreKeys.clientKey(cursor.key());
        KeyValue entry = KeyRecord.decode(cursor.value()).of(key);
        bytes += key.length + entry.value().length;
        if (bytes > KvLimits.MAX_PAGE_BYTES && !entries.isEmpty()) {
          return new Query.PageAnswer(entries, true, revision);
        }
        entries.add(entry);
      }
    }
    return new Query.PageAnswer(entries, false, revision);
  }

  /** Null if the key doesn't exist. */
  private KeyRecord find(byte[] storeKey) {
    byte[] stored = records.get(storeKey);
    return stored == null ? null : KeyRecord.decode(stored);
  }

  private static boolean holds(Condition condition, KeyRecord old) {
    if (condition instanceof Condition.ModRevision expected) {
      return expected.revision() == modRevision(old);
    }
    if (condition instanceof Condition.Absent) {
      return old == null;
    }
    if (condition instanceof Condition.Present) {
      return old != null;
    }
    return true;
  }

  private static Result conditionFailed(KeyRecord old) {
    return new Result.ConditionFailed(modRevision(old));
  }

  private static long modRevision(KeyRecord old) {
    return old == null ? 0 : old.modRevision();
  }

  private static KeyValue previous(boolean wanted, byte[] key, KeyRecord old) {
    return wanted && old != null ? old.of(key) : null;
  }

  /** The first key to list: with a lower bound the one right behind it, if that is later. */
  private static byte[] later(byte[] prefix, byte[] after, boolean bounded) {
    if (!bounded || Arrays.compareUnsigned(after, prefix) < 0) {
      return prefix;
    }
    return Arrays.copyOf(after, after.length + 1);
  }

  /** The first key behind all those with a prefix. The first byte, the space's, is never 0xff. */
  private static byte[] behind(byte[] prefix) {
    int last = prefix.length - 1;
    while (prefix[last] == (byte) 0xff) {
      last--;
    }
    byte[] behind = Arrays.copyOf(prefix, last + 1);
    behind[last]++;
    return behind;
  }
}
