package synod.sim.actors;

import java.util.Optional;
import java.util.SplittableRandom;
import synod.kv.Command;
import synod.kv.Command.Condition;
import synod.kv.Query;
import synod.node.Operation;
import synod.sim.Payloads;

/** What clients ask for: writes, conditional ones too, and reads of every kind, on a few keys. */
final class Workload {
  private final SplittableRandom random;
  private final int keys;
  private int left;
  private int values;

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

  /**
   * The next operation of a client; none if there are no more.
   *
   * @param seen the highest revision that the client was told of
   */
  Optional<Operation> next(String client, long seen) {
    if (left-- <= 0) {
      return Optional.empty();
    }
    byte[] key = key(random.nextInt(keys));
    int choice = random.nextInt(100);
    if (choice < 45) {
      return Optional.of(put(key, client, choice < 35 ? Condition.NONE : condition(seen)));
    } else if (choice < 57) {
      Condition condition = choice < 54 ? Condition.NONE : condition(seen);
      return Optional.of(
          new Operation.Write(new Command.Delete(key, condition, random.nextBoolean())));
    } else if (choice < 88) {
      return Optional.of(get(key));
    }
    return Optional.of(
        new Operation.StaleRead(new Query.Get(key), random.nextBoolean() ? seen : 0));
  }

  /** A put of a value that is nobody else's. */
  Operation put(byte[] key, String client, Condition condition) {
    byte[] value = Payloads.bytes(client + "." + ++values);
    return new Operation.Write(new Command.Put(key, value, condition, random.nextInt(4) == 0));
  }

  static Operation get(byte[] key) {
    return new Operation.LinearizableRead(new Query.Get(key));
  }

  static byte[] key(int number) {
    return Payloads.bytes("k" + number);
  }

  private Condition condition(long seen) {
    int choice = random.nextInt(4);
    if (choice == 0) {
      return Condition.ABSENT;
    } else if (choice == 1) {
      return Condition.PRESENT;
    }
    return new Condition.ModRevision(Math.max(1, seen - random.nextInt(3)));
  }
}
