package synod.kv;

import java.util.List;
import java.util.Objects;

/** What a client reads. Reads don't go through the log. */
public sealed interface Query {
  /** One key. */
  record Get(byte[] key) implements Query {
    public Get {
      Objects.requireNonNull(key, "key");
    }
  }

  /**
   * The keys that begin with a prefix, in order of their bytes.
   *
   * @param prefix empty for all keys
   * @param after only keys behind this one; empty for no such bound
   * @param limit at most this many, at least 1
   */
  record ListKeys(byte[] prefix, byte[] after, int limit) implements Query {
    public ListKeys {
      Objects.requireNonNull(prefix, "prefix");
      Objects.requireNonNull(after, "after");
    }
  }

  /** An answer, as of one state of the store. */
  sealed interface Answer {
    /** The store's revision that was seen. */
    long revision();
  }

  /**
   * @param found the key's value and metadata, null if it doesn't exist
   */
  record KeyAnswer(KeyValue found, long revision) implements Answer {}

  /**
   * @param more whether further keys follow the last one
   */
  record PageAnswer(List<KeyValue> entries, boolean more, long revision) implements Answer {
    public PageAnswer {
      entries = List.copyOf(entries);
    }
  }
}
