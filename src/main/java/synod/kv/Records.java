package synod.kv;

/**
 * The records that replicas hold in common: keys, sessions and history. Every change of them goes
 * through here, and changes their sum by the difference, however large the state is.
 *
 * <p>Invariant: {@link #sum} is the sum of {@link RecordHash} over all records of the common
 * spaces, modulo 2^64; so replicas with the same records have the same sum, whatever the order in
 * which the records came.
 */
final class Records {
  private final Changes changes;
  private final Scrub scrub;
  private long sum;

  /**
   * @param sum of the records that the store holds
   */
  Records(Changes changes, Scrub scrub, long sum) {
    this.changes = changes;
    this.scrub = scrub;
    this.sum = sum;
  }

  long sum() {
    return sum;
  }

  /** The record as it will be after the commit, or null. Nobody may write to it. */
  byte[] get(byte[] key) {
    return changes.get(key);
  }

  /** See {@link Changes#scan}. */
  OrderedStore.Cursor scan(byte[] from, byte[] to) {
    return changes.scan(from, to);
  }

  /**
   * @param old what {@link #get} gives for the key now
   * @param value kept as it is: nobody may write to it
   */
  void put(byte[] key, byte[] old, byte[] value) {
    replaced(key, old, value);
    changes.put(key, value);
  }

  /**
   * @param old what {@link #get} gives for the key now
   */
  void delete(byte[] key, byte[] old) {
    replaced(key, old, null);
    changes.delete(key);
  }

  /** Deletes a record whose key is put only once in its life. */
  void deletePutOnce(byte[] key, byte[] old) {
    replaced(key, old, null);
    changes.deletePutOnce(key);
  }

  private void replaced(byte[] key, byte[] old, byte[] value) {
    long difference = RecordHash.of(key, value) - RecordHash.of(key, old);
    sum += difference;
    scrub.replaced(key, difference);
  }
}
