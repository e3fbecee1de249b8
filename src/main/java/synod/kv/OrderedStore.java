package synod.kv;

import java.util.List;
import java.util.Objects;

/**
 * The ordered map of bytes that the replicated state lives in. One owner at a time; calls may block
 * on the disk. Keys are compared as unsigned bytes.
 */
public interface OrderedStore {
  /** The value of a key, or null. Nobody may write to it. */
  byte[] get(byte[] key);

  /**
   * A cursor over the keys in {@code [from, to)}, in order, on the state as it is now; to be closed
   * by the caller.
   */
  Cursor scan(byte[] from, byte[] to);

  /**
   * Makes all of the changes or, after a crash, none: a crash may lose the latest commits, but
   * never a part of one and never an earlier one alone. On return they can be read; they are not
   * durable before {@link #flush()}.
   */
  void commit(List<Change> changes);

  /**
   * Deletes all keys in {@code [from, to)}, as a commit of its own. Only for keys whose puts are
   * durable: that they come back after a crash must do no harm.
   */
  void deleteRange(byte[] from, byte[] to);

  /** On return every earlier commit is durable. */
  void flush();

  /**
   * One change of a commit.
   *
   * @param value null to delete the key; kept as it is: nobody may write to it
   * @param putOnce of a deletion: the key is put only once in its life, so that if that put hasn't
   *     reached the disk yet, neither has to
   */
  record Change(byte[] key, byte[] value, boolean putOnce) {
    public Change {
      Objects.requireNonNull(key, "key");
    }

    public Change(byte[] key, byte[] value) {
      this(key, value, false);
    }
  }

  /** Stands on an entry after each {@link #next()} that returned true. */
  interface Cursor extends AutoCloseable {
    boolean next();

    byte[] key();

    byte[] value();

    @Override
    void close();
  }
}
