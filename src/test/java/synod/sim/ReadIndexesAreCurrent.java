package synod.sim;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import synod.kv.AppliedCommand;
import synod.paxos.Effect;
import synod.paxos.Message;
import synod.paxos.Role;

/**
 * The index that a batch of reads is given lies not below what any replica had applied when its
 * gateway first asked: whoever reads sees what anybody may have seen before.
 */
final class ReadIndexesAreCurrent implements Watcher {
  private final Map<Asked, Long> atLeast = new HashMap<>();
  private long applied;

  private record Asked(String gateway, long incarnation, long id) {}

  @Override
  public void applied(
      SimNode node, long firstSlot, List<byte[]> values, List<AppliedCommand> results) {
    applied = Math.max(applied, firstSlot + values.size() - 1);
  }

  @Override
  public void sent(SimNode from, Role role, Effect.Send send) {
    if (send.message() instanceof Message.ReadIndexRequest request) {
      atLeast.putIfAbsent(new Asked(from.name(), request.incarnation(), request.id()), applied);
    } else if (send.message() instanceof Message.ReadIndex index) {
      long expected = atLeast.get(new Asked(send.node(), index.incarnation(), index.id()));
      if (index.slot() < expected) {
        throw new SimulationFailure(
            "read indexes are current",
            "%s gave %s index %d for reads that began after slot %d was applied",
            from,
            send.node(),
            index.slot(),
            expected);
      }
    }
  }
}
