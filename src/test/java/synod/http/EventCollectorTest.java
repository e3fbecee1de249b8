package synod.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import synod.kv.Command;
import synod.kv.CommandCodec;
import synod.kv.EntryCodec;
import synod.kv.SessionCommand;
import synod.kv.SessionId;
import synod.node.NodeControls;
import synod.node.NodeEvent;
import synod.node.NodeEvents;
import synod.node.Showing;
import synod.paxos.Ballot;
import synod.paxos.ProtocolEvent;
import synod.paxos.Role;

/** What is told is bounded, however much happens, and what is left out is counted. */
class EventCollectorTest {
  private final NodeEvents events = new NodeEvents();
  private final EventCollector collector = new EventCollector(events);

  @Test
  void nothingButTheRareIsKeptWhileNobodyWatches() {
    accept(1);
    stop();
    assertThat(collector.drain()).isEmpty();
    assertThat(collector.rare()).extracting(Told::kind).containsExactly("role-stopped");
  }

  @Test
  void everySlotIsToldWhileThereAreFew() {
    collector.watched(true, true);
    for (long slot = 1; slot <= 10; slot++) {
      accept(slot);
    }
    assertThat(collector.drain()).hasSize(10);
    accept(11);
    accept(13);
    assertThat(collector.drain()).extracting(Told::from).containsExactly(11L, 13L);
  }

  @Test
  void ofManySlotsAMultipleIsToldAndAllAreCounted() {
    collector.watched(true, true);
    for (int slot = 1; slot <= 1000; slot++) {
      accept(slot);
    }
    collector.drain();
    for (int slot = 1001; slot <= 2000; slot++) {
      accept(slot);
    }

    List<Told> told = collector.drain();

    assertThat(told).hasSizeBetween(1, 2).allMatch(one -> one.from() % 256 == 0);
    JsonNode rates = json(collector.rates("n1", 1000));
    assertThat(rates.path("accepted").asInt()).isEqualTo(2000);
    assertThat(rates.path("toldEvery").asInt()).isGreaterThanOrEqualTo(64);
    assertThat(rates.path("leftOut").asInt()).isBetween(1600, 1999);
  }

  @Test
  void theRareIsToldAmongMany() {
    collector.watched(true, true);
    for (int slot = 1; slot <= 100; slot++) {
      accept(slot);
    }
    stop();
    assertThat(collector.drain()).extracting(Told::kind).contains("role-stopped");
  }

  @Test
  void aReportIsSmallWhateverTheCommandsAre() {
    collector.watched(true, true);
    byte[] entry = entry(Collections.nCopies(20, put("\"".repeat(4096), "v".repeat(10_000))));
    NodeControls.publish(
        events, new NodeEvent.EntriesApplied("n1", 1, Collections.nCopies(200, entry)));

    byte[] report = Told.encode(collector.drain());

    assertThat(report).hasSizeLessThan(Showing.MAX_BYTES);
    assertThat(Told.decode("n1", report)).isNotEmpty();
  }

  @Test
  void commandsAreToldWithTheirKeys() {
    collector.watched(true, true);
    byte[] entry = entry(List.of(put("<b>", "\u0000\n\"")));
    NodeControls.publish(events, new NodeEvent.EntriesApplied("n1", 5, List.of(entry)));

    Told told = collector.drain().get(0);

    assertThat(told.keys()).containsExactly("<b>");
    JsonNode command = json(told).path("commands").path(0);
    assertThat(command.path("op").asText()).isEqualTo("put");
    assertThat(command.path("key").asText()).isEqualTo("<b>");
    assertThat(command.path("value").asText()).isEqualTo("\u0000\n\"");
    assertThat(new String(told.json(), StandardCharsets.UTF_8)).doesNotContain("\n");
  }

  @Test
  void aNoOpIsCalledThat() {
    collector.watched(true, true);
    NodeControls.publish(events, new NodeEvent.EntriesApplied("n1", 5, List.of(new byte[0])));
    assertThat(json(collector.drain().get(0)).path("noOp").asBoolean()).isTrue();
  }

  private void accept(long slot) {
    ProtocolEvent step = new ProtocolEvent.EntryAccepted(slot, new Ballot(1, "n1", 1), 10);
    NodeControls.publish(events, new NodeEvent.Protocol("n1", Role.ACCEPTOR, step));
  }

  private void stop() {
    NodeControls.publish(
        events, new NodeEvent.RoleStopped("n1", Role.ACCEPTOR, Duration.ofSeconds(1)));
  }

  private static byte[] entry(List<Command> commands) {
    List<SessionCommand> all =
        commands.stream()
            .map(command -> new SessionCommand(1, new SessionId(1, 0), 1, 0, command))
            .toList();
    return EntryCodec.encode(1, List.of(CommandCodec.encode(1, "n1", all)));
  }

  private static Command put(String key, String value) {
    return new Command.Put(
        key.getBytes(StandardCharsets.UTF_8),
        value.getBytes(StandardCharsets.UTF_8),
        Command.Condition.NONE,
        false);
  }

  private static JsonNode json(Told told) {
    try {
      return Json.mapper().readTree(told.json());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
