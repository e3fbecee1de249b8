package synod.sim;

import java.util.Optional;
import java.util.SplittableRandom;
import synod.kv.Command;
import synod.kv.Command.Condition;
import synod.kv.Query;
import synod.node.Operation;

/** What clients ask for: writes, conditional ones too, and reads of every kind, on a few keys. */
final class Workload {
  private final SplittableRandom random;
  private final int keys;
  private int left;
  private int values;

  /** The last revision that anybody saw of any key, so that conditions hold now and then. */
  private long lastSeen;

  Workload(SplittableRandom random, int keys, int operations) {
    this.random = random;
    this.keys = keys;
    this.left = operations;
  }

  boolean isUsedUp() {
    return left <= 0;
  }

  /** No new operations. */
  void stop() {
    left = 0;
  }

  /** The next operation of a client; none if there are no more. */
  Optional<Operation> next(SimClient client) {
    if (left-- <= 0) {
      return Optional.empty();
    }
    lastSeen = Math.max(lastSeen, client.highestRevision());
    byte[] key = key(random.nextInt(keys));
    int choice = random.nextInt(100);
    if (choice < 45) {
      return Optional.of(put(key, client, choice < 35 ? Condition.NONE : condition()));
    } else if (choice < 57) {
      Condition condition = choice < 54 ? Condition.NONE : condition();
      return write(new Command.Delete(key, condition, random.nextBoolean()));
    } else if (choice < 88) {
      return Optional.of(new Operation.LinearizableRead(new Query.Get(key)));
    }
    long atLeast = random.nextBoolean() ? client.highestRevision() : 0;
    return Optional.of(new Operation.StaleRead(new Query.Get(key), atLeast));
  }

  /** A put of a value that is nobody else's. */
  Operation put(byte[] key, SimClient client, Condition condition) {
    byte[] value = Payloads.bytes(client.name() + "." + ++values);
    return new Operation.Write(new Command.Put(key, value, condition, random.nextInt(4) == 0));
  }

  static byte[] key(int number) {
    return Payloads.bytes("k" + number);
  }

  private static Optional<Operation> write(Command command) {
    return Optional.of(new Operation.Write(command));
  }

  private Condition condition() {
    int choice = random.nextInt(4);
    if (choice == 0) {
      return Condition.ABSENT;
    } else if (choice == 1) {
      return Condition.PRESENT;
    }
    return new Condition.ModRevision(Math.max(1, lastSeen - random.nextInt(3)));
  }
}
