package synod.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import synod.http.ServerFixture.Answer;
import synod.node.Outcome;
import synod.node.RoleMessage;
import synod.paxos.Snapshot;

/** A copy of everything over HTTP: all of it or a broken connection, at the reader's pace. */
class SnapshotHttpTest {
  private static final String NAME = "ab".repeat(32);

  private static final Logger ROOT = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);

  private ServerFixture server;

  @BeforeEach
  void start() {
    server = new ServerFixture();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void theWholeStreamComes() {
    byte[] content = new byte[3_000_000];
    new Random(1).nextBytes(content);
    offer(content.length);
    server.snapshot =
        (offset, length) ->
            Optional.of(
                Arrays.copyOfRange(
                    content, (int) offset, (int) Math.min(offset + length, content.length)));

    Answer answer = server.get("/v1/snapshot");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.bytes()).isEqualTo(content);
    assertThat(answer.header("Content-Length")).isEqualTo("3000000");
    assertThat(answer.header("Content-Type")).isEqualTo("application/octet-stream");
    assertThat(answer.header("Synod-Slot")).isEqualTo("17");
    assertThat(answer.header("Synod-Snapshot")).isEqualTo(NAME);
  }

  @Test
  void aReaderThatStopsReadingStopsTheDisk() throws Exception {
    long all = 200L << 20;
    offer(all);
    AtomicLong read = new AtomicLong();
    server.snapshot =
        (offset, length) -> {
          read.addAndGet(length);
          return Optional.of(new byte[length]);
        };
    HttpRequest request = HttpRequest.newBuilder(server.uri("/v1/snapshot")).build();
    HttpClient client = HttpClient.newHttpClient();
    try (InputStream body = client.send(request, BodyHandlers.ofInputStream()).body()) {
      body.readNBytes(1 << 20);
      long[] last = {-1};
      ServerFixture.await(() -> isUnchanged(read, last));
      assertThat(read.get()).isLessThan(all / 4);
    }
  }

  /** Whether nothing was read for as long as it takes to read a hundred parts. */
  private static boolean isUnchanged(AtomicLong read, long[] last) {
    long before = read.get();
    boolean same = before == last[0];
    last[0] = before;
    java.util.concurrent.locks.LockSupport.parkNanos(200_000_000);
    return same && read.get() == before;
  }

  @Test
  void aSnapshotThatGoesAwayBreaksTheConnectionOffAndIsLoggedInOneLine() {
    offer(1 << 20);
    server.snapshot =
        (offset, length) ->
            offset < 500_000 ? Optional.of(new byte[length]) : Optional.<byte[]>empty();
    HttpRequest request = HttpRequest.newBuilder(server.uri("/v1/snapshot")).build();
    HttpClient client = HttpClient.newHttpClient();
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.list = new CopyOnWriteArrayList<>();
    log.addFilter(new BrokenOff.Silence());
    ListAppender<ILoggingEvent> unfiltered = new ListAppender<>();
    unfiltered.list = new CopyOnWriteArrayList<>();
    listen(log, unfiltered);
    try {
      assertThatThrownBy(() -> client.send(request, BodyHandlers.ofByteArray()))
          .isInstanceOf(IOException.class);
      ServerFixture.await(() -> unfiltered.list.size() > 1);
    } finally {
      ROOT.detachAppender(log);
      ROOT.detachAppender(unfiltered);
    }

    assertThat(log.list)
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.getLevel()).isEqualTo(Level.WARN);
              assertThat(event.getFormattedMessage())
                  .contains("snapshot of slot 17", "broken off after 524288 bytes");
            });
    assertThat(server.get("/health/live").status()).isEqualTo(200);
  }

  @SafeVarargs
  private static void listen(ListAppender<ILoggingEvent>... appenders) {
    for (ListAppender<ILoggingEvent> appender : appenders) {
      appender.start();
      ROOT.addAppender(appender);
    }
  }

  @Test
  void nothingIsTakenBeforeThisReplicaHasCaughtUp() {
    offer(100);
    server.gateway.answer =
        request -> new Outcome.Refused(Outcome.Reason.UNAVAILABLE, "no quorum in this test");

    assertThat(server.get("/v1/snapshot").problem()).isEqualTo("unavailable");
    assertThat(server.get("/v1/snapshot").detail()).contains("no quorum");
    server.gateway.answer = null;
    server.snapshotAnswer = new RoleMessage.SnapshotReply(null, "the disk is full");
    assertThat(server.get("/v1/snapshot?consistency=stale").detail()).isEqualTo("the disk is full");
    assertThat(server.get("/v1/snapshot?prefix=a").status()).isEqualTo(400);
  }

  private void offer(long bytes) {
    server.snapshotAnswer = new RoleMessage.SnapshotReply(new Snapshot(17, NAME, bytes), null);
  }
}
