package synod.node;

import akka.actor.typed.ActorRef;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import synod.kv.AppliedCommand;
import synod.kv.CodecException;
import synod.kv.DamageMark;
import synod.kv.FormatVersion;
import synod.kv.KvStateMachine;
import synod.kv.Query;
import synod.paxos.Effect;
import synod.paxos.InvariantViolation;
import synod.paxos.Learner;
import synod.paxos.Message;
import synod.paxos.ProtocolEvent;
import synod.paxos.Role;
import synod.paxos.Snapshot;

/**
 * One life of this node's learner, with the state machine that it feeds and the reads that wait for
 * it.
 */
final class LearnerShell implements RoleShell {
  /** What an entry takes on disk beside its bytes, about. */
  private static final int ENTRY_OVERHEAD = 64;

  /** How much is compared at a time: about a millisecond's work. */
  private static final long SCRUB_BYTES = 1L << 20;

  /**
   * A leader that is silent for this many election timeouts has lost its quorum or this node, since
   * another would have taken over from one that died.
   */
  private static final int LEADER_SILENCE = 2;

  private final NodeContext node;
  private final SnapshotStore snapshots;

  // Begun anew when a snapshot is installed.
  private KvStateMachine machine;
  private Learner learner;

  /** When a leader, of the highest ballot that was heard of, last said what is chosen. */
  private long leaderHeardAt;

  private boolean leaderHeard;

  /** Reads that ask for more than is applied yet, by the gateway's number. */
  private final Map<Long, Gateway.LocalRead> waiting = new TreeMap<>();

  LearnerShell(NodeContext node) {
    this.node = node;
    this.snapshots = node.storage().snapshots();
    begin();
  }

  private void begin() {
    machine = open();
    NodeConfig config = node.config();
    learner =
        new Learner(
            node.name(),
            config.has(Role.ACCEPTOR),
            config.has(Role.PROPOSER),
            config.quorums(),
            config.nodesWith(Role.LEARNER),
            node.paxos(),
            machine.applied(),
            machine::log,
            snapshots,
            node.now());
    node.tell(Role.GATEWAY, new RoleMessage.LearnerResumed());
  }

  /** What can't be read or mustn't be served now won't be better after a restart of the role. */
  private KvStateMachine open() {
    DamageMark.read(node.storage().state())
        .ifPresent(
            reason -> {
              throw new InvariantViolation(
                  "this replica must not serve: " + reason + " (found before the last start)");
            });
    try {
      return new KvStateMachine(node.storage().state(), node.formatVersion());
    } catch (CodecException e) {
      throw new InvariantViolation("the stored state can't be read: " + e.getMessage());
    }
  }

  @Override
  public List<Effect> receive(String from, Message message, long now) {
    if (message instanceof Message.Chosen notice && !notice.ballot().isBelow(learner.leader())) {
      leaderHeardAt = now;
      leaderHeard = true;
    }
    return learner.receive(from, message, now);
  }

  @Override
  public List<Effect> receiveHere(RoleMessage message, long now) {
    if (message instanceof RoleMessage.ReadHere here) {
      answerOrWait(here.read());
    } else if (message instanceof RoleMessage.DigestQuery query) {
      query
          .replyTo()
          .tell(
              new RoleMessage.StateDigest(machine.applied(), machine.revision(), machine.digest()));
    } else if (message instanceof RoleMessage.ReportQuery query) {
      query.replyTo().tell(new RoleMessage.Report(machine.report(), machine.revision()));
    } else if (message instanceof RoleMessage.Scrub) {
      if (!machine.scrub(SCRUB_BYTES).orElse(true)) {
        stopServing("a stored record isn't what the log made of it");
      }
    } else if (message instanceof RoleMessage.TakeSnapshot take) {
      takeSnapshot(take.replyTo());
    } else if (message instanceof RoleMessage.MakeRoom make) {
      makeRoom(make.merges());
    } else if (message instanceof RoleMessage.SnapshotTaken taken) {
      return taken(taken.snapshot());
    } else if (message instanceof RoleMessage.SnapshotKept kept) {
      return learner.snapshotKept(kept.snapshot(), kept.upTo(), now);
    } else if (message instanceof RoleMessage.SnapshotVerified verified) {
      return put(verified.snapshot(), now);
    } else if (message instanceof RoleMessage.SnapshotUnusable unusable) {
      return learner.snapshotFailed(unusable.snapshot(), unusable.reason(), now);
    } else {
      return RoleShell.super.receiveHere(message, now);
    }
    return List.of();
  }

  @Override
  public void apply(Effect.Apply values) {
    List<AppliedCommand> results = applied(values);
    machine
        .agreement()
        .verdict(node.config().nodesWith(Role.LEARNER).size())
        .ifPresent(this::stopServing);
    if (node.events().entriesWanted()) {
      node.events()
          .publish(new NodeEvent.EntriesApplied(node.name(), values.firstSlot(), values.values()));
    }
    List<AppliedCommand> ours =
        results.stream().filter(result -> result.origin().equals(node.name())).toList();
    if (!ours.isEmpty()) {
      node.tell(Role.GATEWAY, new RoleMessage.ResultsHere(ours));
    }
    long bytes = values.values().stream().mapToLong(value -> value.length + ENTRY_OVERHEAD).sum();
    if (snapshots.isDue(bytes) && maySnapshot()) {
      takeSnapshot(null);
    }
    answerReached();
  }

  private void answerReached() {
    Iterator<Gateway.LocalRead> reads = waiting.values().iterator();
    while (reads.hasNext()) {
      Gateway.LocalRead read = reads.next();
      if (isReached(read)) {
        reads.remove();
        answer(read);
      }
    }
  }

  private List<AppliedCommand> applied(Effect.Apply values) {
    try {
      return machine.apply(values.firstSlot(), values.values());
    } catch (CodecException e) {
      // All replicas see the same bytes: to skip them would split those that can read them.
      throw new InvariantViolation(
          "the log can't be read at slot " + machine.applied() + ": " + e.getMessage());
    }
  }

  /** For good: also after a restart of the process, until the state is fetched anew. */
  private void stopServing(String reason) {
    DamageMark.write(node.storage().state(), reason);
    throw new InvariantViolation(
        "this replica must not serve: " + reason + " (slot " + machine.applied() + ")");
  }

  // Snapshots

  private boolean maySnapshot() {
    return machine.version() >= FormatVersion.SNAPSHOTS;
  }

  /**
   * @param asker null if nobody is
   */
  private void takeSnapshot(ActorRef<RoleMessage.SnapshotReply> asker) {
    Consumer<RoleMessage.SnapshotReply> answer = asker == null ? reply -> {} : asker::tell;
    if (!maySnapshot()) {
      answer.accept(
          new RoleMessage.SnapshotReply(
              null,
              "no snapshots before all nodes run a program that knows them: the cluster's format"
                  + " version is "
                  + machine.version()
                  + ", expected "
                  + FormatVersion.SNAPSHOTS));
      return;
    }
    snapshots.take(
        snapshot -> {
          node.tell(Role.LEARNER, new RoleMessage.SnapshotTaken(snapshot));
          answer.accept(new RoleMessage.SnapshotReply(snapshot, null));
        },
        problem -> {
          node.events().publish(new NodeEvent.SnapshotFailed(node.name(), problem));
          answer.accept(new RoleMessage.SnapshotReply(null, problem));
        });
  }

  private void makeRoom(boolean merges) {
    if (merges) {
      snapshots.dropDeleted();
    }
    if (maySnapshot() && !snapshots.isTaking()) {
      takeSnapshot(null);
    }
  }

  /** Chosen entries are kept from the oldest snapshot on, for whoever fetches that one. */
  private List<Effect> taken(Snapshot snapshot) {
    machine.trimLog(Math.min(snapshots.oldestSlot(), machine.applied()) + 1);
    return learner.checkpointed(snapshot);
  }

  @Override
  public void keep(Effect.KeepSnapshotPart part) {
    Snapshot snapshot = part.snapshot();
    snapshots.keep(
        snapshot,
        part.offset(),
        part.bytes(),
        upTo -> node.tell(Role.LEARNER, new RoleMessage.SnapshotKept(snapshot, upTo)),
        unusable(snapshot));
  }

  @Override
  public void install(Effect.InstallSnapshot whole) {
    Snapshot snapshot = whole.snapshot();
    snapshots.verify(
        snapshot,
        () -> node.tell(Role.LEARNER, new RoleMessage.SnapshotVerified(snapshot)),
        unusable(snapshot));
  }

  private Consumer<String> unusable(Snapshot snapshot) {
    return reason -> node.tell(Role.LEARNER, new RoleMessage.SnapshotUnusable(snapshot, reason));
  }

  private List<Effect> put(Snapshot snapshot, long now) {
    if (snapshot.slot() <= machine.applied()) {
      return learner.snapshotFailed(snapshot, "the log came after all", now);
    }
    snapshots.install(snapshot);
    begin();
    answerReached();
    return List.of(new Effect.Publish(new ProtocolEvent.SnapshotInstalled(machine.applied())));
  }

  // Reads

  private void answerOrWait(Gateway.LocalRead read) {
    // What an earlier life of the gateway waited for, nobody waits for any more.
    waiting.values().removeIf(old -> old.incarnation() != read.incarnation());
    if (isReached(read)) {
      waiting.remove(read.id());
      answer(read);
    } else {
      waiting.put(read.id(), read);
    }
  }

  private boolean isReached(Gateway.LocalRead read) {
    return machine.applied() >= read.minSlot() && machine.revision() >= read.minRevision();
  }

  private void answer(Gateway.LocalRead read) {
    List<Query.Answer> answers = new ArrayList<>(read.queries().size());
    read.queries().forEach(query -> answers.add(machine.read(query)));
    node.tell(
        Role.GATEWAY,
        new RoleMessage.ReadAnswers(read.incarnation(), read.id(), answers, machine.applied()));
  }

  @Override
  public List<Effect> tick(long now) {
    return learner.tick(now);
  }

  @Override
  public long wakeUpAt() {
    return learner.wakeUpAt();
  }

  @Override
  public void settle() {
    showReplica();
    NodeStatus.View seen = node.status().view();
    leaderHeard &= node.now() - leaderHeardAt < LEADER_SILENCE * electionTimeoutNanos();
    if (leaderHeard != seen.leaderHeard()
        || machine.applied() != seen.appliedSlot()
        || learner.chosenUpTo() != seen.chosenSlot()
        || learner.leader().isAbove(seen.leader())) {
      node.status()
          .update(
              view ->
                  view.withLearner(
                      learner.leader(),
                      leaderHeard,
                      learner.chosenUpTo(),
                      machine.applied(),
                      machine.revision()));
    }
  }

  private void showReplica() {
    ReplicaView seen = node.status().replica();
    Set<String> differing = machine.agreement().differing();
    if (machine.version() == seen.clusterVersion()
        && node.formatVersion() == seen.programVersion()
        && machine.compacted() == seen.compacted()
        && machine.historyBytes() == seen.historyBytes()
        && machine.isSweeping() == seen.sweeping()
        && differing.equals(seen.differing())) {
      return;
    }
    node.status()
        .updateReplica(
            view ->
                new ReplicaView(
                    node.formatVersion(),
                    machine.version(),
                    machine.compacted(),
                    machine.historyBytes(),
                    machine.isSweeping(),
                    differing,
                    view.announced()));
    if (machine.version() > seen.clusterVersion()) {
      node.events().publish(new NodeEvent.VersionRaised(node.name(), machine.version()));
    }
    if (!differing.equals(seen.differing())) {
      node.events().publish(new NodeEvent.StateDiffers(node.name(), differing));
    }
  }

  private long electionTimeoutNanos() {
    return node.config().timing().electionTimeoutMax().toNanos();
  }

  @Override
  public void close() {
    node.status()
        .update(
            view ->
                view.withLearner(
                    view.leader(), false, view.chosenSlot(), view.appliedSlot(), view.revision()));
  }
}
