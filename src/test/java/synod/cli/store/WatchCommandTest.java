package synod.cli.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import synod.cli.Main;
import synod.cli.store.FakeNode.Received;
import synod.cli.store.FakeNode.Reply;

/** What {@code watch} and the commands for the whole store ask nodes for, and print. */
class WatchCommandTest {
  private final List<FakeNode> nodes = new ArrayList<>();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final StringWriter err = new StringWriter();

  @AfterEach
  void close() {
    nodes.forEach(FakeNode::close);
  }

  private FakeNode node(Function<Received, Reply> answer) {
    FakeNode node = new FakeNode(answer);
    nodes.add(node);
    return node;
  }

  private int run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--http", String.join(",", nodes.stream().map(FakeNode::address).toList())));
    return Main.commandLine(
            new Streams(new ByteArrayInputStream(new byte[0]), out, Streams.Manner.RAW))
        .setErr(new PrintWriter(err))
        .execute(all.toArray(String[]::new));
  }

  private String printed() {
    return out.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
  }

  private static Reply events(String... events) {
    return new Reply(
        200,
        Map.of("Content-Type", "text/event-stream"),
        ("retry: 1000\n" + String.join("", events)).getBytes(StandardCharsets.UTF_8));
  }

  private static String put(long revision) {
    return """
        id: %d
        event: put
        data: {"type":"put","revision":%d,"key":"k","key64":"aw==","value64":"dg==","version":1}

        """
        .formatted(revision, revision);
  }

  private static String progress(long revision) {
    return "id: %d\nevent: progress\ndata: {\"revision\":%d}\n\n".formatted(revision, revision);
  }

  @Test
  void changesAreLinesAndTheLastOneWantedIsTheEnd() {
    FakeNode node =
        node(
            request ->
                events(
                    progress(6),
                    put(7),
                    ": keep-alive\n\n",
                    "id: 8\nevent: delete\ndata: {\"type\":\"delete\",\"revision\":8,"
                        + "\"key64\":\"awo=\"}\n\n"));
    assertThat(run("watch", "k/", "--from", "7", "--count", "2")).isZero();
    assertThat(printed()).isEqualTo("7\tput\tk\tv\n8\tdelete\tk\\n\n");
    assertThat(node.received.get(0).target()).isEqualTo("/v1/watch?prefix=k%2F&from=7");
  }

  @Test
  void aProgramGetsAnObjectALine() {
    node(request -> events(put(7)));
    assertThat(run("watch", "--from", "7", "--count", "1", "--json")).isZero();
    assertThat(printed())
        .isEqualTo(
            "{\"type\":\"put\",\"revision\":7,\"key\":\"k\",\"key64\":\"aw==\",\"value64\":\"dg==\","
                + "\"version\":1,\"value\":\"v\"}\n");
  }

  @Test
  void whenANodeEndsTheStreamItGoesOnBehindWhatItHasSeen() {
    AtomicInteger asked = new AtomicInteger();
    Function<Received, Reply> answer =
        request ->
            switch (asked.incrementAndGet()) {
              case 1 -> events(progress(0), put(1), put(2), progress(5));
              case 2 -> Reply.problem(503, "unavailable", "");
              default -> events(progress(5), put(6));
            };
    FakeNode first = node(answer);
    FakeNode second = node(answer);
    assertThat(run("watch", "--count", "3")).isZero();
    assertThat(printed()).isEqualTo("1\tput\tk\tv\n2\tput\tk\tv\n6\tput\tk\tv\n");
    List<String> targets = new ArrayList<>();
    first.received.forEach(received -> targets.add(received.target()));
    second.received.forEach(received -> targets.add(received.target()));
    assertThat(targets)
        .containsExactlyInAnyOrder(
            "/v1/watch?prefix=", "/v1/watch?prefix=&from=6", "/v1/watch?prefix=&from=6");
    assertThat(err.toString()).contains("because of the test; goes on at 127.0.0.1:");
  }

  @Test
  void whatIsCompactedEndsItWithAClearMessage() {
    node(request -> Reply.problem(410, "compacted", ""));
    assertThat(run("watch", "--from", "1")).isEqualTo(1);
    assertThat(err.toString()).contains("because of the test");
  }

  @Test
  void aCompactionThatOvertakesTheReaderEndsIt() {
    node(
        request ->
            events(
                progress(0),
                put(1),
                "event: compacted\ndata: {\"compacted\":9,\"revision\":12}\n\n"));
    assertThat(run("watch", "--from", "1")).isEqualTo(1);
    assertThat(printed()).isEqualTo("1\tput\tk\tv\n");
    assertThat(err.toString())
        .contains("changes up to revision 9 were compacted; the last one seen is 1");
  }

  @Test
  void withoutANodeItEndsAfterTheTimeout() {
    node(request -> Reply.broken());
    assertThat(run("watch", "--timeout", "300ms")).isEqualTo(1);
    assertThat(err.toString()).contains("no node can be watched", "the connection broke");
    assertThat(run("watch", "--from", "0")).isEqualTo(2);
  }

  @Test
  void compactSaysHowFar() {
    FakeNode node = node(request -> Reply.json(200, "{\"compacted\":9}"));
    assertThat(run("compact", "9")).isZero();
    assertThat(printed()).isEqualTo("compacted up to revision 9\n");
    assertThat(node.received.get(0).method()).isEqualTo("POST");
    assertThat(node.received.get(0).target()).startsWith("/v1/compact?revision=9&timeout=");
  }

  @Test
  void leadershipIsMovedByWhicheverNodeAnswers() {
    node(request -> Reply.problem(503, "unavailable", ""));
    FakeNode able =
        node(request -> Reply.json(200, "{\"leader\":\"n 2\",\"round\":7,\"moved\":true}"));
    assertThat(run("move-leader", "n 2")).as(err.toString()).isZero();
    assertThat(printed()).isEqualTo("n 2 leads now, round 7\n");
    assertThat(able.received.get(0).method()).isEqualTo("POST");
    assertThat(able.received.get(0).target()).startsWith("/v1/leader?node=n%202&timeout=");
    assertThat(run("move-leader")).isEqualTo(2);
  }

  @Test
  void leadershipThatDoesNotMoveIsAFailureWithTheNodesReason() {
    node(request -> Reply.problem(504, "outcome-unknown", ""));
    assertThat(run("move-leader", "n2")).isEqualTo(1);
    assertThat(err.toString()).isEqualTo("synod: because of the test\n");
  }

  @Test
  void aLogLevelGoesToEveryNode() {
    FakeNode first = node(request -> Reply.json(200, "{\"levels\":{\"root\":\"info\"}}"));
    FakeNode second = node(request -> Reply.problem(400, "invalid-request", ""));
    assertThat(run("log-level", "synod.events", "trace")).isEqualTo(1);
    assertThat(first.received.get(0).method()).isEqualTo("PUT");
    assertThat(second.received.get(0).target())
        .isEqualTo("/v1/log-level?logger=synod.events&level=trace");
    assertThat(printed()).contains("root", "info");
    assertThat(err.toString()).contains(second.address() + ": because of the test");
    assertThat(run("log-level", "synod.events")).isEqualTo(2);
  }

  @Test
  void aCompactionThatIsRefusedSaysWhy() {
    node(request -> Reply.problem(409, "conflict", ""));
    assertThat(run("compact", "9")).isEqualTo(1);
    assertThat(err.toString()).contains("because of the test");
  }
}
