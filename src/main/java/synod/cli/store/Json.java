package synod.cli.store;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import synod.kv.KeyValue;

/** What commands print for programs, in the words of the HTTP interface. */
final class Json {
  private Json() {}

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** Key and value in base64 and, where they are UTF-8, as text. */
  static ObjectNode of(KeyValue entry) {
    ObjectNode json = object();
    text(json, "key", entry.key());
    json.put("key64", entry.key());
    text(json, "value", entry.value());
    json.put("value64", entry.value());
    return json.put("createRevision", entry.createRevision())
        .put("modRevision", entry.modRevision())
        .put("version", entry.version());
  }

  /** A change as a node told it, with the value as text where it is UTF-8. */
  static ObjectNode change(ObjectNode told) throws IOException {
    if (told.has("value64")) {
      text(told, "value", told.path("value64").binaryValue());
    }
    return told;
  }

  private static void text(ObjectNode json, String field, byte[] bytes) {
    String text = Text.ofUtf8(bytes);
    if (text != null) {
      json.put(field, text);
    }
  }
}
