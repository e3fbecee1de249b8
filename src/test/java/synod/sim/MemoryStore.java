package synod.sim;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import synod.kv.OrderedStore;

/**
 * An {@link OrderedStore} in memory that can crash as a disk can: commits since the last flush may
 * be lost, the newest first, each as a whole. It remembers what such a crash would bring back, so
 * it grows until it is flushed.
 */
public class MemoryStore implements OrderedStore {
  private final TreeMap<byte[], byte[]> contents = new TreeMap<>(Arrays::compareUnsigned);

  /** For each commit since the last flush, newest first, the changes that take it back. */
  private final Deque<Deque<Change>> undo = new ArrayDeque<>();

  @Override
  public byte[] get(byte[] key) {
    byte[] value = contents.get(key);
    return value == null ? null : value.clone();
  }

  @Override
  public Cursor scan(byte[] from, byte[] to) {
    List<Change> found = new ArrayList<>();
    for (Map.Entry<byte[], byte[]> entry : contents.subMap(from, to).entrySet()) {
      found.add(new Change(entry.getKey(), entry.getValue()));
    }
    return new ListCursor(found);
  }

  @Override
  public void commit(List<Change> changes) {
    Deque<Change> before = new ArrayDeque<>(changes.size());
    for (Change change : changes) {
      before.push(new Change(change.key(), contents.get(change.key())));
      apply(change);
    }
    undo.push(before);
  }

  @Override
  public void deleteRange(byte[] from, byte[] to) {
    commit(contents.subMap(from, to).keySet().stream().map(key -> new Change(key, null)).toList());
  }

  @Override
  public void flush() {
    undo.clear();
  }

  /** All that it holds now, durable or not, in a store of its own. */
  public MemoryStore copy() {
    MemoryStore copy = new MemoryStore();
    copy.contents.putAll(contents);
    return copy;
  }

  /** From now on it holds just what another one holds, durably. */
  public void become(MemoryStore other) {
    contents.clear();
    contents.putAll(other.contents);
    undo.clear();
  }

  /** What it holds, as bytes that {@link #read} takes. */
  public byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    contents.forEach(
        (key, value) -> {
          bytes.writeBytes(ByteBuffer.allocate(8).putInt(key.length).putInt(value.length).array());
          bytes.writeBytes(key);
          bytes.writeBytes(value);
        });
    return bytes.toByteArray();
  }

  public static MemoryStore read(byte[] bytes) {
    MemoryStore store = new MemoryStore();
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      byte[] key = new byte[buffer.getInt()];
      byte[] value = new byte[buffer.getInt()];
      buffer.get(key).get(value);
      store.contents.put(key, value);
    }
    return store;
  }

  /** Loses between none and all of the commits since the last flush; the others are durable now. */
  public void crash(RandomGenerator random) {
    crash(random.nextInt(undo.size() + 1));
  }

  /** Loses exactly this many of the latest commits since the last flush. */
  public void crash(int lostCommits) {
    for (int i = 0; i < lostCommits; i++) {
      undo.pop().forEach(this::apply);
    }
    undo.clear();
  }

  /** The number of commits that a crash may lose. */
  public int unflushedCommits() {
    return undo.size();
  }

  private void apply(Change change) {
    if (change.value() == null) {
      contents.remove(change.key());
    } else {
      contents.put(change.key(), change.value());
    }
  }

  private static final class ListCursor implements Cursor {
    private final List<Change> entries;
    private int position = -1;

    ListCursor(List<Change> entries) {
      this.entries = entries;
    }

    @Override
    public boolean next() {
      return ++position < entries.size();
    }

    @Override
    public byte[] key() {
      return entries.get(position).key().clone();
    }

    @Override
    public byte[] value() {
      return entries.get(position).value().clone();
    }

    @Override
    public void close() {
      position = entries.size();
    }
  }
}
