package synod.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.http.javadsl.ServerBinding;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.BindException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import synod.http.ServerFixture.Answer;
import synod.node.ChaosMessage;
import synod.node.NodeControls;
import synod.node.NodeEvent;
import synod.node.NodeServices;
import synod.node.NodeStatus.RoleState;
import synod.node.NodeStatus.RoleView;
import synod.node.Outcome;
import synod.paxos.Ballot;
import synod.paxos.ProtocolEvent;
import synod.paxos.Role;

/** What a node tells about itself over HTTP, and how its chaos scheduler is spoken to. */
class NodeHttpTest {
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
  void theStatusShowsTheNodeAndItsConfiguration() {
    long back = System.currentTimeMillis() + 60_000;
    set(Role.ACCEPTOR, new RoleView(RoleState.DOWN, back, 4, 1, "injected"));

    JsonNode status = server.get("/v1/status").json();

    assertThat(status.path("node").asText()).isEqualTo("n1");
    assertThat(status.path("cluster"))
        .hasToString("{\"name\":\"synod\",\"id\":\"c1d2\",\"membership\":\"member\"}");
    assertThat(status.path("ready").asBoolean()).isTrue();
    assertThat(status.get("notReady").isNull()).isTrue();
    assertThat(status.path("leader"))
        .hasToString("{\"round\":3,\"proposer\":\"n2\",\"incarnation\":\"ffffffffffffffff\"}");
    assertThat(status.path("slots")).hasToString("{\"accepted\":12,\"chosen\":11,\"applied\":10}");
    assertThat(status.at("/roles/learner/state").asText()).isEqualTo("up");
    assertThat(status.at("/roles/learner").get("backAt").isNull()).isTrue();
    JsonNode acceptor = status.at("/roles/acceptor");
    assertThat(acceptor.path("state").asText()).isEqualTo("down");
    assertThat(acceptor.path("stops").asLong()).isEqualTo(4);
    assertThat(acceptor.path("failures").asLong()).isEqualTo(1);
    assertThat(acceptor.path("backInMillis").asLong()).isBetween(1L, 60_000L);
    assertThat(status.path("members")).hasToString("[\"n1\",\"n2\"]");
    assertThat(status.path("unreachable")).hasToString("[\"n3\"]");
    assertThat(status.at("/disk/quota").asLong()).isEqualTo(300L << 20);
    assertThat(status.path("overQuota")).isEmpty();
    assertThat(status.at("/config/nodes/1"))
        .hasToString(
            "{\"name\":\"n2\",\"host\":\"127.0.0.1\",\"akkaPort\":25522,\"httpPort\":8082,"
                + "\"roles\":[\"learner\"]}");
    assertThat(status.at("/config/acceptors")).hasToString("[\"n1\"]");
    assertThat(status.at("/config/quorums")).hasToString("{\"phase1\":1,\"phase2\":1}");
  }

  @Test
  void aNodeIsReadyWhileItCanServeAndSaysWhyNot() {
    assertThat(server.get("/health/ready").status()).isEqualTo(200);

    set(Role.LEARNER, NodeControls.role(RoleState.RECOVERING));
    assertNotReady("the learner is recovering");
    set(Role.LEARNER, NodeControls.role(RoleState.UP));
    NodeControls.update(server.status, view -> NodeControls.serving(view, Ballot.NONE));
    assertNotReady("no leader is known");
  }

  @Test
  void aNodeThatHearsOfNoQuorumIsLiveButNotReady() {
    NodeControls.update(server.status, NodeControls::unheard);

    assertNotReady("no leader with a quorum is heard");
    assertThat(server.get("/health/live").status()).isEqualTo(200);
  }

  @Test
  void aNodeThatStopsIsLiveButNotReadyAndEndsConnectionsBehindTheirNextAnswer() {
    assertThat(server.get("/health/live").header("Connection")).isNull();
    NodeControls.update(server.status, NodeControls::stopping);

    assertNotReady("the node is stopping");
    Answer answer = server.get("/health/live");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Connection")).isEqualTo("close");
    assertThat(server.get("/v1/kv/k").header("Connection")).isEqualTo("close");
  }

  @Test
  void aNodeIsLiveUntilARoleHasFailedForGood() {
    set(Role.ACCEPTOR, NodeControls.role(RoleState.DOWN));
    assertThat(server.get("/health/live").status()).isEqualTo(200);

    set(Role.ACCEPTOR, new RoleView(RoleState.FAILED, 0, 0, 1, "disk gone"));
    Answer live = server.get("/health/live");
    assertThat(live.status()).isEqualTo(503);
    assertThat(live.problem()).isEqualTo("not-live");
    assertThat(live.detail()).isEqualTo("the acceptor failed: disk gone");
  }

  @Test
  void theStatusShowsByWhoseVotesTheLatestSlotsWereChosen() {
    for (int slot = 1; slot <= 20; slot++) {
      step(new ProtocolEvent.SlotChosen(slot, new Ballot(3, "n1", 1), Set.of("n2", "n1"), 9, 7));
    }

    JsonNode slots = server.get("/v1/status").json().path("recentSlots");
    assertThat(slots).hasSize(16);
    assertThat(slots.path(15))
        .hasToString(
            "{\"slot\":20,\"ballot\":\"3.n1\",\"acceptedBy\":[\"n1\",\"n2\"],\"bytes\":9,"
                + "\"micros\":7}");
  }

  @Test
  void theDigestIsTheLearners() {
    assertThat(server.get("/v1/digest").text())
        .isEqualTo("{\"slot\":10,\"revision\":9,\"sha256\":\"01fe\"}");
  }

  @Test
  void aNodeWithoutGatewayAndLearnerSaysSo() throws Exception {
    NodeServices bare =
        new NodeServices(
            server.system,
            ServerFixture.config(0),
            server.status,
            server.events,
            null,
            server.services.chaos(),
            null,
            server.services.leadership(),
            server.services.snapshots(),
            server.services.relay());
    ServerBinding binding = HttpServer.start(bare, new Metrics()).toCompletableFuture().get();
    HttpClient client = HttpClient.newHttpClient();
    for (String path : List.of("/v1/kv/a", "/v1/digest", "/v1/snapshot")) {
      URI uri = URI.create("http:/" + binding.localAddress() + path);
      HttpResponse<String> answer =
          client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.body()).contains("this node runs no ");
    }
  }

  @Test
  void metricsCountEventsAndRequests() {
    Ballot ballot = new Ballot(3, "n1", 1);
    step(new ProtocolEvent.LeaderElected(ballot, 1, 0, Set.of("n1")));
    step(new ProtocolEvent.SlotChosen(1, ballot, Set.of("n1"), 100, 700));
    step(new ProtocolEvent.SlotChosen(2, ballot, Set.of("n1"), 100, 900));
    step(new ProtocolEvent.BallotRejected(Ballot.NONE, ballot));
    publish(new NodeEvent.RoleStopped("n1", Role.ACCEPTOR, Duration.ofSeconds(1)));
    publish(new NodeEvent.RoleResumed("n1", Role.ACCEPTOR, 5));
    publish(new NodeEvent.LogFlushed("n1", 3, 250_000));
    publish(new NodeEvent.LogFlushed("n1", 1, 250_000));
    publish(new NodeEvent.BatchSent("n1", true, 60));
    publish(new NodeEvent.BatchSent("n1", true, 4));
    publish(new NodeEvent.RequestsUnserved("n1", Map.of(Outcome.Reason.OVERLOADED, 3), 2));
    step(new ProtocolEvent.MessagesRepeated(5));
    server.get("/v1/kv/missing");
    server.get("/v1/kv/missing");

    Answer metrics = server.get("/metrics");

    assertThat(metrics.header("Content-Type")).startsWith("text/plain; version=0.0.4");
    assertThat(metrics.text().lines())
        .contains(
            "synod_elections_total 1.0",
            "synod_slots_chosen_seconds_count 2",
            "synod_log_flushes_seconds_count 2",
            "synod_log_flushes_seconds_sum 5.0E-4",
            "synod_log_flushes_seconds_bucket{le=\"2.5E-4\"} 2",
            "synod_log_flush_records_sum 4.0",
            "synod_slot_bytes_sum 200.0",
            "synod_batch_requests_sum{kind=\"write\"} 64.0",
            "synod_batch_requests_bucket{kind=\"write\",le=\"4.0\"} 1",
            "synod_requests_refused_total{reason=\"overloaded\"} 3.0",
            "synod_requests_refused_total{reason=\"invalid\"} 0.0",
            "synod_requests_unknown_total 2.0",
            "synod_messages_repeated_total{role=\"proposer\"} 5.0",
            "synod_ballots_rejected_total 1.0",
            "synod_role_stops_total{role=\"acceptor\"} 1.0",
            "synod_role_resumes_total{role=\"acceptor\"} 1.0",
            "synod_role_stops_total{role=\"learner\"} 0.0",
            "synod_role_up{role=\"learner\"} 1.0",
            "synod_slot_applied 10.0",
            "synod_leading 0.0",
            "synod_http_requests_seconds_count{method=\"GET\",resource=\"key\",status=\"404\"} 2");
    assertThat(metrics.text()).contains("jvm_memory_used_bytes");
  }

  @Test
  void theChaosScheduleIsShownAndReplaced() {
    assertThat(server.get("/v1/chaos").text())
        .isEqualTo(
            "{\"roles\":[\"acceptor\"],\"meanTimeBetweenFailures\":\"10s\","
                + "\"downtimeMin\":\"500ms\",\"downtimeMax\":\"3s\"}");

    Answer changed =
        server.json(
            "PUT",
            "/v1/chaos",
            "{\"roles\":[\"proposer\",\"gateway\"],\"meanTimeBetweenFailures\":\"5s\","
                + "\"downtimeMax\":\"PT2S\"}");
    assertThat(changed.status()).isEqualTo(200);
    assertThat(changed.json().path("detail").asText()).isEqualTo("as you wish");
    ChaosMessage.Configure configured = (ChaosMessage.Configure) server.lastChaos;
    assertThat(configured.roles()).containsExactlyInAnyOrder(Role.PROPOSER, Role.GATEWAY);
    assertThat(configured.meanTimeBetweenFailures()).isEqualTo(Duration.ofSeconds(5));
    assertThat(configured.downtimeMin()).isEqualTo(Duration.ofMillis(500));
    assertThat(configured.downtimeMax()).isEqualTo(Duration.ofSeconds(2));

    server.json("PUT", "/v1/chaos", "{\"roles\":[]}");
    assertThat(((ChaosMessage.Configure) server.lastChaos).roles()).isEmpty();
  }

  @Test
  void aRoleIsStoppedOnRequestAndARefusalIsAConflict() {
    assertThat(
            server
                .json("POST", "/v1/chaos/kill", "{\"role\":\"acceptor\",\"downtime\":\"2s\"}")
                .status())
        .isEqualTo(200);
    ChaosMessage.Kill kill = (ChaosMessage.Kill) server.lastChaos;
    assertThat(kill.role()).isEqualTo(Role.ACCEPTOR);
    assertThat(kill.downtime()).isEqualTo(Duration.ofSeconds(2));

    server.chaosAnswer = new ChaosMessage.Answer(false, "the learner is down already");
    Answer refused = server.json("POST", "/v1/chaos/kill", "{\"role\":\"learner\"}");
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.detail()).isEqualTo("the learner is down already");
    assertThat(((ChaosMessage.Kill) server.lastChaos).downtime()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PUT  | /v1/chaos      | {}                                   | field roles is missing; []",
        "PUT  | /v1/chaos      | {\"roles\":[\"king\"]}               | field roles[0] must be one"
            + " of [acc",
        "PUT  | /v1/chaos      | {\"roles\":[null]}                   | field roles[0] must be one"
            + " of [acc",
        "PUT  | /v1/chaos      | {\"roles\":[],\"downtimeMin\":\"9s\"} | field downtimeMin (9s) is"
            + " above do",
        "PUT  | /v1/chaos      | {\"roles\":[],\"downtimeMin\":\"0s\"} | field downtimeMin must be"
            + " at least",
        "PUT  | /v1/chaos      | {\"roles\":\"acceptor\"}             | the body is not the JSON",
        "POST | /v1/chaos/kill | {}                                   | field role is missing",
        "POST | /v1/chaos/kill | {\"role\":\"acceptor\",\"downtime\":\"x\"} | field downtime must"
            + " be a d",
      })
  void aWrongOrderIsExplained(String method, String path, String body, String detail) {
    Answer answer = server.json(method, path, body);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.detail()).startsWith(detail);
    assertThat(server.lastChaos).isNull();
  }

  @Test
  void aPortThatIsTakenIsNamed() {
    NodeServices taken =
        new NodeServices(
            server.system,
            ServerFixture.config(server.port),
            server.status,
            server.events,
            server.services.gateway(),
            server.services.chaos(),
            server.services.learner(),
            server.services.leadership(),
            server.services.snapshots(),
            server.services.relay());
    CompletionStage<ServerBinding> second = HttpServer.start(taken, new Metrics());

    assertThatThrownBy(() -> second.toCompletableFuture().join())
        .hasCauseInstanceOf(BindException.class)
        .hasMessageContaining(
            "node n1 can't listen for HTTP on 127.0.0.1:"
                + server.port
                + " (its host and HTTP port");
    assertThat(server.get("/health/live").status()).isEqualTo(200);
  }

  private void assertNotReady(String why) {
    Answer ready = server.get("/health/ready");
    assertThat(ready.status()).isEqualTo(503);
    assertThat(ready.problem()).isEqualTo("not-ready");
    assertThat(ready.detail()).isEqualTo(why);
    assertThat(server.get("/v1/status").json().path("notReady").asText()).isEqualTo(why);
  }

  private void set(Role role, RoleView state) {
    NodeControls.update(server.status, view -> NodeControls.with(view, role, state));
  }

  private void step(ProtocolEvent event) {
    publish(new NodeEvent.Protocol("n1", Role.PROPOSER, event));
  }

  private void publish(NodeEvent event) {
    NodeControls.publish(server.events, event);
  }
}
