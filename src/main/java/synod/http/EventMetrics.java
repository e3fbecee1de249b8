package synod.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import synod.node.NodeEvent;
import synod.node.Outcome;
import synod.paxos.ProtocolEvent;
import synod.paxos.Role;

/**
 * Counts a node's events: nothing in here happens more often than once for a batch of requests.
 * Called on the threads of the node's actors.
 */
final class EventMetrics {
  private final MeterRegistry registry;
  private final Map<Role, Counter> stops;
  private final Map<Role, Counter> failures;
  private final Map<Role, Counter> resumes;
  private final Map<Role, Counter> repeated;
  private final Map<Outcome.Reason, Counter> refused;
  private final Counter unknown;
  private final Counter foreign;
  private final DistributionSummary writes;
  private final DistributionSummary reads;
  private final Counter preCampaigns;
  private final Counter campaigns;
  private final Counter elections;
  private final Counter stepDowns;
  private final Counter rejected;
  private final Counter accepted;
  private final Counter catchUps;
  private final Counter snapshotsTaken;
  private final Counter snapshotsFailed;
  private final Counter snapshotsFetched;
  private final Counter snapshotsDropped;
  private final Counter snapshotsInstalled;
  private final Timer chosen;
  private final DistributionSummary slotBytes;
  private final Timer flushes;
  private final DistributionSummary flushRecords;

  EventMetrics(MeterRegistry registry) {
    this.registry = registry;
    stops = byRole("synod.role.stops", "Stopped by chaos");
    failures = byRole("synod.role.failures", "Failed without being asked to");
    resumes = byRole("synod.role.resumes", "Came back");
    repeated =
        counters(
            "synod.messages.repeated",
            "Sent again, for want of an answer in time",
            "role",
            List.of(Role.GATEWAY, Role.PROPOSER),
            Role::label);
    refused =
        counters(
            "synod.requests.refused",
            "Requests that the gateway refused: they certainly have no effect",
            "reason",
            List.of(Outcome.Reason.values()),
            reason -> reason.name().toLowerCase(Locale.ROOT));
    unknown =
        counter("synod.requests.unknown", "Writes whose outcome the gateway couldn't tell in time");
    foreign =
        counter(
            "synod.messages.refused",
            "Messages of nodes of another cluster, or that are configured otherwise");
    writes = batches("write");
    reads = batches("read");
    preCampaigns = counter("synod.precampaigns", "Times that this node missed the leader");
    campaigns = counter("synod.campaigns", "Ballots prepared by this node");
    elections = counter("synod.elections", "Won by this node");
    stepDowns = counter("synod.step.downs", "Leaderships and campaigns that this node gave up");
    rejected = counter("synod.ballots.rejected", "Lower ballots refused by the local acceptor");
    accepted = counter("synod.entries.accepted", "Entries made durable by the local acceptor");
    catchUps = counter("synod.catch.ups", "Times that the learner asked others for missing slots");
    snapshotsTaken = counter("synod.snapshots.taken", "Snapshots of its own that the learner made");
    snapshotsFailed =
        counter("synod.snapshots.failed", "Times that the learner could make none of its own");
    snapshotsFetched =
        counter("synod.snapshots.fetched", "Snapshots of others that the learner began to fetch");
    snapshotsDropped =
        counter("synod.snapshots.dropped", "Those of them that it gave up, to begin again");
    snapshotsInstalled =
        counter("synod.snapshots.installed", "Those of them that took the place of its state");
    chosen =
        Timer.builder("synod.slots.chosen")
            .description("Slots chosen while this node led: first accept sent to quorum reached")
            .serviceLevelObjectives(Metrics.BUCKETS)
            .register(registry);
    slotBytes =
        DistributionSummary.builder("synod.slot.bytes")
            .description("Sizes of those slots' values: each is a batch of requests")
            .serviceLevelObjectives(0x1p8, 0x1p10, 0x1p12, 0x1p14, 0x1p16, 0x1p18, 0x1p20)
            .register(registry);
    flushes =
        Timer.builder("synod.log.flushes")
            .description("Writes of the acceptor's log, each with its sync to disk")
            .serviceLevelObjectives(Metrics.BUCKETS)
            .register(registry);
    flushRecords =
        DistributionSummary.builder("synod.log.flush.records")
            .description("Records that one of them made durable")
            .serviceLevelObjectives(1, 2, 4, 8, 16, 32, 64)
            .register(registry);
  }

  void count(NodeEvent event) {
    if (event instanceof NodeEvent.Protocol step) {
      count(step);
    } else if (event instanceof NodeEvent.LogFlushed flush) {
      flushes.record(flush.nanos(), TimeUnit.NANOSECONDS);
      flushRecords.record(flush.records());
    } else if (event instanceof NodeEvent.BatchSent batch) {
      (batch.writes() ? writes : reads).record(batch.requests());
    } else if (event instanceof NodeEvent.RequestsUnserved unserved) {
      unserved.refused().forEach((reason, number) -> refused.get(reason).increment(number));
      unknown.increment(unserved.unknown());
    } else if (event instanceof NodeEvent.MessageRefused) {
      foreign.increment();
    } else if (event instanceof NodeEvent.SnapshotFailed) {
      snapshotsFailed.increment();
    } else if (event instanceof NodeEvent.RoleStopped stopped) {
      stops.get(stopped.role()).increment();
    } else if (event instanceof NodeEvent.RoleFailed failed) {
      failures.get(failed.role()).increment();
    } else if (event instanceof NodeEvent.RoleFailedForGood failed) {
      failures.get(failed.role()).increment();
    } else if (event instanceof NodeEvent.RoleResumed resumed && resumed.incarnation() > 1) {
      resumes.get(resumed.role()).increment();
    }
  }

  private void count(NodeEvent.Protocol step) {
    ProtocolEvent event = step.event();
    if (event instanceof ProtocolEvent.SlotChosen slot) {
      chosen.record(slot.micros(), TimeUnit.MICROSECONDS);
      slotBytes.record(slot.bytes());
    } else if (event instanceof ProtocolEvent.EntryAccepted) {
      accepted.increment();
    } else if (event instanceof ProtocolEvent.MessagesRepeated again) {
      repeated.get(step.role()).increment(again.messages());
    } else if (event instanceof ProtocolEvent.CatchingUp) {
      catchUps.increment();
    } else if (event instanceof ProtocolEvent.BallotRejected) {
      rejected.increment();
    } else if (event instanceof ProtocolEvent.SnapshotTaken) {
      snapshotsTaken.increment();
    } else if (event instanceof ProtocolEvent.SnapshotFetched) {
      snapshotsFetched.increment();
    } else if (event instanceof ProtocolEvent.SnapshotDropped) {
      snapshotsDropped.increment();
    } else if (event instanceof ProtocolEvent.SnapshotInstalled) {
      snapshotsInstalled.increment();
    } else if (event instanceof ProtocolEvent.PreCampaignStarted) {
      preCampaigns.increment();
    } else if (event instanceof ProtocolEvent.CampaignStarted) {
      campaigns.increment();
    } else if (event instanceof ProtocolEvent.LeaderElected) {
      elections.increment();
    } else if (event instanceof ProtocolEvent.SteppedDown) {
      stepDowns.increment();
    }
  }

  private DistributionSummary batches(String kind) {
    return DistributionSummary.builder("synod.batch.requests")
        .description("Requests that the gateway sent to the leader together")
        .tag("kind", kind)
        .serviceLevelObjectives(1, 4, 16, 64, 256, 1024)
        .register(registry);
  }

  private Counter counter(String name, String description) {
    return Counter.builder(name).description(description).register(registry);
  }

  private Map<Role, Counter> byRole(String name, String description) {
    return counters(name, description, "role", Arrays.asList(Role.values()), Role::label);
  }

  private <T> Map<T, Counter> counters(
      String name,
      String description,
      String tag,
      Collection<T> values,
      Function<T, String> label) {
    return values.stream()
        .collect(
            Collectors.toMap(
                Function.identity(),
                value ->
                    Counter.builder(name)
                        .description(description)
                        .tag(tag, label.apply(value))
                        .register(registry)));
  }
}
