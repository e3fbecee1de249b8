package synod.cli.demo;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import synod.check.Bytes;
import synod.check.History;
import synod.check.Operation;
import synod.check.Outcome;
import synod.check.Seen;
import synod.cli.LocalNode;

/**
 * One client of the demo: asks random nodes, and repeats what got no answer at another node. A
 * repeated write carries the same session and sequence, so it takes effect at most once.
 */
final class DemoClient implements Runnable {
  /** Of each kind at least, however short the demo. */
  static final int AT_LEAST = 5;

  private static final Duration ATTEMPT = Duration.ofMillis(1_500);
  private static final long GIVE_UP_NANOS = TimeUnit.SECONDS.toNanos(8);
  private static final long PAUSE_MILLIS = 20;

  private final String name;
  private final List<LocalNode> nodes;
  private final NodeHttp http;
  private final History history;
  private final Tally tally;
  private final Acknowledged acknowledged;
  private final Random random;
  private final long pauseNanos;
  private final long endNanos;

  private String session;
  private long sequence;
  private long visits;

  /**
   * A client whose operation has no known outcome goes on under a new name: the old one may still
   * be at it.
   */
  private int lives = 1;

  /**
   * @param pauseNanos between two operations
   */
  DemoClient(
      String name,
      List<LocalNode> nodes,
      NodeHttp http,
      History history,
      Tally tally,
      Acknowledged acknowledged,
      long seed,
      long pauseNanos,
      long endNanos) {
    this.name = name;
    this.nodes = nodes;
    this.http = http;
    this.history = history;
    this.tally = tally;
    this.acknowledged = acknowledged;
    this.random = new Random(seed);
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
    long next = System.nanoTime();
    while (!first.isEmpty() || System.nanoTime() < endNanos) {
      DataSet.Item item = DataSet.ITEMS.get(random.nextInt(DataSet.ITEMS.size()));
      perform(first.isEmpty() ? draw() : first.remove(0), item);
      next = Math.max(next + pauseNanos, System.nanoTime() - pauseNanos);
      pauseUntil(next);
    }
  }

  /** Sets the first value of a key. */
  void populate(DataSet.Item item) {
    write(Tally.Kind.PUT, item, item.value());
  }

  /** Reads a key through every node. */
  void readEverywhere(DataSet.Item item) {
    for (LocalNode node : nodes) {
      read(item, List.of(node));
    }
  }

  private Tally.Kind draw() {
    int dice = random.nextInt(5);
    return dice < 2 ? Tally.Kind.PUT : dice < 4 ? Tally.Kind.GET : Tally.Kind.DELETE;
  }

  private void perform(Tally.Kind kind, DataSet.Item item) {
    switch (kind) {
      case PUT -> write(kind, item, DataSet.visit(item, name, ++visits));
      case DELETE -> write(kind, item, null);
      case GET -> read(item, nodes);
    }
  }

  private interface Attempt {
    /**
     * @return null if it must be repeated
     */
    Outcome at(LocalNode node) throws IOException;
  }

  /**
   * @param value null to delete
   */
  private void write(Tally.Kind kind, DataSet.Item item, String value) {
    Bytes key = Bytes.utf8(item.key());
    Operation operation =
        value == null
            ? new Operation.Delete(key, Operation.Condition.NONE)
            : new Operation.Put(key, Bytes.utf8(value), Operation.Condition.NONE);
    boolean[] left = {false};
    NodeHttp.Stamp[] stamp = {null};
    repeat(
        kind,
        item,
        operation,
        nodes,
        node -> {
          if (session == null) {
            session = http.openSession(node, ATTEMPT);
            sequence = 0;
          }
          if (stamp[0] == null) {
            stamp[0] = new NodeHttp.Stamp(session, ++sequence);
          }
          left[0] = true;
          HttpResponse<byte[]> answer =
              value == null
                  ? http.delete(node, item.key(), stamp[0], ATTEMPT)
                  : http.put(node, item.key(), value, stamp[0], ATTEMPT);
          Outcome outcome = ofWrite(answer);
          if (outcome instanceof Outcome.Applied) {
            acknowledged.add(stamp[0]);
          }
          return outcome;
        },
        () ->
            left[0]
                ? new Outcome.Unknown("no answer in time")
                : new Outcome.Refused("no session could be opened in time"));
  }

  private void read(DataSet.Item item, List<LocalNode> at) {
    repeat(
        Tally.Kind.GET,
        item,
        new Operation.Get(Bytes.utf8(item.key())),
        at,
        node -> ofRead(http.get(node, item.key(), ATTEMPT)),
        () -> new Outcome.Refused("no answer in time"));
  }

  private void repeat(
      Tally.Kind kind,
      DataSet.Item item,
      Operation operation,
      List<LocalNode> at,
      Attempt attempt,
      Supplier<Outcome> otherwise) {
    long start = System.nanoTime();
    LocalNode node = at.get(random.nextInt(at.size()));
    long id = history.invoke(name + (lives > 1 ? "." + lives : ""), node.name(), operation, start);
    Outcome outcome = null;
    String slot = "";
    while (outcome == null && System.nanoTime() - start < GIVE_UP_NANOS) {
      try {
        outcome = attempt.at(node);
        slot = lastSlot;
      } catch (IOException e) {
        outcome = null; // the node is gone, or its answer was lost: the next one will know
      }
      if (outcome == null) {
        pauseUntil(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS));
        node = at.get(random.nextInt(at.size()));
      }
    }
    long end = System.nanoTime();
    boolean succeeded = outcome != null && !(outcome instanceof Outcome.Unknown);
    if (outcome == null) {
      outcome = otherwise.get();
    }
    history.complete(id, outcome, end);
    if (succeeded) {
      tally.succeeded(
          new Tally.Sample(
              name, kind, item.key(), node.name(), describe(outcome), slot, (end - start) / 1_000),
          end);
    } else {
      tally.failed(kind);
      if (outcome instanceof Outcome.Unknown) {
        lives++;
        session = null; // its last sequence is in doubt
      }
    }
  }

  private String lastSlot = "";

  private Outcome ofWrite(HttpResponse<byte[]> answer) {
    lastSlot = answer.headers().firstValue("Synod-Slot").orElse("");
    return switch (answer.statusCode()) {
      case 200, 201 ->
          new Outcome.Applied(answer.headers().firstValueAsLong("Synod-Revision").orElseThrow());
      case 404 -> new Outcome.NotFound();
      case 503, 504 -> null;
      case 410 -> new Outcome.Unknown("the session expired");
      default -> throw unexpected(answer);
    };
  }

  private Outcome ofRead(HttpResponse<byte[]> answer) {
    lastSlot = "";
    Map<String, List<String>> headers = answer.headers().map();
    return switch (answer.statusCode()) {
      case 200 ->
          new Outcome.Read(
              new Seen(
                  Bytes.of(answer.body()),
                  Long.parseLong(headers.get("etag").get(0).replace("\"", ""))));
      case 404 -> new Outcome.Read(Seen.ABSENT);
      case 503, 504 -> null;
      default -> throw unexpected(answer);
    };
  }

  private static IllegalStateException unexpected(HttpResponse<byte[]> answer) {
    return new IllegalStateException(
        answer.uri()
            + " answered "
            + answer.statusCode()
            + ": "
            + new String(answer.body(), StandardCharsets.UTF_8));
  }

  private static String describe(Outcome outcome) {
    if (outcome instanceof Outcome.Applied applied) {
      return "revision " + applied.revision();
    } else if (outcome instanceof Outcome.Read read) {
      return read.seen().toString();
    }
    return outcome.toString();
  }

  private static void pauseUntil(long nanos) {
    long left = nanos - System.nanoTime();
    if (left > 0) {
      LockSupport.parkNanos(left);
    }
  }
}
