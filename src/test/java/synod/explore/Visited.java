package synod.explore;

import java.util.Arrays;

/**
 * The states met so far, in the order in which they were met, each with the one that it was first
 * reached from. 27 bytes a state or so.
 */
final class Visited {
  private static final int CHUNK = 1 << 20;

  private long[][] high = new long[1][];
  private long[][] low = new long[1][];
  private int[][] parents = new int[1][];
  private int size;

  /** Places of states plus one; 0 is free. */
  private int[] table = new int[1 << 16];

  int size() {
    return size;
  }

  long high(int state) {
    return high[state / CHUNK][state % CHUNK];
  }

  long low(int state) {
    return low[state / CHUNK][state % CHUNK];
  }

  int parent(int state) {
    return parents[state / CHUNK][state % CHUNK];
  }

  /** Whether the state was new. */
  boolean add(long newHigh, long newLow, int parent) {
    int at = place(table, newHigh, newLow);
    if (table[at] != 0) {
      return false;
    }
    append(newHigh, newLow, parent);
    table[at] = size;
    if (size > table.length / 4 * 3) {
      grow();
    }
    return true;
  }

  private void append(long newHigh, long newLow, int parent) {
    int chunk = size / CHUNK;
    if (chunk == high.length) {
      high = Arrays.copyOf(high, 2 * chunk);
      low = Arrays.copyOf(low, 2 * chunk);
      parents = Arrays.copyOf(parents, 2 * chunk);
    }
    if (high[chunk] == null) {
      high[chunk] = new long[CHUNK];
      low[chunk] = new long[CHUNK];
      parents[chunk] = new int[CHUNK];
    }
    high[chunk][size % CHUNK] = newHigh;
    low[chunk][size % CHUNK] = newLow;
    parents[chunk][size % CHUNK] = parent;
    size++;
  }

  private void grow() {
    int[] wider = new int[2 * table.length];
    for (int state = 0; state < size; state++) {
      wider[place(wider, high(state), low(state))] = state + 1;
    }
    table = wider;
  }

  private int place(int[] places, long wantedHigh, long wantedLow) {
    int mask = places.length - 1;
    int at = (int) (LongMap.mix(wantedHigh * 31 + LongMap.mix(wantedLow))) & mask;
    while (places[at] != 0
        && (high(places[at] - 1) != wantedHigh || low(places[at] - 1) != wantedLow)) {
      at = (at + 1) & mask;
    }
    return at;
  }
}
