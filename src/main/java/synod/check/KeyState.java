package synod.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What a key may hold: absent, or a value at one of a set of mod revisions. The set is one revision
 * if somebody was told it; after a write of unknown outcome it is every revision from a lowest one
 * on, except those that a failed condition has ruled out since. Each method that narrows the state
 * gives back null if nothing is left.
 */
final class KeyState {
  static final KeyState INITIAL = new KeyState(null, 0, false, List.of());

  private final Bytes value;
  private final long lowest;
  private final boolean exact;
  private final List<Long> ruledOut;

  /**
   * @param value null if absent
   * @param lowest the lowest revision that the key's latest change can have
   * @param exact whether it is the only one; false if absent, where it makes no difference
   * @param ruledOut revisions above the lowest, ascending; empty if exact or absent
   */
  private KeyState(Bytes value, long lowest, boolean exact, List<Long> ruledOut) {
    this.value = value;
    this.lowest = lowest;
    this.exact = exact;
    this.ruledOut = ruledOut;
  }

  boolean absent() {
    return value == null;
  }

  /** The value, null if absent. */
  Bytes value() {
    return value;
  }

  boolean holds(Bytes content) {
    return content.equals(value);
  }

  long lowestRevision() {
    return lowest;
  }

  /** After a put or, if the value is null, a deletion that made this revision. */
  KeyState changedAt(long revision, Bytes newValue) {
    return revision > lowest ? new KeyState(newValue, revision, newValue != null, List.of()) : null;
  }

  /** After a put or, if the value is null, a deletion whose revision nobody was told. */
  KeyState changed(Bytes newValue) {
    return new KeyState(newValue, lowest + 1, false, List.of());
  }

  /** If the key holds a value of this revision. */
  KeyState at(long revision) {
    if (absent() || !mayBeAt(revision)) {
      return null;
    }
    return exact ? this : new KeyState(value, revision, true, List.of());
  }

  /** If the key is absent or holds a value of another revision. */
  KeyState notAt(long revision) {
    if (absent() || !mayBeAt(revision)) {
      return this;
    }
    if (exact) {
      return null;
    }
    List<Long> without = new ArrayList<>(ruledOut);
    without.add(revision);
    without.sort(null);
    long least = lowest;
    while (!without.isEmpty() && without.get(0) == least) {
      without.remove(0);
      least++;
    }
    return new KeyState(value, least, false, List.copyOf(without));
  }

  private boolean mayBeAt(long revision) {
    return exact ? revision == lowest : revision >= lowest && !ruledOut.contains(revision);
  }

  /** The value, which a state has in common with all that it covers. */
  Object shape() {
    return Objects.requireNonNullElse(value, INITIAL);
  }

  /** Whether each revision that the other may be at is one that this may be at, too. */
  boolean covers(KeyState other) {
    if (!Objects.equals(value, other.value)) {
      return false;
    }
    if (absent()) {
      return lowest <= other.lowest;
    }
    if (exact || other.exact) {
      return (other.exact || !exact) && mayBeAt(other.lowest);
    }
    return lowest <= other.lowest && ruledOut.stream().noneMatch(other::mayBeAt);
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof KeyState that
        && lowest == that.lowest
        && exact == that.exact
        && Objects.equals(value, that.value)
        && ruledOut.equals(that.ruledOut);
  }

  @Override
  public int hashCode() {
    return (Objects.hashCode(value) * 31 + Long.hashCode(lowest)) * 31
        + ruledOut.hashCode() * 2
        + (exact ? 1 : 0);
  }

  @Override
  public String toString() {
    if (absent()) {
      return "absent";
    }
    String except = ruledOut.isEmpty() ? "" : " except " + ruledOut;
    return value + " at revision " + lowest + (exact ? "" : " or later" + except);
  }
}
