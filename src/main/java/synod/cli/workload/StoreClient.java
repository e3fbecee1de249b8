package synod.cli.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import synod.check.Bytes;
import synod.check.Operation;
import synod.check.Outcome;
import synod.check.Seen;
import synod.cli.LocalNode;

/**
 * One client: asks random nodes, records what it asks and is told, and repeats what got no answer
 * at another node. A repeated write carries the same session and sequence, so it takes effect at
 * most once. Does one thing at a time; belongs to one thread.
 */
public final class StoreClient {
  /** Before an operation is repeated; twice as long each time, so that nodes can get up again. */
  private static final long SHORTEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(400);
  private static final String GAVE_UP = "no answer in time";

  private final ObjectMapper json = new ObjectMapper();
  private final String name;
  private final NodeHttp http;
  private final Recorder recorder;
  private final Acknowledged acknowledged;
  private final Patience patience;
  private final Random random;

  /** Until when a node isn't asked that gave no answer, unless all are silent. */
  private final Map<LocalNode, Long> silentUntil = new HashMap<>();

  private String session;
  private long sequence;

  /**
   * A client whose operation has no known outcome goes on under a new name: the old one may still
   * be at it.
   */
  private int lives = 1;

  /**
   * How long a client waits.
   *
   * @param attempt what it gives a node for one request
   * @param whole after which it gives an operation up
   * @param silence for which it doesn't ask a node again that gave no answer
   */
  public record Patience(Duration attempt, Duration whole, Duration silence) {}

  /**
   * How an operation ended.
   *
   * @param succeeded whether it got an answer that settles it
   * @param node the one that was asked last
   * @param slot the log's slot that the write stands in; empty if it wasn't told
   */
  public record Done(
      Outcome outcome,
      boolean succeeded,
      String node,
      String slot,
      long startNanos,
      long endNanos) {
    public long micros() {
      return (endNanos - startNanos) / 1_000;
    }
  }

  public StoreClient(
      String name,
      NodeHttp http,
      Recorder recorder,
      Acknowledged acknowledged,
      Patience patience,
      Random random) {
    this.name = name;
    this.http = http;
    this.recorder = recorder;
    this.acknowledged = acknowledged;
    this.patience = patience;
    this.random = random;
  }

  private interface Attempt {
    /**
     * @return null if it must be repeated
     */
    HttpResponse<byte[]> at(LocalNode node) throws IOException;
  }

  /**
   * A put or a delete.
   *
   * @param at the nodes to choose from
   */
  public Done write(Operation write, List<LocalNode> at) {
    NodeHttp.Stamp[] stamp = {null};
    Done done =
        repeat(
            write,
            at,
            node -> {
              if (session == null) {
                session = http.openSession(node, patience.attempt());
                sequence = 0;
              }
              if (stamp[0] == null) {
                stamp[0] = new NodeHttp.Stamp(session, ++sequence);
              }
              return http.write(node, write, stamp[0], patience.attempt());
            },
            () ->
                stamp[0] == null
                    ? new Outcome.Refused("no session could be opened in time")
                    : new Outcome.Unknown(GAVE_UP));
    if (done.outcome() instanceof Outcome.Applied applied) {
      acknowledged.add(applied.revision(), write);
    } else if (done.outcome() instanceof Outcome.Unknown) {
      lives++;
      session = null; // its last sequence is in doubt
    }
    return done;
  }

  /**
   * A read of either kind.
   *
   * @param at the nodes to choose from
   */
  public Done read(Operation read, List<LocalNode> at) {
    return repeat(
        read,
        at,
        node -> http.read(node, read, patience.attempt()),
        () -> new Outcome.Refused(GAVE_UP));
  }

  private interface Otherwise {
    Outcome outcome();
  }

  private Done repeat(
      Operation operation, List<LocalNode> at, Attempt attempt, Otherwise otherwise) {
    long start = System.nanoTime();
    LocalNode node = choose(at);
    long id = recorder.invoke(name + (lives > 1 ? "." + lives : ""), node.name(), operation);
    Outcome outcome = null;
    String slot = "";
    long pause = SHORTEST_PAUSE_NANOS;
    while (outcome == null && System.nanoTime() - start < patience.whole().toNanos()) {
      try {
        HttpResponse<byte[]> answer = attempt.at(node);
        outcome = outcome(operation, answer);
        slot = answer.headers().firstValue("Synod-Slot").orElse("");
      } catch (IOException e) {
        // The node is gone, or its answer was lost: the next one will know.
        silentUntil.put(node, System.nanoTime() + patience.silence().toNanos());
      }
      if (outcome == null) {
        LockSupport.parkNanos(pause);
        pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
        node = choose(at);
      }
    }
    boolean succeeded = outcome != null && !(outcome instanceof Outcome.Unknown);
    if (outcome == null) {
      outcome = otherwise.outcome();
    }
    recorder.complete(id, outcome);
    return new Done(outcome, succeeded, node.name(), slot, start, System.nanoTime());
  }

  private LocalNode choose(List<LocalNode> at) {
    long now = System.nanoTime();
    List<LocalNode> answering =
        at.stream().filter(node -> silentUntil.getOrDefault(node, now) - now <= 0).toList();
    List<LocalNode> choice = answering.isEmpty() ? at : answering;
    return choice.get(random.nextInt(choice.size()));
  }

  private Outcome outcome(Operation operation, HttpResponse<byte[]> answer) throws IOException {
    boolean read = operation instanceof Operation.Get || operation instanceof Operation.StaleGet;
    return read ? ofRead(answer) : ofWrite(answer);
  }

  private Outcome ofWrite(HttpResponse<byte[]> answer) throws IOException {
    return switch (answer.statusCode()) {
      case 200, 201 -> new Outcome.Applied(header(answer, "Synod-Revision"));
      case 404 -> new Outcome.NotFound();
      case 412 -> {
        JsonNode revision = json.readTree(answer.body()).path("currentRevision");
        yield new Outcome.ConditionFailed(revision.isNull() ? 0 : revision.asLong());
      }
      case 503, 504 -> null;
      case 410 -> new Outcome.Unknown("the session expired");
      default -> throw unexpected(answer);
    };
  }

  private static Outcome ofRead(HttpResponse<byte[]> answer) {
    return switch (answer.statusCode()) {
      case 200 -> {
        String tag = answer.headers().firstValue("ETag").orElseThrow();
        yield new Outcome.Read(
            new Seen(Bytes.of(answer.body()), Long.parseLong(tag.replace("\"", ""))),
            header(answer, "Synod-Store-Revision"));
      }
      case 404 -> new Outcome.Read(Seen.ABSENT, header(answer, "Synod-Store-Revision"));
      case 503, 504 -> null;
      default -> throw unexpected(answer);
    };
  }

  private static long header(HttpResponse<byte[]> answer, String name) {
    return answer.headers().firstValueAsLong(name).orElseThrow();
  }

  private static IllegalStateException unexpected(HttpResponse<byte[]> answer) {
    return new IllegalStateException(
        answer.uri()
            + " answered "
            + answer.statusCode()
            + ": "
            + new String(answer.body(), StandardCharsets.UTF_8));
  }
}
