package synod.check;

import java.util.Base64;
import java.util.Map;

/**
 * The fields of a line, taken out one by one; what is left at the end is something that the reader
 * doesn't know. All methods throw IllegalArgumentException naming the field that is wrong.
 */
final class Fields {
  private final Map<String, Object> fields;

  Fields(String line) {
    fields = JsonLine.parse(line);
  }

  boolean has(String name) {
    return fields.containsKey(name);
  }

  /** The field's value, or null if it isn't there. */
  Object any(String name) {
    return fields.remove(name);
  }

  String text(String name) {
    if (fields.remove(name) instanceof String text) {
      return text;
    }
    throw new IllegalArgumentException("\"" + name + "\" must be a string");
  }

  long number(String name) {
    if (fields.remove(name) instanceof Long number) {
      return number;
    }
    throw new IllegalArgumentException("\"" + name + "\" must be a whole number");
  }

  /** A revision that may be missing. */
  long reported(String name) {
    return has(name) ? number(name) : Outcome.UNREPORTED;
  }

  Bytes bytes(String name) {
    String base64 = name + "64";
    if (!has(base64)) {
      return Bytes.utf8(text(name));
    }
    try {
      return Bytes.of(Base64.getDecoder().decode(text(base64)));
    } catch (IllegalArgumentException notBase64) {
      throw new IllegalArgumentException(
          "\"" + base64 + "\": " + notBase64.getMessage(), notBase64);
    }
  }

  void end() {
    if (!fields.isEmpty()) {
      throw new IllegalArgumentException(
          "unknown field \"" + fields.keySet().iterator().next() + "\"");
    }
  }
}
