package synod.sim;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import synod.kv.AppliedCommand;
import synod.kv.KvStateMachine;

/**
 * Every replica applies what is chosen, and holds the same state as the others after the same slot.
 * (That it applies slot by slot, each once, the state machine sees to itself.)
 */
final class ReplicasAgree implements Watcher {
  private static final String RULE = "replicas agree";

  private final Ledger ledger;
  private final Map<Long, byte[]> digests = new HashMap<>();

  ReplicasAgree(Ledger ledger) {
    this.ledger = ledger;
  }

  @Override
  public void applied(
      SimNode node, long firstSlot, List<byte[]> values, List<AppliedCommand> results) {
    long slot = firstSlot;
    for (byte[] value : values) {
      applied(node, slot++, value);
    }
  }

  private void applied(SimNode node, long slot, byte[] value) {
    byte[] chosen = ledger.chosen(slot);
    if (chosen == null) {
      throw new SimulationFailure(RULE, "%s applied slot %d, which isn't chosen", node, slot);
    }
    if (chosen != value && !Arrays.equals(chosen, value)) {
      throw new SimulationFailure(RULE, "%s applied another value at slot %d", node, slot);
    }
  }

  @Override
  public void compared(SimNode node, KvStateMachine machine) {
    byte[] digest = machine.digest();
    byte[] first = digests.putIfAbsent(machine.applied(), digest);
    if (first != null && !Arrays.equals(first, digest)) {
      throw new SimulationFailure(
          RULE, "%s holds another state than others after slot %d", node, machine.applied());
    }
  }
}
