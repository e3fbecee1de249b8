package synod.paxos;

import java.util.List;

/** What a core asks its shell to do, in the order given. */
public sealed interface Effect {
  /** What may wait for a write: see {@link Persist}. */
  sealed interface Released extends Effect {}

  /**
   * Send a message to a role of a node, which may be this one. It may be lost, delayed, doubled or
   * overtaken.
   */
  record Send(String node, Role role, Message message) implements Released {}

  /**
   * Write records to stable storage in one atomic batch and, once they and all earlier ones <em>are
   * durable</em>, do what is released by them. There is no other way to send a reply that rests on
   * a record. With no records the release waits for the earlier writes alone.
   *
   * @param id ascends by one with each write of a core; to be reported back to the core on
   *     completion
   */
  record Persist(long id, List<DurableRecord> records, List<Released> release) implements Effect {
    public Persist {
      records = List.copyOf(records);
      release = List.copyOf(release);
    }
  }

  /**
   * Apply chosen values to the state machine.
   *
   * @param firstSlot the slot of the first value; the others follow without a gap
   */
  record Apply(long firstSlot, List<byte[]> values) implements Effect {}

  /**
   * Keep bytes of the snapshot that is being fetched, behind those kept before, and tell the core
   * when they are durable: {@link Learner#snapshotKept} or {@link Learner#snapshotFailed}.
   */
  record KeepSnapshotPart(Snapshot snapshot, long offset, byte[] bytes) implements Effect {}

  /**
   * All of a snapshot is kept: check it and put the state in it in the place of the state
   * machine's. That ends the life of this core, unless it {@linkplain Learner#snapshotFailed
   * fails}.
   */
  record InstallSnapshot(Snapshot snapshot) implements Effect {}

  /**
   * Tell those who watch (log, metrics, tests) what happened. Nothing in the protocol rests on it.
   */
  record Publish(ProtocolEvent event) implements Released {}
}
