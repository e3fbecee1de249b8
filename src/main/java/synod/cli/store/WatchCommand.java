package synod.cli.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import synod.client.RefusedException;
import synod.node.Outcome.Reason;

/**
 * {@code watch}: prints changes as they are applied, each once and in the order of revisions. When
 * its node goes away it goes on at another, behind the last change that it has printed.
 */
@Command(
    name = "watch",
    sortOptions = false,
    description = {
      "Print the changes of keys that begin with a prefix as they happen, until Ctrl-C.",
      "A change is a line: revision, put or delete, key and value, separated by tabs. With --json it"
          + " is one JSON object."
    },
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {
      "0:as many changes were printed as --count said, or it was ended in the console",
      "1:no node could be watched, or the changes asked for are compacted",
      "2:wrong usage"
    })
final class WatchCommand extends StoreCommand {
  /** Nodes give a sign of life every 10 s. */
  private static final Duration SILENCE = Duration.ofSeconds(25);

  private static final Duration PAUSE = Duration.ofMillis(200);

  @Parameters(index = "0", arity = "0..1", paramLabel = "PREFIX", defaultValue = "")
  private String prefix;

  @Option(
      names = "--from",
      paramLabel = "REVISION",
      description = "The first revision to print (otherwise what changes from now on).")
  private Long from;

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "0",
      description = "End after this many changes.")
  private long count;

  private final ObjectMapper json = new ObjectMapper();

  /** The revision to go on with; 0 while nothing is known. */
  private long next;

  private long printed;
  private String trouble = "";

  /** When it is given up, unless a node can be watched before. */
  private long deadline;

  WatchCommand(Access access, Streams streams) {
    super(access, streams);
  }

  @Override
  int run() {
    if (from != null && from < 1) {
      throw new UsageException("--from takes a revision, which is at least 1, not " + from);
    }
    next = from == null ? 0 : from;
    deadline = System.nanoTime() + timeout().toNanos();
    try {
      while (true) {
        for (Address node : access().nodes().gatewaysInTurn()) {
          if (watch(node)) {
            return ExitCode.OK;
          }
        }
        if (System.nanoTime() - deadline > 0) {
          throw new RefusedException(Reason.UNAVAILABLE, "no node can be watched: " + trouble);
        }
        TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
      }
    } catch (InterruptedException e) {
      // Ctrl-C in the console: the usual end.
      return ExitCode.OK;
    }
  }

  /** Prints what a node tells, for as long as it does. Returns true if that was all. */
  private boolean watch(Address node) throws InterruptedException {
    EventLines lines = new EventLines();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
            node.uri(
                "/v1/watch?prefix="
                    + Text.percentEncoded(Text.utf8(prefix))
                    + (next > 0 ? "&from=" + next : "")));
    CompletableFuture<HttpResponse<String>> response =
        access().nodes().stream(node, request, lines);
    response.whenComplete(
        (answer, failure) -> {
          // A response of lines is complete while lines are still waiting to be asked for; who gets
          // them is told of their end.
          if (failure != null || answer.statusCode() != 200) {
            lines.end();
          }
        });
    try {
      String event = "";
      for (Optional<String> line = lines.next(SILENCE);
          line.isPresent();
          line = lines.next(SILENCE)) {
        if (!trouble.isEmpty()) {
          say(trouble + "; goes on at " + node.name());
          trouble = "";
        }
        deadline = System.nanoTime() + timeout().toNanos();
        String text = line.get();
        if (text.startsWith("event: ")) {
          event = text.substring("event: ".length());
        } else if (text.startsWith("data: ")
            && take(event, (ObjectNode) json.readTree(text.substring("data: ".length())))) {
          return true;
        }
      }
      trouble =
          node.name()
              + ": "
              + (lines.isOver()
                  ? whyEnded(response)
                  : "no sign of life for " + SILENCE.toSeconds() + " s");
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException("node " + node.name() + " sent what is no JSON", e);
    } finally {
      lines.cancel();
      response.cancel(true);
    }
  }

  /**
   * @param response complete, or just about to be
   */
  private String whyEnded(CompletableFuture<HttpResponse<String>> response) {
    HttpResponse<String> answer;
    try {
      answer = response.join();
    } catch (CompletionException e) {
      return "can't be reached, or the connection broke";
    }
    if (answer.statusCode() == 200) {
      return "ended the stream";
    }
    String problem = problem(answer);
    if (answer.statusCode() < 500) {
      throw new RefusedException(Reason.INVALID, problem);
    }
    return problem;
  }

  private String problem(HttpResponse<String> answer) {
    try {
      JsonNode detail = json.readTree(answer.body()).path("detail");
      return detail.asText("answered " + answer.statusCode());
    } catch (IOException e) {
      return "answered " + answer.statusCode();
    }
  }

  /** Returns whether that was the last one wanted. */
  private boolean take(String event, ObjectNode data) throws IOException {
    long revision = data.path("revision").asLong();
    if (event.equals("compacted")) {
      throw new RefusedException(
          Reason.INVALID,
          "changes up to revision "
              + data.path("compacted").asText()
              + " were compacted; the last one seen is "
              + (next - 1));
    }
    next = revision + 1;
    if (event.equals("progress")) {
      return false;
    }
    streams().line(wantsJson() ? Json.change(data).toString() : line(event, data));
    printed++;
    return printed == count;
  }

  private static String line(String event, JsonNode data) throws IOException {
    String key = Text.printable(data.path("key64").binaryValue());
    String head = data.path("revision").asText() + "\t" + event + "\t" + key;
    return event.equals("put")
        ? head + "\t" + Text.printable(data.path("value64").binaryValue())
        : head;
  }
}
