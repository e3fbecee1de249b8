package synod.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import synod.node.NodeControls;
import synod.node.NodeEvent;
import synod.paxos.Ballot;
import synod.paxos.ProtocolEvent;
import synod.paxos.Role;

/** {@code /v1/events} as a reader sees it, at a server whose node is played by the test. */
@Timeout(30)
class EventsHttpTest {
  private final ServerFixture server = new ServerFixture();
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aReaderSeesWhatHappensAndTheStatus() throws Exception {
    try (Reader reader = open("", null)) {
      assertThat(reader.next("hello").data.path("node").asText()).isEqualTo("n1");
      assertThat(reader.next("status").data.path("status").path("leader").path("round").asInt())
          .isEqualTo(3);
      stopRole(Role.LEARNER);
      JsonNode stopped = reader.next("role-stopped").data;
      assertThat(stopped.path("role").asText()).isEqualTo("learner");
      assertThat(stopped.path("downtimeMillis").asLong()).isEqualTo(1500);
      assertThat(stopped.path("atMicros").isIntegralNumber()).isTrue();
    }
  }

  @Test
  void whatHappenedBeforeAnybodyWatchedIsToldIfItIsRare() throws Exception {
    stopRole(Role.GATEWAY);
    try (Reader reader = open("", null)) {
      assertThat(reader.next("role-stopped").data.path("role").asText()).isEqualTo("gateway");
    }
  }

  @Test
  void aReaderGoesOnBehindTheLastEventThatItRead() throws Exception {
    String id;
    try (Reader reader = open("?kind=role-stopped", null)) {
      reader.next("hello");
      stopRole(Role.LEARNER);
      id = reader.next("role-stopped").id;
    }
    stopRole(Role.GATEWAY);
    try (Reader reader = open("?kind=role-stopped", id)) {
      assertThat(reader.next("role-stopped").data.path("role").asText()).isEqualTo("gateway");
      assertThat(reader.lost).isFalse();
    }
  }

  @Test
  void anIdOfAnotherStreamIsAnsweredWithALossThatIsNamed() throws Exception {
    try (Reader reader = open("", "0badc0de-17")) {
      assertThat(reader.next("lost").data.path("events").isNull()).isTrue();
      reader.next("status");
    }
  }

  @Test
  void filtersLeaveOutWhatDoesNotMatch() throws Exception {
    try (Reader reader = open("?slot=8&kind=accepted,chosen", null)) {
      reader.next("hello");
      accept(7);
      accept(8);
      Event event = reader.next(null);
      assertThat(event.data.path("kind").asText()).isEqualTo("accepted");
      assertThat(event.data.path("slot").asInt()).isEqualTo(8);
    }
  }

  @Test
  void badParametersAreRefused() {
    assertThat(server.get("/v1/events?slot=x").problem()).isEqualTo("invalid-request");
    assertThat(server.get("/v1/events?kinds=a").detail()).contains("kind");
    assertThat(server.send("POST", "/v1/events", "").status()).isEqualTo(405);
  }

  @Test
  void anOpenStreamDoesNotHoldUpTheEndOfTheServer() throws Exception {
    try (Reader reader = open("", null)) {
      reader.next("status");
      long start = System.nanoTime();
      server.close();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
    }
  }

  @Test
  void chaosForAnotherNodeIsRefusedIfThereIsNoneOfThatName() {
    assertThat(server.get("/v1/chaos?node=n9").detail()).contains("n9");
    assertThat(server.get("/v1/chaos?node=n1").status()).isEqualTo(200);
  }

  private void stopRole(Role role) {
    NodeControls.publish(
        server.events, new NodeEvent.RoleStopped("n1", role, Duration.ofMillis(1500)));
  }

  private void accept(long slot) {
    ProtocolEvent step = new ProtocolEvent.EntryAccepted(slot, new Ballot(3, "n2", 1), 10);
    NodeControls.publish(server.events, new NodeEvent.Protocol("n1", Role.ACCEPTOR, step));
  }

  private Reader open(String query, String lastEventId) throws Exception {
    URI uri = server.uri("/v1/events" + query);
    HttpRequest.Builder request = HttpRequest.newBuilder(uri);
    if (lastEventId != null) {
      request.header("Last-Event-ID", lastEventId);
    }
    var response = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    assertThat(response.headers().firstValue("Content-Type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
    return new Reader(
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8)));
  }

  private record Event(String id, JsonNode data) {}

  private static final class Reader implements AutoCloseable {
    private final BufferedReader lines;
    private boolean lost;

    private Reader(BufferedReader lines) {
      this.lines = lines;
    }

    /** The next event of a kind, or of any. */
    private Event next(String kind) throws IOException {
      String id = null;
      while (true) {
        String line = lines.readLine();
        if (line.startsWith("id: ")) {
          id = line.substring(4);
        } else if (line.startsWith("data: ")) {
          JsonNode data = Json.mapper().readTree(line.substring(6));
          lost |= data.path("kind").asText().equals("lost");
          if (kind == null || data.path("kind").asText().equals(kind)) {
            return new Event(id, data);
          }
        }
      }
    }

    @Override
    public void close() throws IOException {
      lines.close();
    }
  }
}
