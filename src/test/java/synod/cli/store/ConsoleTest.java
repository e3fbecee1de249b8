package synod.cli.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jline.reader.Candidate;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.DumbTerminal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import synod.cli.Main;
import synod.cli.store.FakeNode.Received;
import synod.cli.store.FakeNode.Reply;
import synod.client.RemoteGateway;
import synod.client.WriteOptions;

/** The console, from a pipe and at a terminal, against nodes that the test plays. */
@Timeout(60)
class ConsoleTest {
  private static final Reply APPLIED = Reply.json(200, "{\"revision\":7,\"version\":2}");

  private final List<AutoCloseable> opened = new ArrayList<>();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final StringWriter err = new StringWriter();

  @TempDir private Path directory;

  @AfterEach
  void close() throws Exception {
    for (int i = opened.size() - 1; i >= 0; i--) {
      opened.get(i).close();
    }
  }

  private <T extends AutoCloseable> T open(T resource) {
    opened.add(resource);
    return resource;
  }

  private FakeNode node(Function<Received, Reply> answer) {
    return open(new FakeNode(answer));
  }

  /** Feeds the lines to a console whose input is no terminal. */
  private int pipe(String input, String... options) {
    Streams streams =
        new Streams(new ByteArrayInputStream(input.getBytes(UTF_8)), out, Streams.Manner.RAW);
    List<String> arguments = new ArrayList<>(List.of("console"));
    arguments.addAll(List.of(options));
    return Main.commandLine(streams)
        .setErr(new PrintWriter(err))
        .execute(arguments.toArray(String[]::new));
  }

  private String printed() {
    return out.toString(UTF_8).replace(System.lineSeparator(), "\n");
  }

  private Path clusterFile(int... akkaPorts) throws IOException {
    StringBuilder nodes = new StringBuilder();
    for (int i = 0; i < akkaPorts.length; i++) {
      nodes.append(
          "{ name = n%d, host = 127.0.0.1, akka-port = %d, http-port = %d, roles = [%s] }\n"
              .formatted(
                  i + 1,
                  akkaPorts[i],
                  i + 1,
                  (i == 0 ? "acceptor, " : "") + "proposer, learner, gateway"));
    }
    return Files.writeString(
        directory.resolve("cluster.conf"),
        "synod.cluster { name = %s, acceptors = [n1], seed-nodes = [n1]\n"
                .formatted(RemoteGateway.CLUSTER)
            + "quorum { phase1 = majority, phase2 = majority }\n nodes = [\n"
            + nodes
            + "] }");
  }

  // From a pipe

  @Test
  void aPipedLineIsACommandThatGoesThroughTheClient() throws IOException {
    Path file = clusterFile(open(RemoteGateway.store()).port());
    int exitCode =
        pipe(
            "put a 1\n# a comment\n\nput b 'two\nlines'\nget a\nlist\ndelete b\n",
            "--cluster",
            file.toString());
    assertThat(err.toString()).isEmpty();
    assertThat(exitCode).isZero();
    assertThat(printed())
        .isEqualTo(
            "revision 1, version 1, slot 17\n"
                + "revision 2, version 1, slot 17\n"
                + "1\n"
                + "a\t1\n"
                + "b\ttwo\\nlines\n"
                + "revision 3, slot 17\n");
  }

  @Test
  void aFailedCommandDoesNotEndThePipeButShowsInTheExitCode() throws IOException {
    Path file = clusterFile(open(RemoteGateway.store()).port());
    assertThat(pipe("get nothing\nput a 1\ncas a 9 2\nget a\n", "--cluster", file.toString()))
        .isEqualTo(3);
    assertThat(printed()).endsWith("\n1\n");
    assertThat(err.toString()).contains("there is no key nothing", "the key is at revision 1");
  }

  @Test
  void exitEndsThePipe() {
    FakeNode node = node(request -> APPLIED);
    assertThat(pipe("put a 1\nexit\nput a 2\n", "--http", node.address())).isZero();
    assertThat(node.received).hasSize(1);
  }

  @Test
  void whatIsNoCommandIsNamed() {
    FakeNode node = node(request -> APPLIED);
    assertThat(pipe("wat\nput\nput k --file -\nhelp wat\n", "--http", node.address())).isEqualTo(2);
    assertThat(err.toString().lines())
        .satisfiesExactly(
            unknown -> assertThat(unknown).contains("wat", "help"),
            missing -> assertThat(missing).contains("KEY", "help put"),
            noInput -> assertThat(noInput).contains("standard input"),
            noHelp -> assertThat(noHelp).contains("wat"));
    assertThat(node.received).isEmpty();
  }

  @Test
  void aQuoteThatIsNeverClosedIsAMistake() {
    FakeNode node = node(request -> APPLIED);
    assertThat(pipe("put a 'x\nput b 1\n", "--http", node.address())).isEqualTo(2);
    assertThat(err.toString()).contains("quotes");
    assertThat(node.received).isEmpty();
  }

  @Test
  void valuesAreNeverTakenForFilesOfArguments() throws IOException {
    FakeNode node = node(request -> APPLIED);
    Path file = Files.writeString(directory.resolve("arguments"), "x y z");
    assertThat(pipe("put a @" + file + "\n", "--http", node.address())).isZero();
    assertThat(node.received.get(0).text()).isEqualTo("@" + file);
  }

  @Test
  void helpShowsTheCommandsAndWhatEachTakes() {
    FakeNode node = node(request -> APPLIED);
    assertThat(pipe("help\nhelp put\nhelp chaos on\n", "--http", node.address())).isZero();
    assertThat(printed())
        .contains("kill  ", "exit, quit  ", "Usage: put ", "Usage: chaos on ")
        .doesNotContain("--http");
  }

  @Test
  void theConsoleSaysWhenItsNodeDiedAndAnotherServes() throws Exception {
    RemoteGateway first = open(RemoteGateway.store());
    RemoteGateway second = open(RemoteGateway.store());
    Path file = clusterFile(first.port(), second.port());
    PipedOutputStream typed = new PipedOutputStream();
    Streams streams = new Streams(new PipedInputStream(typed), out, Streams.Manner.RAW);
    CommandLine console = Main.commandLine(streams).setErr(new PrintWriter(err));
    CompletableFuture<Integer> exitCode =
        CompletableFuture.supplyAsync(
            () -> console.execute("console", "--cluster", file.toString()));
    // Where an answer comes late, on a busy machine, the console has gone on to the other node.
    int firsts;
    int seconds;
    int revision = 0;
    do {
      firsts = first.requests.get();
      seconds = second.requests.get();
      int printedBefore = printed().length();
      typed.write("put a %d\n".formatted(++revision).getBytes(UTF_8));
      typed.flush();
      await(() -> printed().length() > printedBefore);
      firsts = first.requests.get() - firsts;
      seconds = second.requests.get() - seconds;
    } while (firsts > 0 && seconds > 0);
    boolean usesFirst = firsts > 0;
    err.getBuffer().setLength(0);
    (usesFirst ? first : second).close();
    typed.write("put a 2\n".getBytes(UTF_8));
    typed.close();
    assertThat(exitCode.get(30, TimeUnit.SECONDS)).isZero();
    assertThat(err.toString())
        .isEqualToNormalizingNewlines(
            "synod: went over from %s to %s: no answer within 600 ms\n"
                .formatted(usesFirst ? "n1" : "n2", usesFirst ? "n2" : "n1"));
  }

  // At a terminal

  private HttpAccess http(FakeNode node) {
    HttpAccess http = new HttpAccess();
    new CommandLine(http).parseArgs("--http", node.address());
    return http;
  }

  @Test
  void aDumbTerminalGetsPlainLinesAndKeepsItsHistory() throws IOException {
    FakeNode node = node(request -> APPLIED);
    Path history = directory.resolve("history");
    byte[] typed = "put a \"b\nc\"\nput\nhistory\n".getBytes(UTF_8);
    try (Terminal terminal = new DumbTerminal(new ByteArrayInputStream(typed), out);
        ConsoleAccess access =
            new ConsoleAccess(http(node), new ClientCertificate(), failover -> {})) {
      assertThat(new Console(terminal, true, history).run(access)).isZero();
    }
    assertThat(node.received.get(0).text()).isEqualTo("b\nc");
    assertThat(printed())
        .contains("revision 7, version 2, slot 17", "KEY", "   1  put a \"b", "   3  history")
        .doesNotContain("\u001b");
    assertThat(history).content().contains("put a", "history");
  }

  @Test
  void anInterruptCancelsTheCommandAndNotTheConsole() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    FakeNode node =
        node(
            request -> {
              if (request.method().equals("PUT")) {
                asked.countDown();
                awaitUninterruptibly(released);
              }
              return new Reply(200, Map.of("ETag", "\"1\""), bytes("still here"));
            });
    byte[] typed = "put a 1 --timeout 50s\nget a\n".getBytes(UTF_8);
    try (Terminal terminal = new DumbTerminal(new ByteArrayInputStream(typed), out);
        ConsoleAccess access =
            new ConsoleAccess(http(node), new ClientCertificate(), failover -> {})) {
      Console console = new Console(terminal, true, directory.resolve("history"));
      CompletableFuture<Integer> exitCode =
          CompletableFuture.supplyAsync(() -> console.run(access));
      assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
      terminal.raise(Terminal.Signal.INT);
      assertThat(exitCode.get(20, TimeUnit.SECONDS)).isZero();
    } finally {
      released.countDown();
    }
    assertThat(printed()).contains("cancelled: the write may or may not be applied", "still here");
  }

  @Test
  void commandsOptionsKeysAndNodesAreCompleted() {
    FakeNode node = node(request -> APPLIED);
    try (ConsoleAccess access =
        new ConsoleAccess(http(node), new ClientCertificate(), failover -> {})) {
      access.store().put(bytes("seen"), bytes("v"), options());
      LineRunner runner =
          new LineRunner(
              access, new Streams(null, out, Streams.Manner.LINES), line -> {}, List::of);
      ConsoleCompleter completer = new ConsoleCompleter(runner.commands(), access);
      assertThat(completed(completer, "")).contains("put", "kill", "help", "exit");
      assertThat(completed(completer, "get ")).containsExactly("seen");
      assertThat(completed(completer, "get seen --")).contains("--stale", "--json");
      assertThat(completed(completer, "chaos ")).containsExactly("on", "off", "status", "kill");
      assertThat(completed(completer, "chaos on ")).contains("acceptors", "every");
      assertThat(completed(completer, "chaos on --")).contains("--timeout");
      assertThat(completed(completer, "kill ")).contains("acceptor");
      assertThat(completed(completer, "kill acceptor on ")).containsExactly(node.address());
      assertThat(completed(completer, "chaos kill acceptor ")).containsExactly("on");
      assertThat(completed(completer, "nonsense ")).isEmpty();
    }
  }

  private static List<String> completed(ConsoleCompleter completer, String line) {
    List<Candidate> candidates = new ArrayList<>();
    completer.complete(null, new DefaultParser().parse(line, line.length()), candidates);
    return candidates.stream().map(Candidate::value).toList();
  }

  private static WriteOptions options() {
    return WriteOptions.DEFAULT.withTimeout(Duration.ofSeconds(5));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).describedAs(printed() + err).isLessThan(deadline);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
