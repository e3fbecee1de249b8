package synod.kv;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Answers from memory what was lately read from another store, whether it was there or not: a
 * command reads the record that it replaces, and the keys that are written now are mostly those
 * that were a moment ago. Forgets what wasn't asked for the longest.
 *
 * <p>Invariant: what it remembers is what the other store would answer.
 *
 * <p>For one thread at a time.
 */
public final class CachingStore implements OrderedStore {
  /** What an answer takes in memory beside its bytes, about. */
  private static final int OVERHEAD_BYTES = 120;

  /** A larger one would push out many that are asked for as often. */
  private static final int LARGEST_PART = 64;

  private static final byte[] ABSENT = new byte[0];

  private final OrderedStore store;
  private final long maxBytes;
  private final Map<Changes.Key, byte[]> answers = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  /**
   * @param store nobody else may write to it
   * @param maxBytes about how much memory the answers may take; 0 to remember none
   */
  public CachingStore(OrderedStore store, long maxBytes) {
    this.store = store;
    this.maxBytes = maxBytes;
  }

  @Override
  public byte[] get(byte[] key) {
    Changes.Key wrapped = new Changes.Key(key);
    byte[] answer = answers.get(wrapped);
    if (answer == null) {
      answer = store.get(key);
      remember(wrapped, answer);
    }
    return answer == ABSENT ? null : answer;
  }

  @Override
  public Cursor scan(byte[] from, byte[] to) {
    return store.scan(from, to);
  }

  /** If it fails, what the other store answers to these keys isn't known here. */
  @Override
  public void commit(List<Change> changes) {
    // What nobody has asked for, as the log's entries, nobody will.
    Map<Changes.Key, byte[]> known = new HashMap<>();
    for (Change change : changes) {
      Changes.Key key = new Changes.Key(change.key());
      if (forget(key) || known.containsKey(key)) {
        known.put(key, change.value());
      }
    }
    store.commit(changes);
    known.forEach(this::remember);
  }

  /** Rare, and of keys that are seldom asked for: it isn't worth finding them. */
  @Override
  public void deleteRange(byte[] from, byte[] to) {
    answers.clear();
    bytes = 0;
    store.deleteRange(from, to);
  }

  @Override
  public void flush() {
    store.flush();
  }

  private void remember(Changes.Key key, byte[] value) {
    byte[] answer = value == null ? ABSENT : value;
    long size = size(key, answer);
    if (size > maxBytes / LARGEST_PART) {
      return;
    }
    forget(key);
    answers.put(key, answer);
    bytes += size;
    var eldest = answers.entrySet().iterator();
    while (bytes > maxBytes) {
      Map.Entry<Changes.Key, byte[]> entry = eldest.next();
      bytes -= size(entry.getKey(), entry.getValue());
      eldest.remove();
    }
  }

  /** Whether there was anything to forget. */
  private boolean forget(Changes.Key key) {
    byte[] answer = answers.remove(key);
    if (answer == null) {
      return false;
    }
    bytes -= size(key, answer);
    return true;
  }

  private static long size(Changes.Key key, byte[] answer) {
    return OVERHEAD_BYTES + key.length() + answer.length;
  }
}
