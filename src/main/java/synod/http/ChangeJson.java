package synod.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import synod.kv.KeyChange;

/**
 * A change of a key in JSON. Keys and values are bytes, so they stand in base64.
 *
 * @param type {@code put} or {@code delete}
 * @param key the key as text, left out if it isn't UTF-8
 * @param value64 left out for a delete, as are the two behind the revision
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ChangeJson(
    String type,
    long revision,
    String key,
    byte[] key64,
    byte[] value64,
    Long createRevision,
    Long version) {
  static ChangeJson of(KeyChange change) {
    boolean isPut = !change.isDelete();
    return new ChangeJson(
        isPut ? "put" : "delete",
        change.revision(),
        Percent.text(change.key()),
        change.key(),
        change.value(),
        isPut ? change.createRevision() : null,
        isPut ? change.version() : null);
  }
}
