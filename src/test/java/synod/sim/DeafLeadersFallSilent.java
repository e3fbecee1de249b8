package synod.sim;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import synod.paxos.Ballot;
import synod.paxos.Effect;
import synod.paxos.Message;
import synod.paxos.PaxosSettings;
import synod.paxos.Quorums;
import synod.paxos.Role;

/**
 * A leader tells the other proposers that it is alive only while it hears a phase-2 quorum: one
 * that can send but not hear would keep everybody quiet for ever.
 */
final class DeafLeadersFallSilent implements Watcher {
  private final Quorums quorums;
  private final long patience;

  /** When each leader, by its ballot, was answered by whom; its own clock. */
  private final Map<Ballot, Term> terms = new HashMap<>();

  private record Term(long since, Map<String, Long> heardAt) {}

  DeafLeadersFallSilent(Quorums quorums, PaxosSettings settings) {
    this.quorums = quorums;
    this.patience = settings.electionTimeoutMin().toNanos();
  }

  @Override
  public void received(SimNode node, Role role, String from, Message message) {
    if (message instanceof Message.HeartbeatAck ack) {
      heard(node, ack.ballot(), from);
    } else if (message instanceof Message.Accepted vote) {
      heard(node, vote.ballot(), from);
    }
  }

  private void heard(SimNode node, Ballot ballot, String from) {
    Term term = terms.get(ballot);
    if (term != null) {
      term.heardAt().put(from, node.now());
    }
  }

  @Override
  public void sent(SimNode from, Role role, Effect.Send send) {
    if (send.message() instanceof Message.Heartbeat beat && send.role() == Role.PROPOSER) {
      long now = from.now();
      Term term = terms.computeIfAbsent(beat.ballot(), any -> new Term(now, new HashMap<>()));
      Set<String> hears = new HashSet<>();
      term.heardAt()
          .forEach(
              (acceptor, at) -> {
                if (now - at <= patience) {
                  hears.add(acceptor);
                }
              });
      if (now - term.since() > patience && !quorums.isPhase2(hears)) {
        throw new SimulationFailure(
            "deaf leaders fall silent",
            "%s leads at %s and hears only %s",
            from,
            beat.ballot(),
            hears);
      }
    }
  }
}
