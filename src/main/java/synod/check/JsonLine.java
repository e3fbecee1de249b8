package synod.check;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One flat JSON object on a line: strings, whole numbers, booleans and null, no nesting. Strict on
 * reading: RFC 8259, no name twice, nothing behind the object, numbers that a long holds.
 */
final class JsonLine {
  private static final String ESCAPED = "\"\\/bfnrt";
  private static final String NUMBER = "0123456789.eE+-";
  private static final String MEANT = "\"\\/\b\f\n\r\t";

  private final String line;
  private int at;

  private JsonLine(String line) {
    this.line = line;
  }

  /**
   * The fields in the order in which they stand; values are String, Long, Boolean or null.
   *
   * @throws IllegalArgumentException saying what is wrong at which column
   */
  static Map<String, Object> parse(String line) {
    return new JsonLine(line).object();
  }

  /** The fields as one line without its end; values as {@link #parse} gives them. */
  static String format(Map<String, Object> fields) {
    StringBuilder out = new StringBuilder("{");
    fields.forEach(
        (name, value) -> {
          appendString(out.length() == 1 ? out : out.append(','), name);
          out.append(':');
          if (value instanceof String text) {
            appendString(out, text);
          } else {
            out.append(value);
          }
        });
    return out.append('}').toString();
  }

  private static void appendString(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ' || Character.isSurrogate(c)) {
        out.append("\\u%04x".formatted((int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }

  private Map<String, Object> object() {
    Map<String, Object> fields = new LinkedHashMap<>();
    expect('{');
    if (!skip('}')) {
      do {
        spaces();
        int start = at;
        String name = string();
        expect(':');
        Object value = value();
        if (fields.containsKey(name)) {
          at = start;
          throw wrong("\"" + name + "\" for the second time");
        }
        fields.put(name, value);
      } while (skip(','));
      expect('}');
    }
    spaces();
    if (at < line.length()) {
      throw wrong("something behind the object");
    }
    return fields;
  }

  private Object value() {
    spaces();
    char c = at < line.length() ? line.charAt(at) : 0;
    if (c == '"') {
      return string();
    }
    if (c == '-' || c >= '0' && c <= '9') {
      return number();
    }
    for (String word : new String[] {"true", "false", "null"}) {
      if (line.startsWith(word, at)) {
        at += word.length();
        return word.equals("null") ? null : Boolean.valueOf(word);
      }
    }
    throw wrong("a string, a number, true, false or null expected");
  }

  private Long number() {
    int start = at++;
    while (at < line.length() && NUMBER.indexOf(line.charAt(at)) >= 0) {
      at++;
    }
    String digits = line.substring(start, at);
    if (!digits.matches("-?(0|[1-9][0-9]*)")) {
      at = start;
      throw wrong("not a whole number: " + digits);
    }
    try {
      return Long.valueOf(digits);
    } catch (NumberFormatException tooLarge) {
      at = start;
      throw wrong("beyond 64 bits: " + digits);
    }
  }

  private String string() {
    expect('"');
    StringBuilder text = new StringBuilder();
    while (at < line.length()) {
      char c = line.charAt(at++);
      if (c == '"') {
        return text.toString();
      }
      if (c < ' ') {
        at--;
        throw wrong("a control character in a string");
      }
      text.append(c == '\\' ? escape() : c);
    }
    throw wrong("a string without end");
  }

  private char escape() {
    char c = at < line.length() ? line.charAt(at++) : 0;
    int known = ESCAPED.indexOf(c);
    if (known >= 0) {
      return MEANT.charAt(known);
    }
    if (c == 'u' && at + 4 <= line.length()) {
      String digits = line.substring(at, at + 4);
      if (digits.matches("[0-9a-fA-F]{4}")) {
        at += 4;
        return (char) Integer.parseInt(digits, 16);
      }
    }
    at--;
    throw wrong("not an escape");
  }

  private void expect(char c) {
    if (!skip(c)) {
      throw wrong("'" + c + "' expected");
    }
  }

  private boolean skip(char c) {
    spaces();
    return skipNow(c);
  }

  private boolean skipNow(char c) {
    boolean there = at < line.length() && line.charAt(at) == c;
    if (there) {
      at++;
    }
    return there;
  }

  private void spaces() {
    while (at < line.length() && (line.charAt(at) == ' ' || line.charAt(at) == '\t')) {
      at++;
    }
  }

  private IllegalArgumentException wrong(String what) {
    String where = at < line.length() ? "at column " + (at + 1) : "at the end of the line";
    return new IllegalArgumentException(what + ", " + where);
  }
}
