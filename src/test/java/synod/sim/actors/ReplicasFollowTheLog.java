package synod.sim.actors;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import synod.kv.AppliedCommand;
import synod.kv.Command;
import synod.kv.CommandCodec;
import synod.kv.EntryCodec;
import synod.kv.KvStateMachine;
import synod.kv.Result;
import synod.kv.SessionCommand;
import synod.kv.SessionId;
import synod.paxos.Ballot;
import synod.sim.MemoryStore;
import synod.sim.Payloads;
import synod.sim.SimulationFailure;

/**
 * A replica of its own, fed with what the disks say is chosen. Rules: every node's replica holds
 * after each slot what this one held, and none is ahead of it; a command of a session takes effect
 * once; and what a client was told of a write is what happened, and stays.
 */
final class ReplicasFollowTheLog implements Rule {
  private final MemoryStore store = new MemoryStore();
  private final KvStateMachine machine = new KvStateMachine(store);

  /** Chosen values above a slot that isn't chosen yet. */
  private final TreeMap<Long, byte[]> waiting = new TreeMap<>();

  /** After each slot, from 0. */
  private final List<byte[]> digests = new ArrayList<>();

  private final Map<Long, Command> byRevision = new HashMap<>();
  private final Map<Place, Long> revisions = new HashMap<>();

  private record Place(SessionId session, long sequence) {}

  ReplicasFollowTheLog() {
    digests.add(machine.digest());
  }

  @Override
  public void chosen(long slot, Ballot ballot, byte[] value) {
    if (slot > machine.applied()) {
      waiting.putIfAbsent(slot, value);
    }
    while (!waiting.isEmpty() && waiting.firstKey() == machine.applied() + 1) {
      apply(waiting.pollFirstEntry().getValue());
    }
  }

  private void apply(byte[] value) {
    Iterator<AppliedCommand> results =
        machine.apply(machine.applied() + 1, List.of(value)).iterator();
    store.flush();
    digests.add(machine.digest());
    if (!EntryCodec.isNoOp(value)) {
      for (CommandCodec.Batch batch : EntryCodec.decode(value).batches()) {
        batch.commands().forEach(command -> learn(command, results.next().result()));
      }
    }
  }

  private void learn(SessionCommand sent, Result result) {
    if (result instanceof Result.Applied applied) {
      byRevision.putIfAbsent(applied.revision(), sent.command());
      Long first =
          revisions.putIfAbsent(new Place(sent.session(), sent.sequence()), applied.revision());
      if (first != null && first != applied.revision()) {
        throw new SimulationFailure(
            "sessions apply once",
            "command %d of session %s made revisions %d and %d",
            sent.sequence(),
            sent.session(),
            first,
            applied.revision());
      }
    }
  }

  @Override
  public void applied(Host host, KvStateMachine replica) {
    long slot = replica.applied();
    if (slot > machine.applied()) {
      throw new SimulationFailure(
          "replicas follow the log", "%s applied slot %d, which isn't chosen", host, slot);
    }
    if (!Arrays.equals(digests.get((int) slot), replica.digest())) {
      throw new SimulationFailure(
          "replicas follow the log", "%s holds another state after slot %d", host, slot);
    }
  }

  @Override
  public void acknowledged(Command command, Result result) {
    if (result instanceof Result.Applied applied
        && !Payloads.same(command, byRevision.get(applied.revision()))) {
      throw new SimulationFailure(
          "acknowledged writes stay",
          "a client was told that %s made revision %d; the log has %s there",
          Payloads.describe(command),
          applied.revision(),
          Payloads.describe(byRevision.get(applied.revision())));
    }
  }
}
