package synod.sim;

import java.util.List;
import synod.kv.AppliedCommand;
import synod.kv.Command;
import synod.kv.KvStateMachine;
import synod.kv.Result;
import synod.paxos.Ballot;
import synod.paxos.DurableRecord;
import synod.paxos.Effect;
import synod.paxos.Message;
import synod.paxos.Role;

/**
 * A rule that must hold after every step. It is told what happens, remembers what it needs, and
 * throws a {@link SimulationFailure} at the step that breaks it.
 */
interface Watcher {
  /** The records of one write are on the node's disk from now on. */
  default void written(SimNode node, List<DurableRecord> records) {}

  /** A phase-2 quorum of disks holds this value at this ballot. */
  default void chosen(long slot, Ballot ballot, byte[] value) {}

  /** A message has reached a role that is up. */
  default void received(SimNode node, Role role, String from, Message message) {}

  /** A message leaves a role. */
  default void sent(SimNode from, Role role, Effect.Send send) {}

  /**
   * A node applied the values of consecutive slots in one step.
   *
   * @param results what became of every command in them, in order
   */
  default void applied(
      SimNode node, long firstSlot, List<byte[]> values, List<AppliedCommand> results) {}

  /** The state of a replica is to be compared with that of others at the same slot. */
  default void compared(SimNode node, KvStateMachine machine) {}

  /** A client was told the result of a write. */
  default void acknowledged(Command command, Result result) {}
}
