package synod.kv;

/**
 * How far a stored state has come, read without loading the state machine.
 *
 * @param applied the last slot applied, 0 before the first
 * @param revision the store's revision, 0 before the first change
 * @param version the cluster's format version: see {@link FormatVersion}
 */
public record StoredPosition(long applied, long revision, int version) {
  /**
   * @throws CodecException if the store's record of it can't be read
   */
  public static StoredPosition read(OrderedStore store) {
    StateRecord state = StateRecord.load(store);
    return new StoredPosition(state.applied(), state.revision(), state.version());
  }
}
