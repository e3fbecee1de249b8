package synod.kv;

import java.util.Arrays;
import java.util.Objects;

/**
 * One change of a key, which made one revision. Keys and values are shared bytes: nobody writes to
 * them.
 *
 * @param value null if the key was deleted
 * @param createRevision the revision that created the key; 0 if it was deleted
 * @param version the key's version after it; 0 if it was deleted
 */
public record KeyChange(
    long revision, byte[] key, byte[] value, long createRevision, long version) {
  public KeyChange {
    Objects.requireNonNull(key, "key");
  }

  public boolean isDelete() {
    return value == null;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof KeyChange that
        && revision == that.revision
        && createRevision == that.createRevision
        && version == that.version
        && Arrays.equals(key, that.key)
        && Arrays.equals(value, that.value);
  }

  @Override
  public int hashCode() {
    return Objects.hash(
        revision, Arrays.hashCode(key), Arrays.hashCode(value), createRevision, version);
  }
}
