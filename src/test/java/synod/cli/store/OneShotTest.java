package synod.cli.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import synod.cli.Main;
import synod.cli.store.FakeNode.Received;
import synod.cli.store.FakeNode.Reply;

/** What the one-shot commands send, print and end with, against nodes that the test plays. */
class OneShotTest {
  private static final Reply APPLIED = Reply.json(200, "{\"revision\":7,\"version\":2}");

  private final List<FakeNode> nodes = new ArrayList<>();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final StringWriter err = new StringWriter();
  private byte[] in = {};
  private Streams.Manner manner = Streams.Manner.RAW;

  @TempDir private Path directory;

  @AfterEach
  void close() {
    nodes.forEach(FakeNode::close);
  }

  private FakeNode node(Function<Received, Reply> answer) {
    FakeNode node = new FakeNode(answer);
    nodes.add(node);
    return node;
  }

  private FakeNode node(Reply reply) {
    return node(request -> reply);
  }

  /** Runs a command against the test's nodes. */
  private int run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    int options = all.indexOf("--");
    all.addAll(
        options < 0 ? all.size() : options,
        List.of("--http", String.join(",", nodes.stream().map(FakeNode::address).toList())));
    return runAsIs(all.toArray(String[]::new));
  }

  private int runAsIs(String... arguments) {
    return Main.commandLine(new Streams(new ByteArrayInputStream(in), out, manner))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  private String printed() {
    return out.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
  }

  private String complaint() {
    return err.toString().replace(System.lineSeparator(), "\n");
  }

  private static String closedAddress() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return "127.0.0.1:" + socket.getLocalPort();
    }
  }

  // Writes

  @Test
  void putSendsTheValueAndSaysWhereItStands() {
    FakeNode node = node(APPLIED);
    assertThat(run("put", "a/b ü", "v")).isZero();
    assertThat(printed()).isEqualTo("revision 7, version 2, slot 17\n");
    Received request = node.received.get(0);
    assertThat(request.method()).isEqualTo("PUT");
    assertThat(request.target())
        .startsWith("/v1/kv/a%2Fb%20%C3%BC?timeout=")
        .doesNotContain("prev");
    assertThat(request.text()).isEqualTo("v");
    assertThat(request.header("If-match")).isNull();
    assertThat(request.header("If-none-match")).isNull();
  }

  @Test
  void aValueMayBeginWithADash() {
    FakeNode node = node(APPLIED);
    assertThat(run("put", "k", "--", "-1")).isZero();
    assertThat(node.received.get(0).text()).isEqualTo("-1");
  }

  @Test
  void conditionsGoAsHeaders() {
    FakeNode node = node(APPLIED);
    run("put", "k", "v", "--if-revision", "5");
    run("put", "k", "v", "--if-absent");
    run("cas", "k", "5", "v");
    run("cas", "k", "0", "v");
    run("delete", "k", "--if-revision", "5");
    List<Received> received = node.received;
    assertThat(received)
        .extracting(r -> r.header("If-match"))
        .containsExactly("\"5\"", null, "\"5\"", null, "\"5\"");
    assertThat(received)
        .extracting(r -> r.header("If-none-match"))
        .containsExactly(null, "*", null, "*", null);
    assertThat(received)
        .extracting(Received::method)
        .containsExactly("PUT", "PUT", "PUT", "PUT", "DELETE");
  }

  @Test
  void thePreviousValueIsShownOnRequest() {
    FakeNode node =
        node(
            Reply.json(
                200,
                "{\"revision\":7,\"version\":2,\"previous\":{\"key64\":\"aw==\",\"value64\":\"YQpi\","
                    + "\"createRevision\":1,\"modRevision\":5,\"version\":1}}"));
    assertThat(run("put", "k", "v", "--prev")).isZero();
    assertThat(printed()).endsWith("previous: a\\nb (revision 5)\n");
    assertThat(node.received.get(0).target()).contains("prev=true");
  }

  @Test
  void jsonIsOneObject() {
    node(Reply.json(200, "{\"revision\":7,\"version\":2,\"previous\":null}"));
    assertThat(run("put", "k", "v", "--prev", "--json")).isZero();
    assertThat(printed())
        .isEqualTo("{\"revision\":7,\"version\":2,\"slot\":17,\"previous\":null}\n");
  }

  @Test
  void valuesComeFromFilesAndTheStandardInput() throws IOException {
    FakeNode node = node(APPLIED);
    byte[] value = {0, -1, 10};
    Path file = Files.write(directory.resolve("value"), value);
    assertThat(run("put", "k", "--file", file.toString())).isZero();
    in = value;
    assertThat(run("put", "k", "--file", "-")).isZero();
    assertThat(node.received).extracting(Received::body).containsExactly(value, value);
  }

  @ParameterizedTest
  @CsvSource({
    "404, key-not-found,     3",
    "412, condition-failed,  4",
    "504, outcome-unknown,   5",
    "500, internal,          5",
    "400, invalid-request,   1",
    "413, too-large,         1"
  })
  void eachWayToFailHasItsExitCodeAndItsLine(int status, String type, int exitCode) {
    FakeNode node = node(Reply.problem(status, type, ""));
    assertThat(run("delete", "k")).isEqualTo(exitCode);
    assertThat(printed()).isEmpty();
    assertThat(complaint()).startsWith("synod: ").hasLineCount(1);
    assertThat(node.received).hasSize(1);
  }

  @Test
  void aFailedConditionNamesTheRevision() {
    node(Reply.problem(412, "condition-failed", ",\"currentRevision\":9"));
    assertThat(run("cas", "k", "5", "v")).isEqualTo(4);
    assertThat(complaint()).isEqualTo("synod: nothing changed: the key is at revision 9\n");
  }

  @Test
  void aPutThatThereIsNoRoomForIsRefusedAndNotTriedAgain() {
    FakeNode node = node(Reply.problem(507, "quota-exceeded", ""));
    assertThat(run("put", "k", "v")).isEqualTo(1);
    assertThat(complaint()).contains("because of the test");
    assertThat(node.received).hasSize(1);
  }

  // Which node

  @Test
  void aWriteThatANodeRefusesGoesToTheNext() {
    FakeNode refusing = node(Reply.problem(503, "unavailable", ""));
    FakeNode serving = node(APPLIED);
    for (int i = 0; i < 20 && refusing.received.isEmpty(); i++) {
      assertThat(run("put", "k", "v")).isZero();
    }
    assertThat(refusing.received).isNotEmpty();
    assertThat(serving.received).isNotEmpty();
  }

  @Test
  void aWriteThatANodeMayHaveTakenGoesNowhereElse() {
    FakeNode first = node(Reply.broken());
    FakeNode second = node(Reply.broken());
    assertThat(run("put", "k", "v")).isEqualTo(5);
    assertThat(first.received.size() + second.received.size()).isEqualTo(1);
    assertThat(complaint()).contains("unknown", "may or may not");
  }

  @Test
  void aReadIsRepeatedElsewhere() {
    FakeNode broken = node(Reply.broken());
    FakeNode serving = node(new Reply(200, Map.of("ETag", "\"3\""), new byte[] {'v'}));
    for (int i = 0; i < 20 && broken.received.isEmpty(); i++) {
      assertThat(run("get", "k")).isZero();
    }
    assertThat(broken.received).isNotEmpty();
    assertThat(serving.received).isNotEmpty();
  }

  @Test
  void nodesThatAreAwayAreSkippedAndNamedIfAllAre() throws IOException {
    String away = closedAddress();
    FakeNode serving = node(APPLIED);
    for (int i = 0; i < 5; i++) {
      assertThat(runAsIs("put", "k", "v", "--http", away + "," + serving.address())).isZero();
    }
    assertThat(runAsIs("put", "k", "v", "--http", away)).isEqualTo(1);
    assertThat(complaint()).contains("no node can be reached", away);
  }

  /** It may only be slow, as on a busy machine: the time that was given is used. */
  @Test
  void aNodeThatTakesNoConnectionInTimeIsTriedAgain() throws Exception {
    List<Socket> others = new ArrayList<>();
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      while (connects(full, others)) {
        assertThat(others).as("connections that nobody takes").hasSizeLessThan(100);
      }
      String busy = "127.0.0.1:" + full.getLocalPort();

      assertThat(runAsIs("put", "k", "v", "--http", busy, "--timeout", "1200ms")).isEqualTo(1);
      assertThat(complaint())
          .contains("not served within 1200 ms", "takes no connection at http://" + busy);
    } finally {
      for (Socket other : others) {
        other.close();
      }
    }
  }

  private static boolean connects(ServerSocket to, List<Socket> connected) throws IOException {
    Socket socket = new Socket();
    connected.add(socket);
    try {
      socket.connect(to.getLocalSocketAddress(), 200);
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    }
  }

  @Test
  void aCommandGivesUpAtItsDeadline() {
    FakeNode node = node(Reply.problem(503, "unavailable", ""));
    assertThat(run("put", "k", "v", "--timeout", "2500ms")).isEqualTo(1);
    assertThat(complaint()).contains("2500 ms", "because of the test");
    assertThat(node.received).hasSizeGreaterThan(1);
  }

  @Test
  void oneNodeCanBeChosenFromAFile() throws IOException {
    FakeNode first = node(APPLIED);
    FakeNode second = node(APPLIED);
    Path file = clusterFile(first, second);
    for (int i = 0; i < 5; i++) {
      assertThat(runAsIs("put", "k", "v", "--cluster", file.toString(), "--node", "n2")).isZero();
    }
    assertThat(first.received).isEmpty();
    assertThat(second.received).hasSize(5);
    assertThat(runAsIs("put", "k", "v", "--cluster", file.toString(), "--node", "n9")).isEqualTo(2);
    assertThat(complaint()).contains("n9", "n1, n2");
  }

  private Path clusterFile(FakeNode first, FakeNode second) throws IOException {
    String node = "{ name = %s, host = 127.0.0.1, akka-port = %d, http-port = %d, roles = [%s] }\n";
    String roles = "acceptor, proposer, learner, gateway";
    return Files.writeString(
        directory.resolve("cluster.conf"),
        "synod.cluster { name = synod, acceptors = [n1, n2], seed-nodes = [n1]\n"
            + "quorum { phase1 = majority, phase2 = majority }\n nodes = [\n"
            + node.formatted("n1", 1, first.port(), roles)
            + node.formatted("n2", 2, second.port(), roles)
            + "] }");
  }

  // Reads

  @Test
  void getPrintsTheValueAsItIs() {
    byte[] value = {0, 'a', '\n', -1};
    FakeNode node = node(new Reply(200, Map.of("ETag", "\"3\""), value));
    assertThat(run("get", "k")).isZero();
    assertThat(out.toByteArray()).isEqualTo(value);
    assertThat(node.received.get(0).target()).doesNotContain("stale");
  }

  @Test
  void onATerminalAValueIsMadeHarmlessAndEndsItsLine() {
    manner = Streams.Manner.TERMINAL;
    node(new Reply(200, Map.of("ETag", "\"3\""), new byte[] {'a', 27, '[', 'm'}));
    assertThat(run("get", "k")).isZero();
    assertThat(printed()).isEqualTo("a\\x1b[m\n");
  }

  @Test
  void getSaysWhetherAReadMayBeStale() {
    FakeNode node = node(new Reply(200, Map.of("ETag", "\"3\""), new byte[] {'v'}));
    run("get", "k", "--stale");
    run("get", "k", "--min-revision", "12");
    assertThat(node.received)
        .extracting(Received::target)
        .satisfiesExactly(
            first -> assertThat(first).contains("consistency=stale", "min-revision=0"),
            second -> assertThat(second).contains("consistency=stale", "min-revision=12"));
  }

  @Test
  void aKeyThatIsNotThereIsNoFailureOfTheStore() {
    node(Reply.problem(404, "key-not-found", ""));
    assertThat(run("get", "k")).isEqualTo(3);
    assertThat(complaint()).isEqualTo("synod: there is no key k\n");
  }

  @Test
  void listPrintsALineForEachKey() {
    FakeNode node =
        node(
            Reply.json(
                200,
                "{\"entries\":[{\"key64\":\"YQ==\",\"value64\":\"MQ==\"},"
                    + "{\"key64\":\"Ygo=\",\"value64\":\"/w==\"}],\"more\":true,\"revision\":9}"));
    assertThat(run("list", "p q", "--limit", "2", "--after", "x/y")).isZero();
    assertThat(printed()).isEqualTo("a\t1\nb\\n\t\\xff\n");
    assertThat(complaint()).isEqualTo("synod: more keys follow: --after b\\n\n");
    assertThat(node.received.get(0).target())
        .startsWith("/v1/kv?limit=2&prefix=p%20q&after=x%2Fy&timeout=");
  }

  // Status and chaos

  @Test
  void statusShowsEachNodeAndFailsIfNoneServes() throws IOException {
    Reply status =
        Reply.json(
            200,
            "{\"ready\":true,\"leader\":{\"round\":4,\"proposer\":\"n2\"},\"slots\":{\"accepted\":9,"
                + "\"chosen\":8,\"applied\":7},\"revision\":6,\"roles\":{\"learner\":{\"state\":\"up\"},"
                + "\"acceptor\":{\"state\":\"down\",\"backInMillis\":120}}}");
    FakeNode node = node(status);
    String away = closedAddress();
    assertThat(runAsIs("status", "--http", node.address() + "," + away)).isZero();
    assertThat(printed().lines())
        .hasSize(3)
        .anyMatch(
            line ->
                line.matches(".* ready +n2, round 4 +9 +8 +7 +6 +acceptor \\(back in 120 ms\\)"))
        .anyMatch(line -> line.contains("can't be reached"));

    assertThat(runAsIs("status", "--http", away)).isEqualTo(1);
    assertThat(complaint()).isEqualTo("synod: no node serves\n");
  }

  @Test
  void chaosGoesToEveryNode() {
    FakeNode first = node(Reply.json(200, "{\"detail\":\"chaos is on\"}"));
    FakeNode second = node(Reply.json(200, "{\"detail\":\"chaos is on\"}"));
    assertThat(run("chaos", "on", "acceptors,proposer", "every", "5s", "for", "500ms..2s"))
        .isZero();
    assertThat(printed()).isEqualTo("chaos is on\nchaos is on\n");
    assertThat(first.received).hasSize(1);
    assertThat(first.received.get(0).method()).isEqualTo("PUT");
    assertThat(first.received.get(0).target()).isEqualTo("/v1/chaos");
    assertThat(second.received.get(0).text())
        .isEqualTo(
            "{\"roles\":[\"acceptor\",\"proposer\"],\"meanTimeBetweenFailures\":\"5s\","
                + "\"downtimeMin\":\"500ms\",\"downtimeMax\":\"2s\"}");

    assertThat(run("chaos", "on")).isZero();
    assertThat(run("chaos", "off")).isZero();
    assertThat(first.received)
        .extracting(Received::text)
        .endsWith("{\"roles\":[\"acceptor\"]}", "{\"roles\":[]}");
  }

  @Test
  void aKillGoesToItsNodeAlone() {
    FakeNode first = node(Reply.json(200, "{\"detail\":\"stopped\"}"));
    FakeNode second = node(Reply.problem(409, "conflict", ""));
    assertThat(run("chaos", "kill", "learner", "on", first.address(), "for", "2s")).isZero();
    assertThat(second.received).isEmpty();
    assertThat(first.received.get(0).target()).isEqualTo("/v1/chaos/kill");
    assertThat(first.received.get(0).text())
        .isEqualTo("{\"role\":\"learner\",\"downtime\":\"2s\"}");

    assertThat(run("chaos", "kill", "learner", "on", second.address())).isEqualTo(1);
    assertThat(complaint()).isEqualTo("synod: " + second.address() + ": because of the test\n");
  }

  // Wrong usage

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "put                          | KEY",
        "put k                        | VALUE",
        "put k v w                    | w",
        "put k v --file f             | VALUE",
        "put k v --if-absent --if-revision 3 | --if-absent",
        "put k v --timeout 5          | 5",
        "put k v --timeout 0s         | 0s",
        "put k v --wat                | --wat",
        "cas k x v                    | 'x'",
        "list --limit many            | many",
        "get k --http nowhere         | nowhere",
        "get k --http nowhere:99999   | nowhere:99999",
        "chaos on acceptors every     | every",
        "chaos on everything          | everything",
        "chaos on for 3s..2s          | 3s..2s",
        "chaos kill acceptor          | ROLE on NODE",
        "chaos kill acceptor on n9    | n9",
        "chaos kill king on n1        | king"
      })
  void aWrongCommandLineIsNamedInOneLine(String arguments, String named) {
    assertThat(runAsIs(arguments.split(" "))).isEqualTo(2);
    assertThat(complaint()).contains(named).contains("--help").hasLineCount(1);
    assertThat(printed()).isEmpty();
  }

  @Test
  void whatExceedsALimitIsNotEvenSent() throws IOException {
    FakeNode node = node(APPLIED);
    assertThat(run("put", "", "v")).isEqualTo(1);
    assertThat(run("put", "k".repeat(5000), "v")).isEqualTo(1);
    assertThat(run("list", "--limit", "0")).isEqualTo(1);
    Path large = Files.write(directory.resolve("large"), new byte[(1 << 20) + 1]);
    assertThat(run("put", "k", "--file", large.toString())).isEqualTo(1);
    assertThat(run("put", "k", "--file", directory.resolve("missing").toString())).isEqualTo(1);
    assertThat(node.received).isEmpty();
    assertThat(complaint().lines()).hasSize(5).allMatch(line -> line.startsWith("synod: "));
  }

  @Test
  void aBadClusterFileIsNamed() throws IOException {
    Path missing = directory.resolve("missing.conf");
    assertThat(runAsIs("get", "k", "--cluster", missing.toString())).isEqualTo(2);
    assertThat(complaint()).contains("missing.conf").hasLineCount(1);
  }

  // Tokens

  private Path tokenFile(String content, String mode) throws IOException {
    Path file = Files.writeString(directory.resolve("token"), content);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
  }

  @Test
  void theTokenOfTheFileGoesWithEveryRequest() throws IOException {
    FakeNode node = node(APPLIED);
    Path file = tokenFile("0123456789abcdef\n", "rw-------");
    assertThat(run("put", "k", "v", "--token-file", file.toString())).isZero();
    assertThat(run("chaos", "off", "--token-file", file.toString())).isZero();
    assertThat(node.received)
        .extracting(request -> request.header("Authorization"))
        .containsExactly("Bearer 0123456789abcdef", "Bearer 0123456789abcdef");
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "0123456789abcdef                  | rw-r--r-- | is open to every user of this machine",
        "write 0123456789abcdef            | rw------- | must hold one token and nothing else",
        "''                                | rw------- | must hold one token and nothing else",
      })
  void aTokenFileThatIsNoneIsRefusedWithoutShowingIt(String content, String mode, String why)
      throws IOException {
    FakeNode node = node(APPLIED);
    Path file = tokenFile(content, mode);
    assertThat(run("get", "k", "--token-file", file.toString())).isEqualTo(2);
    assertThat(complaint())
        .contains("--token-file: " + file + ": " + why)
        .doesNotContain("0123456789abcdef")
        .hasLineCount(1);
    assertThat(node.received).isEmpty();
  }

  @Test
  void aRefusedTokenIsTheNodesOwnWords() {
    node(Reply.problem(403, "forbidden", ""));
    assertThat(run("put", "k", "v")).isEqualTo(1);
    assertThat(complaint()).isEqualTo("synod: because of the test\n");
  }

  @Test
  void everyCommandHasHelp() {
    for (String command : List.of("put", "get", "delete", "list", "cas", "status", "chaos")) {
      StringWriter help = new StringWriter();
      Main.commandLine().setOut(new PrintWriter(help)).execute(command, "--help");
      assertThat(help.toString()).contains("Usage: synod " + command);
    }
  }
}
