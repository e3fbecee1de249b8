package synod.cli.store;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import synod.client.ReadOptions;
import synod.client.WriteOptions;
import synod.client.WriteResult;
import synod.kv.KeyValue;
import synod.kv.Query.KeyAnswer;
import synod.kv.Query.PageAnswer;

/** A store that remembers which keys were seen, the latest thousand, to complete what is typed. */
final class KnownKeys implements Store {
  private static final int MAX = 1_000;

  private final Store store;
  private final Set<String> keys = new LinkedHashSet<>();

  KnownKeys(Store store) {
    this.store = store;
  }

  /** Those that are text, the latest last. */
  List<String> keys() {
    return List.copyOf(keys);
  }

  @Override
  public WriteResult put(byte[] key, byte[] value, WriteOptions options) {
    WriteResult result = store.put(key, value, options);
    remember(key);
    return result;
  }

  @Override
  public WriteResult delete(byte[] key, WriteOptions options) {
    WriteResult result = store.delete(key, options);
    forget(key);
    return result;
  }

  @Override
  public KeyAnswer get(byte[] key, ReadOptions options) {
    KeyAnswer answer = store.get(key, options);
    if (answer.found() == null) {
      forget(key);
    } else {
      remember(key);
    }
    return answer;
  }

  @Override
  public PageAnswer list(byte[] prefix, byte[] after, int limit, ReadOptions options) {
    PageAnswer page = store.list(prefix, after, limit, options);
    for (KeyValue entry : page.entries()) {
      remember(entry.key());
    }
    return page;
  }

  private void remember(byte[] bytes) {
    String key = Text.ofUtf8(bytes);
    if (key != null) {
      keys.remove(key);
      keys.add(key);
      if (keys.size() > MAX) {
        Iterator<String> oldest = keys.iterator();
        oldest.next();
        oldest.remove();
      }
    }
  }

  private void forget(byte[] key) {
    keys.remove(Text.ofUtf8(key));
  }
}
