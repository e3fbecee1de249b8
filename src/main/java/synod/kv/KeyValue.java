package synod.kv;

import java.util.Arrays;
import java.util.Objects;

/**
 * A key with its value and metadata, as etcd has them.
 *
 * @param createRevision the revision at which the key came to be
 * @param modRevision the revision of its latest change
 * @param version the number of changes since it came to be, from 1
 */
public record KeyValue(
    byte[] key, byte[] value, long createRevision, long modRevision, long version) {
  public KeyValue {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(value, "value");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof KeyValue that
        && Arrays.equals(key, that.key)
        && Arrays.equals(value, that.value)
        && createRevision == that.createRevision
        && modRevision == that.modRevision
        && version == that.version;
  }

  @Override
  public int hashCode() {
    return Objects.hash(
        Arrays.hashCode(key), Arrays.hashCode(value), createRevision, modRevision, version);
  }
}
