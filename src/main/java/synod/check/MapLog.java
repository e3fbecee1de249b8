package synod.check;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import synod.check.AppendModel.Append;
import synod.check.AppendModel.Get;
import synod.check.AppendModel.Op;
import synod.check.AppendModel.Put;

/**
 * porcupine's log of a map of texts: {@code {:process P, :type :invoke|:ok, :f :get|:put|:append,
 * :key "K", :value "V"}}. A key that was never written reads as the empty text.
 */
final class MapLog extends EventLog<String, Op> {
  private static final String TEXT = "\"((?:[^\"\\\\]|\\\\.)*)\"";
  private static final Pattern LINE =
      Pattern.compile(
          "\\{:process (\\w+), :type :(\\w+), :f :(\\w+), :key "
              + TEXT
              + ", :value (?:nil|"
              + TEXT
              + ")}");

  MapLog() {
    super(new AppendModel());
  }

  @Override
  public void line(String text, long number) {
    Matcher line = LINE.matcher(text.strip());
    if (!line.matches()) {
      throw new IllegalArgumentException("no event in a map log of porcupine");
    }
    String process = line.group(1);
    String function = line.group(3);
    String part = "key \"" + line.group(4) + '"';
    String value = line.group(5) == null ? null : line.group(5).replaceAll("\\\\(.)", "$1");
    boolean invocation = line.group(2).equals("invoke");
    if (!invocation && !line.group(2).equals("ok")) {
      throw new IllegalArgumentException("unknown type :" + line.group(2));
    }
    if (value == null && !(invocation && function.equals("get"))) {
      throw new IllegalArgumentException(":" + function + " without a value");
    }
    String what = function.equals("get") ? function : function + " " + value;
    if (invocation) {
      begin(process, part, what, operation(function, value, true), number);
    } else {
      end(process, part, what, operation(function, value, false), number);
    }
  }

  private static Op operation(String function, String value, boolean open) {
    return switch (function) {
      case "get" -> open ? null : new Get(value);
      case "put" -> new Put(value, open);
      case "append" -> new Append(value, open);
      default -> throw new IllegalArgumentException("unknown function :" + function);
    };
  }
}
