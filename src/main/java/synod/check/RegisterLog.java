package synod.check;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import synod.check.RegisterModel.Cas;
import synod.check.RegisterModel.FailedCas;
import synod.check.RegisterModel.Op;
import synod.check.RegisterModel.Read;
import synod.check.RegisterModel.Write;

/**
 * Jepsen's log of one register: {@code INFO jepsen.util - PROCESS :TYPE :FUNCTION VALUE}. Type
 * {@code :fail} says that there was no effect, which for a compare-and-set tells what the value
 * wasn't; {@code :info} that the outcome isn't known.
 */
final class RegisterLog extends EventLog<String, Op> {
  private static final Pattern LINE =
      Pattern.compile("INFO\\s+jepsen\\.util\\s+-\\s+(\\S+)\\s+:(\\w+)\\s+:(\\w+)\\s+(.+)");
  private static final Pattern PAIR = Pattern.compile("\\[(\\w+) (\\w+)]");
  private static final String PART = "the register";
  private static final String TIMED_OUT = ":timed-out";

  RegisterLog() {
    super(new RegisterModel());
  }

  @Override
  public void line(String text, long number) {
    Matcher line = LINE.matcher(text.strip());
    if (!line.matches()) {
      throw new IllegalArgumentException("no event in a register log of Jepsen");
    }
    String process = line.group(1);
    String function = line.group(3);
    String value = line.group(4);
    String what = function.equals("read") ? function : function + " " + value;
    switch (line.group(2)) {
      case "invoke" -> begin(process, PART, what, open(function, value), number);
      case "ok" -> end(process, PART, what, done(function, value), number);
      case "fail" -> {
        if (value.equals(TIMED_OUT) && !function.equals("read")) {
          throw new IllegalArgumentException("only a read can time out without effect");
        }
        end(process, PART, what, failed(function, value), number);
      }
      case "info" -> giveUp(process, PART, function);
      default -> throw new IllegalArgumentException("unknown type :" + line.group(2));
    }
  }

  private static Op open(String function, String value) {
    return switch (function) {
      case "read" -> null;
      case "write" -> new Write(value, true);
      case "cas" -> new Cas(pair(value, 1), pair(value, 2), true);
      default -> throw new IllegalArgumentException("unknown function :" + function);
    };
  }

  private static Op done(String function, String value) {
    return switch (function) {
      case "read" -> new Read(value);
      case "write" -> new Write(value, false);
      case "cas" -> new Cas(pair(value, 1), pair(value, 2), false);
      default -> throw new IllegalArgumentException("unknown function :" + function);
    };
  }

  private static Op failed(String function, String value) {
    return function.equals("cas") ? new FailedCas(pair(value, 1), pair(value, 2)) : null;
  }

  private static String pair(String value, int which) {
    Matcher pair = PAIR.matcher(value);
    if (!pair.matches()) {
      throw new IllegalArgumentException("not a pair: " + value);
    }
    return pair.group(which);
  }
}
