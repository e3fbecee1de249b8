package synod.cli.demo;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import synod.check.Bytes;
import synod.check.Operation;
import synod.check.Outcome;
import synod.cli.LocalNode;
import synod.cli.workload.Pace;
import synod.cli.workload.StoreClient;
import synod.cli.workload.Tally;

/** One client of the demo: puts, gets and deletes capitals, and counts how that went. */
final class DemoClient implements Runnable {
  /** Of each kind at least, however short the demo. */
  static final int AT_LEAST = 5;

  private final String name;
  private final List<LocalNode> nodes;
  private final StoreClient client;
  private final Tally tally;
  private final Random random;
  private final long pauseNanos;
  private final long endNanos;
  private long visits;

  /**
   * @param random of this client alone
   * @param pauseNanos between two operations
   */
  DemoClient(
      String name,
      List<LocalNode> nodes,
      StoreClient client,
      Tally tally,
      Random random,
      long pauseNanos,
      long endNanos) {
    this.name = name;
    this.nodes = nodes;
    this.client = client;
    this.tally = tally;
    this.random = random;
    this.pauseNanos = pauseNanos;
    this.endNanos = endNanos;
  }

  @Override
  public void run() {
    List<Tally.Kind> first = new ArrayList<>();
    for (Tally.Kind kind : Tally.Kind.values()) {
      first.addAll(Collections.nCopies(AT_LEAST, kind));
    }
    Collections.shuffle(first, random);
    Pace pace = new Pace(pauseNanos);
    while (!first.isEmpty() || System.nanoTime() < endNanos) {
      DataSet.Item item = DataSet.ITEMS.get(random.nextInt(DataSet.ITEMS.size()));
      perform(first.isEmpty() ? draw() : first.remove(0), item);
      pace.await();
    }
  }

  /** Sets the first value of a key. */
  void populate(DataSet.Item item) {
    put(item, item.value());
  }

  /** Reads a key through every node. */
  void readEverywhere(DataSet.Item item) {
    for (LocalNode node : nodes) {
      get(item, List.of(node));
    }
  }

  private Tally.Kind draw() {
    int dice = random.nextInt(5);
    return dice < 2 ? Tally.Kind.PUT : dice < 4 ? Tally.Kind.GET : Tally.Kind.DELETE;
  }

  private void perform(Tally.Kind kind, DataSet.Item item) {
    switch (kind) {
      case PUT -> put(item, DataSet.visit(item, name, ++visits));
      case DELETE ->
          count(
              kind,
              item,
              client.write(new Operation.Delete(key(item), Operation.Condition.NONE), nodes));
      case GET -> get(item, nodes);
    }
  }

  private void put(DataSet.Item item, String value) {
    Operation put = new Operation.Put(key(item), Bytes.utf8(value), Operation.Condition.NONE);
    count(Tally.Kind.PUT, item, client.write(put, nodes));
  }

  private void get(DataSet.Item item, List<LocalNode> at) {
    count(Tally.Kind.GET, item, client.read(new Operation.Get(key(item)), at));
  }

  private static Bytes key(DataSet.Item item) {
    return Bytes.utf8(item.key());
  }

  private void count(Tally.Kind kind, DataSet.Item item, StoreClient.Done done) {
    if (!done.succeeded()) {
      tally.failed(kind);
      return;
    }
    tally.succeeded(
        new Tally.Sample(
            name,
            kind,
            item.key(),
            done.node(),
            describe(done.outcome()),
            done.slot(),
            done.micros()),
        done.endNanos());
  }

  private static String describe(Outcome outcome) {
    if (outcome instanceof Outcome.Applied applied) {
      return "revision " + applied.revision();
    } else if (outcome instanceof Outcome.Read read) {
      return read.seen().toString();
    }
    return outcome.toString();
  }
}
