package synod.sim;

import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import synod.kv.OrderedStore.Change;
import synod.paxos.Message;
import synod.paxos.Quorums;
import synod.paxos.Role;

/** The classic mistakes in snapshots and trimming, one class each. */
final class SnapshotMutants {
  private SnapshotMutants() {}

  /** A proposer doesn't look at the trim points of promises: what was trimmed looks never used. */
  static final class FillsWhatWasTrimmed implements Mutant {
    @Override
    public void deliver(
        SimNode node, Role role, String from, Message message, BiConsumer<String, Message> core) {
      if (message instanceof Message.Promise promise) {
        core.accept(
            from,
            new Message.Promise(
                promise.ballot(), promise.from(), promise.entries(), promise.next(), 1));
      } else {
        core.accept(from, message);
      }
    }
  }

  /** The sessions are not in a snapshot. */
  static final class LeavesSessionsOut implements Mutant {
    @Override
    public MemoryStore snapshotTaken(MemoryStore state) {
      state.deleteRange(new byte[] {'s'}, new byte[] {'s' + 1});
      return state;
    }
  }

  /** Acceptors trim the slot behind the last one that a snapshot holds as well. */
  static final class TrimsOneTooMany implements Mutant {
    @Override
    public void deliver(
        SimNode node, Role role, String from, Message message, BiConsumer<String, Message> core) {
      if (message instanceof Message.Durable durable) {
        core.accept(from, new Message.Durable(durable.slot() + 1));
      } else {
        core.accept(from, message);
      }
    }
  }

  /** Acceptors trim what one learner holds. */
  static final class TrimsWhatOneHolds implements Mutant {
    @Override
    public Quorums quorums(SimNode node, Quorums configured) {
      return new Quorums(configured.acceptors(), configured.phase1(), configured.phase2()) {
        @Override
        public long reachedByBlocking(Map<String, Long> values) {
          return values.values().stream().mapToLong(Long::longValue).max().orElse(0);
        }
      };
    }
  }

  /** Learners on nodes without an acceptor count for trimming. */
  static final class CountsLearnersAlone implements Mutant {
    @Override
    public void deliver(
        SimNode node, Role role, String from, Message message, BiConsumer<String, Message> core) {
      List<String> acceptors = node.sim().swarm().acceptors();
      boolean counts = message instanceof Message.Durable && !acceptors.contains(from);
      core.accept(counts ? acceptors.get(acceptors.size() - 1) : from, message);
    }
  }

  /** A snapshot is installed without the slot that it ends at. */
  static final class InstallsWithoutTheSlot implements Mutant {
    private static final byte[] STATE = {'m', 's', 't', 'a', 't', 'e'};

    @Override
    public void installing(MemoryStore present, MemoryStore state) {
      state.commit(List.of(new Change(STATE, present.get(STATE))));
    }
  }
}
