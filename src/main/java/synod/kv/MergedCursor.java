package synod.kv;

import java.util.Arrays;
import java.util.List;

/** What is stored, with changes in place of what they change. */
final class MergedCursor implements OrderedStore.Cursor {
  private final List<OrderedStore.Change> changes;
  private final OrderedStore.Cursor stored;
  private int nextChange;

  /** Whether {@code stored} stands on an entry, which may be the present one. */
  private boolean storedLeft;

  /** Whether the present entry is that of {@code stored}; else it is {@code current}. */
  private boolean onStored;

  private OrderedStore.Change current;

  /**
   * @param changes in the order of their keys, each once
   * @param stored stands before its first entry; closed with this
   */
  MergedCursor(List<OrderedStore.Change> changes, OrderedStore.Cursor stored) {
    this.changes = changes;
    this.stored = stored;
    this.storedLeft = stored.next();
  }

  @Override
  public boolean next() {
    if (onStored) {
      storedLeft = stored.next();
      onStored = false;
    }
    while (nextChange < changes.size()) {
      OrderedStore.Change change = changes.get(nextChange);
      int order = storedLeft ? Arrays.compareUnsigned(change.key(), stored.key()) : -1;
      if (order > 0) {
        break;
      }
      nextChange++;
      if (order == 0) {
        storedLeft = stored.next();
      }
      if (change.value() != null) {
        current = change;
        return true;
      }
    }
    onStored = storedLeft;
    return storedLeft;
  }

  @Override
  public byte[] key() {
    return onStored ? stored.key() : current.key().clone();
  }

  @Override
  public byte[] value() {
    return onStored ? stored.value() : current.value().clone();
  }

  @Override
  public void close() {
    stored.close();
  }
}
