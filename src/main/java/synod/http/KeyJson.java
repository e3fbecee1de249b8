package synod.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import synod.kv.KeyValue;

/**
 * A key with its value and metadata in JSON. Keys and values are bytes, so they stand in base64.
 *
 * @param key the key as text, left out if it isn't UTF-8
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record KeyJson(
    String key, byte[] key64, byte[] value64, long createRevision, long modRevision, long version) {
  static KeyJson of(KeyValue found) {
    return new KeyJson(
        Percent.text(found.key()),
        found.key(),
        found.value(),
        found.createRevision(),
        found.modRevision(),
        found.version());
  }
}
