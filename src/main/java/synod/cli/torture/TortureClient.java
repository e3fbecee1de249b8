package synod.cli.torture;

import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import synod.check.Bytes;
import synod.check.Operation;
import synod.check.Operation.Condition;
import synod.check.Outcome;
import synod.cli.LocalNode;
import synod.cli.workload.Pace;
import synod.cli.workload.StoreClient;
import synod.cli.workload.Tally;

/**
 * One client: reads, stale ones too, puts, compare-and-sets and deletes, on the keys that all
 * clients use, at all nodes.
 */
final class TortureClient implements Runnable {
  /** What all clients have in common. */
  record Common(
      List<LocalNode> nodes, Registers registers, Tally tally, Availability availability) {}

  private final String name;
  private final StoreClient client;
  private final Common common;
  private final Random random;
  private final Pace pace;
  private final BooleanSupplier working;
  private long writes;
  private long lastRevision;

  /** What this client knows of the key that it used last. */
  private Registers.Register known = new Registers.Register(0, -1);

  private long knownRevision;

  /**
   * @param working whether to go on
   */
  TortureClient(
      String name,
      StoreClient client,
      Common common,
      Random random,
      Pace pace,
      BooleanSupplier working) {
    this.name = name;
    this.client = client;
    this.common = common;
    this.random = random;
    this.pace = pace;
    this.working = working;
  }

  @Override
  public void run() {
    while (working.getAsBoolean()) {
      act();
      pace.await();
    }
  }

  private void act() {
    int dice = random.nextInt(100);
    if (dice < 15 && knownRevision > 0) {
      // What was read a moment ago is rarely still there, but often enough.
      write(known, put(known.key(), Condition.modRevision(knownRevision)));
      return;
    }
    Registers.Register register = common.registers().draw(random);
    Bytes key = register.key();
    if (dice < 45) {
      write(register, put(key, dice < 20 ? Condition.ABSENT : Condition.NONE));
    } else if (dice < 50) {
      write(register, new Operation.Delete(key, Condition.NONE));
    } else if (dice < 90) {
      read(register, new Operation.Get(key));
    } else {
      read(register, new Operation.StaleGet(key, lastRevision));
    }
  }

  private Operation put(Bytes key, Condition condition) {
    return new Operation.Put(key, Bytes.utf8(name + "." + ++writes), condition);
  }

  private void write(Registers.Register register, Operation write) {
    StoreClient.Done done = client.write(write, common.nodes());
    count(write instanceof Operation.Delete ? Tally.Kind.DELETE : Tally.Kind.PUT, done);
    if (done.outcome() instanceof Outcome.Applied applied) {
      common.availability().acknowledged(done.endNanos());
      lastRevision = Math.max(lastRevision, applied.revision());
      know(register, write instanceof Operation.Delete ? 0 : applied.revision());
    } else if (done.outcome() instanceof Outcome.Unknown) {
      common.registers().retire(register);
      know(register, 0);
    } else {
      know(register, 0);
    }
  }

  private void read(Registers.Register register, Operation read) {
    StoreClient.Done done = client.read(read, common.nodes());
    count(Tally.Kind.GET, done);
    if (done.outcome() instanceof Outcome.Read result) {
      lastRevision = Math.max(lastRevision, result.storeRevision());
      know(register, result.seen().modRevision());
    }
  }

  /** Reads all keys in use at every node. */
  void readEverywhere() {
    for (Registers.Register register : common.registers().current()) {
      for (LocalNode node : common.nodes()) {
        count(Tally.Kind.GET, client.read(new Operation.Get(register.key()), List.of(node)));
      }
    }
  }

  private void know(Registers.Register register, long modRevision) {
    known = register;
    knownRevision = modRevision;
  }

  private void count(Tally.Kind kind, StoreClient.Done done) {
    if (done.succeeded()) {
      common
          .tally()
          .succeeded(
              new Tally.Sample(name, kind, "", done.node(), "", done.slot(), done.micros()),
              done.endNanos());
    } else {
      common.tally().failed(kind);
    }
  }
}
