package synod.sim.actors;

import java.util.List;
import synod.kv.Command;
import synod.kv.KvStateMachine;
import synod.kv.Result;
import synod.paxos.Ballot;
import synod.paxos.DurableRecord;
import synod.paxos.Message;

/**
 * What must hold after every step, seen from outside of the actors. It is told what happens and
 * throws a {@link synod.sim.SimulationFailure} at the step that breaks it.
 */
interface Rule {
  /** The records of one write are on the node's disk from now on. */
  default void written(Host host, List<DurableRecord> records) {}

  /** A phase-2 quorum of disks holds this value at this ballot. */
  default void chosen(long slot, Ballot ballot, byte[] value) {}

  /** A role says something to another one, of its own node or elsewhere. */
  default void sent(Host from, Message message) {}

  /** A learner committed what it applied. */
  default void applied(Host host, KvStateMachine machine) {}

  /** A client was told the result of a write. */
  default void acknowledged(Command command, Result result) {}
}
