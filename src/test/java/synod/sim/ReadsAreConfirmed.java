package synod.sim;

import java.util.HashMap;
import java.util.Map;
import synod.paxos.Ballot;
import synod.paxos.Effect;
import synod.paxos.Message;
import synod.paxos.Quorums;
import synod.paxos.Role;

/**
 * Before a leader gives reads their index, so many acceptors that no phase 1 completes without one
 * of them still stood by its ballot after the reads had come to it.
 */
final class ReadsAreConfirmed implements Watcher {
  private final Quorums quorums;

  /** When each acceptor last said that it had promised nothing above a ballot. */
  private final Map<Ballot, Map<String, Long>> stoodBy = new HashMap<>();

  private final Map<Reads, Long> arrived = new HashMap<>();

  private record Reads(Ballot leader, String gateway, long incarnation, long id) {}

  ReadsAreConfirmed(Quorums quorums) {
    this.quorums = quorums;
  }

  @Override
  public void received(SimNode node, Role role, String from, Message message) {
    if (message instanceof Message.ReadIndexRequest request) {
      Reads reads = new Reads(ballot(node), from, request.incarnation(), request.id());
      arrived.putIfAbsent(reads, node.sim().queue().now());
    }
  }

  @Override
  public void sent(SimNode from, Role role, Effect.Send send) {
    if (send.message() instanceof Message.HeartbeatAck ack
        && !ack.promised().isAbove(ack.ballot())) {
      stoodBy
          .computeIfAbsent(ack.ballot(), any -> new HashMap<>())
          .put(from.name(), from.sim().queue().now());
    } else if (send.message() instanceof Message.ReadIndex index) {
      Ballot leader = ballot(from);
      long since = arrived.get(new Reads(leader, send.node(), index.incarnation(), index.id()));
      long confirming =
          stoodBy.getOrDefault(leader, Map.of()).values().stream()
              .filter(at -> at >= since)
              .count();
      if (confirming < quorums.acceptors().size() - quorums.phase1() + 1) {
        throw new SimulationFailure(
            "reads are confirmed",
            "%s gave %s an index for reads that %d acceptors have confirmed since they came",
            from,
            send.node(),
            confirming);
      }
    }
  }

  private static Ballot ballot(SimNode node) {
    return node.proposer().orElseThrow().ballot();
  }
}
