package synod.explore;

/** A map from numbers to objects that makes no objects of its own. Nothing is ever removed. */
final class LongMap<V> {
  private long[] keys = new long[1 << 12];
  private Object[] values = new Object[1 << 12];
  private int size;

  /** Null if there is none. */
  @SuppressWarnings("unchecked") // only put writes there
  V get(long key) {
    return (V) values[place(key, keys, values)];
  }

  /** The key must be new. */
  void put(long key, V value) {
    if (2 * ++size > keys.length) {
      grow();
    }
    int at = place(key, keys, values);
    keys[at] = key;
    values[at] = value;
  }

  private void grow() {
    long[] wider = new long[2 * keys.length];
    Object[] moved = new Object[wider.length];
    for (int i = 0; i < keys.length; i++) {
      if (values[i] != null) {
        int at = place(keys[i], wider, moved);
        wider[at] = keys[i];
        moved[at] = values[i];
      }
    }
    keys = wider;
    values = moved;
  }

  private static int place(long key, long[] keys, Object[] values) {
    int mask = keys.length - 1;
    int at = (int) mix(key) & mask;
    while (values[at] != null && keys[at] != key) {
      at = (at + 1) & mask;
    }
    return at;
  }

  static long mix(long key) {
    long mixed = (key ^ key >>> 32) * 0x9E3779B97F4A7C15L;
    mixed = (mixed ^ mixed >>> 29) * 0xBF58476D1CE4E5B9L;
    return mixed ^ mixed >>> 32;
  }
}
