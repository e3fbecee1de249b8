package synod.sim;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import synod.check.Bytes;
import synod.check.Operation;
import synod.kv.Command;

/** Keys, values and commands as the clients of the simulation use them. */
public final class Payloads {
  private Payloads() {}

  public static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  public static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Whether two commands do the same. Values are unique, so that two puts never do. */
  public static boolean same(Command a, Command b) {
    if (a instanceof Command.Put one && b instanceof Command.Put other) {
      return Arrays.equals(one.key(), other.key()) && Arrays.equals(one.value(), other.value());
    }
    return a instanceof Command.Delete one
        && b instanceof Command.Delete other
        && Arrays.equals(one.key(), other.key());
  }

  public static String describe(Command command) {
    if (command instanceof Command.Put put) {
      return "put " + text(put.key()) + " = " + text(put.value());
    }
    return command instanceof Command.Delete delete
        ? "delete " + text(delete.key())
        : String.valueOf(command);
  }

  /** A write as the checker knows it. */
  public static Operation operation(Command command) {
    if (command instanceof Command.Put put) {
      return new Operation.Put(
          Bytes.of(put.key()), Bytes.of(put.value()), condition(put.condition()));
    }
    Command.Delete delete = (Command.Delete) command;
    return new Operation.Delete(Bytes.of(delete.key()), condition(delete.condition()));
  }

  private static Operation.Condition condition(Command.Condition condition) {
    if (condition instanceof Command.Condition.ModRevision expected) {
      return Operation.Condition.modRevision(expected.revision());
    } else if (condition instanceof Command.Condition.Absent) {
      return Operation.Condition.ABSENT;
    }
    return condition instanceof Command.Condition.Present
        ? Operation.Condition.PRESENT
        : Operation.Condition.NONE;
  }
}
