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

  /**
   * The changes of keys that begin with a prefix, in the order of their revisions.
   *
   * @param prefix empty for all keys
   * @param from only changes of this revision or later ones
   * @param limit at most this many, at least 1
   */
  record ListChanges(byte[] prefix, long from, int limit) implements Query {
    public ListChanges {
      Objects.requireNonNull(prefix, "prefix");
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
   * @param changes all that match from the revision asked for up to the one before {@code next}
   * @param next where to go on
   * @param compacted changes up to this revision can't be had any more; if the one asked for is
   *     among them, there are none here
   */
  record ChangesAnswer(List<KeyChange> changes, long next, long compacted, long revision)
      implements Answer {
    public ChangesAnswer {
      changes = List.copyOf(changes);
    }
  }

  /**
   * @param more whether further keys follow the last one
   */
  record PageAnswer(List<KeyValue> entries, boolean more, long revision) implements Answer {
    public PageAnswer {
      entries = List.copyOf(entries);
    }
  }
}
