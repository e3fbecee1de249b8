package synod.http;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import synod.node.NodeConfig;
import synod.node.NodeLoad;
import synod.node.NodeStatus;
import synod.node.NodeStatus.Membership;
import synod.paxos.Proposer;
import synod.paxos.Role;

/** Gauges of a node's status, read when somebody asks for them. */
final class StatusMetrics {
  private static final double NANOS_PER_SECOND = 1e9;

  private final MeterRegistry registry;
  private final NodeStatus status;
  private final MultiGauge used;
  private final MultiGauge behind;
  private final MultiGauge silent;
  private volatile boolean ready;

  StatusMetrics(MeterRegistry registry, NodeStatus status, NodeConfig config) {
    this.registry = registry;
    this.status = status;
    used =
        multi("synod.disk.used", "In files of the data directory, by what they are for", "bytes");
    behind =
        multi(
            "synod.acceptor.behind",
            "How far each acceptor's votes are behind the last chosen slot; the leader tells",
            "slots");
    silent =
        multi(
            "synod.acceptor.silent",
            "Since each acceptor last answered the leader, which tells",
            "seconds");
    slots();
    leadership();
    health();
    queues();
    disk(config.limits().quotaBytes());
    for (Role role : config.self().roles()) {
      Gauge.builder("synod.role.up", status, now -> flag(now.view().isUp(role)))
          .description("1 if the role is up")
          .tag("role", role.label())
          .register(registry);
    }
  }

  /**
   * Brings up to date what can't be read when it is asked for: readiness, and gauges whose number
   * isn't known beforehand.
   */
  void refresh(boolean isReady) {
    ready = isReady;
    used.register(rows("part", status.diskUse().usedBytes(), Long::doubleValue), true);
    Map<String, Proposer.Contact> contacts = status.load().contacts();
    behind.register(rows("acceptor", contacts, Proposer.Contact::slotsBehind), true);
    silent.register(
        rows("acceptor", contacts, contact -> contact.silentNanos() / NANOS_PER_SECOND), true);
  }

  private void slots() {
    view("synod.slot.accepted", "Highest slot accepted here", now -> now.acceptedSlot());
    view("synod.slot.chosen", "Highest slot known to be chosen", now -> now.chosenSlot());
    view("synod.slot.applied", "Last slot applied here", now -> now.appliedSlot());
    view("synod.revision", "The store's revision here", now -> now.revision());
    of(
        "synod.history.bytes",
        "What the changes take that can be watched, or wait to be deleted",
        status::replica,
        replica -> replica.historyBytes());
  }

  private void leadership() {
    view("synod.leading", "1 if this node leads", now -> flag(now.leading()));
    view("synod.leader.round", "Round of the leader's ballot", now -> now.leader().round());
    view(
        "synod.promised.round",
        "Round of the ballot that the local acceptor promised",
        now -> now.promised().round());
    view(
        "synod.leader.heard",
        "1 if a leader with a quorum was heard just now",
        now -> flag(now.leaderHeard()));
  }

  private void health() {
    of("synod.ready", "1 if linearizable requests are served", () -> ready, now -> flag(now));
    view("synod.live", "1 unless a role has stopped for good", now -> flag(now.live()));
    view(
        "synod.forgotten",
        "1 for an acceptor that lost its memory and has no vote",
        now -> flag(now.membership() == Membership.FORGOTTEN));
    view("synod.unreachable", "Members that can't be reached", now -> now.unreachable().size());
    of(
        "synod.replicas.differing",
        "Nodes whose replica was found to hold another state than this one",
        status::replica,
        replica -> replica.differing().size());
  }

  private void queues() {
    load(
        "synod.requests.in.flight",
        "Requests that the gateway has taken and not answered",
        NodeLoad::requestsInFlight);
    load(
        "synod.requests.waiting",
        "Those of them that have not left for the leader",
        NodeLoad::requestsWaiting);
    load(
        "synod.proposer.queue",
        "Batches of gateways that wait for a slot at this node's proposer",
        NodeLoad::submissionsQueued);
    load(
        "synod.slots.in.flight",
        "Slots that this node has proposed a value for that isn't chosen yet",
        NodeLoad::slotsInFlight);
    load(
        "synod.log.queue",
        "Writes that wait for the acceptor's log, those being written not counted",
        NodeLoad::writesQueued);
  }

  private void disk(long quotaBytes) {
    load(
        "synod.log.slots",
        "Slots from the first one that the acceptor's log still holds to the last",
        NodeLoad::slotsInLog);
    view("synod.space.low", "1 while the disk is nearly full", now -> flag(now.lowSpace()));
    of(
        "synod.disk.free.bytes",
        "What may still be written to the data directory's disk",
        status::diskUse,
        use -> use.freeBytes());
    of(
        "synod.disk.quota.bytes",
        "What there may be in the data directory; 0 for any number",
        () -> quotaBytes,
        quota -> quota);
    of(
        "synod.quota.exceeded",
        "1 while there is more than that",
        status::diskUse,
        use -> flag(use.overQuota()));
    of(
        "synod.puts.refused.for",
        "Nodes whose quota is used up, as far as this one knows: its gateway refuses puts",
        status::overQuota,
        nodes -> nodes.size());
  }

  private static double flag(boolean on) {
    return on ? 1 : 0;
  }

  private void view(String name, String description, ToDoubleFunction<NodeStatus.View> value) {
    of(name, description, status::view, value);
  }

  private void load(String name, String description, ToDoubleFunction<NodeLoad> value) {
    of(name, description, status::load, value);
  }

  private <T> void of(
      String name, String description, Supplier<T> source, ToDoubleFunction<T> value) {
    Gauge.builder(name, status, unused -> value.applyAsDouble(source.get()))
        .description(description)
        .register(registry);
  }

  private MultiGauge multi(String name, String description, String unit) {
    return MultiGauge.builder(name).description(description).baseUnit(unit).register(registry);
  }

  private static <T> Iterable<MultiGauge.Row<?>> rows(
      String tag, Map<String, T> values, ToDoubleFunction<T> value) {
    return values.entrySet().stream()
        .map(
            entry ->
                MultiGauge.Row.of(
                    Tags.of(tag, entry.getKey()), value.applyAsDouble(entry.getValue())))
        .collect(Collectors.toList());
  }
}
