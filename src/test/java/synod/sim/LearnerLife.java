package synod.sim;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import synod.kv.AppliedCommand;
import synod.kv.KvStateMachine;
import synod.kv.Query;
import synod.node.Gateway;
import synod.paxos.Effect;
import synod.paxos.Learner;
import synod.paxos.Message;
import synod.paxos.Role;
import synod.paxos.Snapshot;

/** One life of a learner, with the state machine that it feeds. */
final class LearnerLife extends RoleLife {
  /** Digests read the whole state, so states are compared only at every so many slots. */
  private static final int SLOTS_PER_DIGEST = 50;

  private final KvStateMachine machine;
  private final Learner learner;

  /** Reads that ask for more than is applied yet, by the gateway's number. */
  private final Map<Long, Gateway.LocalRead> waiting = new TreeMap<>();

  /** The slot at which a snapshot was last begun. */
  private long lastTaken;

  LearnerLife(SimNode node, int number) {
    super(node, Role.LEARNER, number);
    machine = new KvStateMachine(node.store());
    Swarm swarm = sim.swarm();
    List<String> learners = new ArrayList<>(swarm.acceptors());
    learners.addAll(swarm.learners());
    learner =
        new Learner(
            node.name(),
            node.has(Role.ACCEPTOR),
            node.has(Role.PROPOSER),
            swarm.quorums(),
            learners,
            swarm.settings(),
            machine.applied(),
            machine::log,
            node.snapshots(),
            node.now());
    lastTaken = node.snapshots().newest().map(Snapshot::slot).orElse(0L);
    node.here(() -> node.gateway().ifPresent(GatewayLife::learnerResumed));
  }

  KvStateMachine machine() {
    return machine;
  }

  @Override
  List<Effect> receive(String from, Message message, long now) {
    return learner.receive(from, message, now);
  }

  @Override
  void apply(Effect.Apply run) {
    List<byte[]> values = run.values();
    long slot = run.firstSlot();
    int from = 0;
    while (from < values.size()) {
      // However the slots are grouped into steps, the state is the same; some groups end where
      // states are compared. A mutant that looks at the state sees it as it is before each slot.
      long untilDigest = SLOTS_PER_DIGEST - (slot + from - 1) % SLOTS_PER_DIGEST;
      int most = (int) Math.min(values.size() - from, untilDigest);
      boolean alone = most == 1 || sim.mutant() != Mutant.NONE;
      int count = alone ? 1 : 1 + sim.random().nextInt(most);
      applyGroup(slot + from, values.subList(from, from + count));
      from += count;
    }
    answerReached();
    if (machine.applied() - lastTaken >= sim.swarm().snapshots().everySlots()) {
      takeSnapshot();
    }
  }

  private void takeSnapshot() {
    lastTaken = machine.applied();
    node.store().flush();
    node.snapshots().take(taken -> node.learner().ifPresent(life -> life.taken(taken)));
  }

  private void taken(Snapshot snapshot) {
    machine.trimLog(node.snapshots().oldestSlot() + 1);
    execute(learner.checkpointed(snapshot));
    settle();
  }

  @Override
  void keep(Effect.KeepSnapshotPart part) {
    node.snapshots()
        .keep(
            part.snapshot(),
            part.offset(),
            part.bytes(),
            upTo -> node.learner().ifPresent(life -> life.kept(part.snapshot(), upTo)));
  }

  private void kept(Snapshot snapshot, long upTo) {
    execute(learner.snapshotKept(snapshot, upTo, node.now()));
    settle();
  }

  @Override
  void install(Snapshot snapshot) {
    node.snapshots()
        .verify(snapshot, sound -> node.learner().ifPresent(life -> life.put(snapshot, sound)));
  }

  private void put(Snapshot snapshot, boolean sound) {
    if (sound && snapshot.slot() > machine.applied()) {
      node.install(snapshot);
    } else {
      execute(learner.snapshotFailed(snapshot, "not what its name says", node.now()));
      settle();
    }
  }

  private void applyGroup(long firstSlot, List<byte[]> values) {
    List<byte[]> mutated = new ArrayList<>(values.size());
    for (byte[] value : values) {
      mutated.add(sim.mutant().toApply(node, firstSlot + mutated.size(), value));
    }
    List<AppliedCommand> results = new ArrayList<>(machine.apply(firstSlot, mutated));
    results.removeIf(result -> result.origin().equals(Mutant.ORIGIN));
    sim.watch().applied(node, firstSlot, values, results);
    if (machine.applied() % SLOTS_PER_DIGEST == 0) {
      sim.watch().compared(node, machine);
    }
    if (sim.random().nextInt(20) == 0) {
      node.store().flush();
    }
    List<AppliedCommand> ours =
        results.stream().filter(result -> result.origin().equals(node.name())).toList();
    if (!ours.isEmpty()) {
      node.here(() -> node.gateway().ifPresent(gateway -> gateway.results(ours)));
    }
  }

  /** The gateway asks. */
  void read(Gateway.LocalRead read) {
    waiting.values().removeIf(old -> old.incarnation() != read.incarnation());
    if (isReached(read)) {
      waiting.remove(read.id());
      answer(read);
    } else {
      waiting.put(read.id(), read);
    }
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

  private boolean isReached(Gateway.LocalRead read) {
    return machine.applied() >= read.minSlot() && machine.revision() >= read.minRevision();
  }

  private void answer(Gateway.LocalRead read) {
    List<Query.Answer> answers = read.queries().stream().map(machine::read).toList();
    long applied = machine.applied();
    node.here(() -> node.gateway().ifPresent(gateway -> gateway.answers(read, answers, applied)));
  }

  @Override
  List<Effect> tick(long now) {
    return learner.tick(now);
  }

  @Override
  long wakeUpAt() {
    return learner.wakeUpAt();
  }
}
