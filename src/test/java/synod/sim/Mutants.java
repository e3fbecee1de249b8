package synod.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import synod.node.Operation;
import synod.paxos.Ballot;
import synod.paxos.DurableRecord;
import synod.paxos.Effect;
import synod.paxos.Entry;
import synod.paxos.Message;
import synod.paxos.ProtocolEvent;
import synod.paxos.Quorums;
import synod.paxos.Role;

/**
 * The classic mistakes in agreeing on a log, one class each: in the acceptors, the proposers and
 * what lies between them and their disks. Every one of them must be caught by the simulation.
 */
final class Mutants {
  private Mutants() {}

  /** Promises and votes leave before they are on disk. */
  static final class RepliesBeforeDurable implements Mutant {
    @Override
    public List<Effect> effects(SimNode node, Role role, List<Effect> effects) {
      return releasedFirst(effects, send -> true);
    }
  }

  /** Only the vote of the leader's own acceptor doesn't wait for its disk. */
  static final class LocalVoteBeforeDurable implements Mutant {
    @Override
    public List<Effect> effects(SimNode node, Role role, List<Effect> effects) {
      return role == Role.ACCEPTOR
          ? releasedFirst(effects, send -> send.node().equals(node.name()))
          : effects;
    }
  }

  private static List<Effect> releasedFirst(
      List<Effect> effects, java.util.function.Predicate<Effect.Send> early) {
    List<Effect> changed = new ArrayList<>();
    for (Effect effect : effects) {
      if (effect instanceof Effect.Persist write) {
        List<Effect.Released> late = new ArrayList<>();
        for (Effect.Released released : write.release()) {
          if (released instanceof Effect.Send send && early.test(send)) {
            changed.add(send);
          } else {
            late.add(released);
          }
        }
        changed.add(new Effect.Persist(write.id(), write.records(), late));
      } else {
        changed.add(effect);
      }
    }
    return changed;
  }

  /** A quorum is a majority of those who can be reached at the moment. */
  static final class QuorumOfReachable implements Mutant {
    @Override
    public Quorums quorums(SimNode node, Quorums configured) {
      return new Reachable(node, configured);
    }

    private static final class Reachable extends Quorums {
      private final SimNode node;

      Reachable(SimNode node, Quorums configured) {
        super(configured.acceptors(), configured.phase1(), configured.phase2());
        this.node = node;
      }

      @Override
      public boolean isPhase1(Set<String> votes) {
        return isMajority(votes);
      }

      @Override
      public boolean isPhase2(Set<String> votes) {
        return isMajority(votes);
      }

      @Override
      public boolean blocksPhase1(Set<String> votes) {
        return isMajority(votes);
      }

      private boolean isMajority(Set<String> votes) {
        List<String> reachable =
            acceptors().stream().filter(name -> node.sim().canReach(node, name)).toList();
        return reachable.stream().filter(votes::contains).count() * 2 > reachable.size();
      }
    }
  }

  /** A proposer that comes back has forgotten its round, and uses it again. */
  static final class ForgetsItsRound implements Mutant {
    @Override
    public long roundFound(SimNode node, long round) {
      return 0;
    }
  }

  /** Phase 1 takes the value with the lowest ballot. */
  static final class TakesTheLowestBallot implements Mutant {
    @Override
    public void deliver(
        SimNode node, Role role, String from, Message message, BiConsumer<String, Message> core) {
      if (message instanceof Message.Promise promise) {
        Ballot mine = promise.ballot();
        List<Entry> turned = new ArrayList<>();
        for (Entry entry : promise.entries()) {
          Ballot upsideDown = new Ballot(mine.round() - entry.ballot().round(), "", 0);
          turned.add(new Entry(entry.slot(), upsideDown, entry.value()));
        }
        core.accept(
            from,
            new Message.Promise(
                mine, promise.from(), turned, promise.next(), promise.trimmedBelow()));
      } else {
        core.accept(from, message);
      }
    }
  }

  /** An accept at a higher ballot is stored without raising the promise. */
  static final class AcceptDoesNotPromise implements Mutant {
    @Override
    public List<Effect> effects(SimNode node, Role role, List<Effect> effects) {
      List<Effect> changed = new ArrayList<>();
      for (Effect effect : effects) {
        if (effect instanceof Effect.Persist write
            && write.records().stream().anyMatch(DurableRecord.Accepted.class::isInstance)) {
          List<DurableRecord> records =
              write.records().stream()
                  .filter(record -> !(record instanceof DurableRecord.Promised))
                  .toList();
          changed.add(new Effect.Persist(write.id(), records, write.release()));
        } else {
          changed.add(effect);
        }
      }
      return changed;
    }

    @Override
    public void written(SimNode node) {
      node.acceptor().ifPresent(AcceptorLife::recover);
    }
  }

  /** What one acceptor says counts for another one too. */
  static final class CountsPromisesTwice implements Mutant {
    @Override
    public void deliver(
        SimNode node, Role role, String from, Message message, BiConsumer<String, Message> core) {
      core.accept(from, message);
      if (message instanceof Message.Promise) {
        core.accept(another(node, from), message);
      }
    }
  }

  /** What one acceptor says counts for another one too. */
  static final class CountsVotesTwice implements Mutant {
    @Override
    public void deliver(
        SimNode node, Role role, String from, Message message, BiConsumer<String, Message> core) {
      core.accept(from, message);
      if (message instanceof Message.Accepted) {
        core.accept(another(node, from), message);
      }
    }
  }

  private static String another(SimNode node, String name) {
    List<String> acceptors = node.sim().swarm().acceptors();
    return acceptors.get((acceptors.indexOf(name) + 1) % acceptors.size());
  }

  /** An acceptor that lost its disk goes on as if it were new. */
  static final class VotesAfterForgetting implements Mutant {
    private final Set<String> started = new HashSet<>();

    @Override
    public void starting(SimNode node) {
      if (!started.add(node.name())) {
        node.disk().wipe();
      }
    }
  }

  /** The first part of a promise counts as all of it. */
  static final class TakesAPartForTheWhole implements Mutant {
    @Override
    public void deliver(
        SimNode node, Role role, String from, Message message, BiConsumer<String, Message> core) {
      if (message instanceof Message.Promise part) {
        core.accept(
            from,
            new Message.Promise(
                part.ballot(), part.from(), part.entries(), 0, part.trimmedBelow()));
      } else {
        core.accept(from, message);
      }
    }
  }

  /** A leader that may be deposed confirms its reads itself. */
  static final class ReadsWithoutConfirming implements Mutant {
    @Override
    public List<Effect> effects(SimNode node, Role role, List<Effect> effects) {
      if (role == Role.PROPOSER) {
        for (Effect effect : effects) {
          if (effect instanceof Effect.Send send
              && send.role() == Role.ACCEPTOR
              && send.message() instanceof Message.Heartbeat beat) {
            node.here(
                () ->
                    node.proposer()
                        .ifPresent(
                            life ->
                                life.deliver(
                                    send.node(),
                                    new Message.HeartbeatAck(
                                        beat.ballot(), beat.nonce(), beat.ballot()))));
          }
        }
      }
      return effects;
    }
  }

  /** A new leader gives read indexes before what the promises reported is chosen. */
  static final class ReadsBeforeRecovery implements Mutant {
    private final Map<String, Recovery> recoveries = new HashMap<>();

    private static final class Recovery {
      long chosenUpTo;
      long recoverUpTo;
      final TreeMap<Long, Boolean> chosen = new TreeMap<>();
    }

    @Override
    public List<Effect> effects(SimNode node, Role role, List<Effect> effects) {
      for (Effect effect : effects) {
        if (effect instanceof Effect.Publish publish) {
          if (publish.event() instanceof ProtocolEvent.LeaderElected elected) {
            Recovery recovery = new Recovery();
            recovery.chosenUpTo = elected.from() - 1;
            recovery.recoverUpTo = elected.recoverUpTo();
            recoveries.put(node.name(), recovery);
          } else if (publish.event() instanceof ProtocolEvent.SteppedDown) {
            recoveries.remove(node.name());
          } else if (publish.event() instanceof ProtocolEvent.SlotChosen slot) {
            Recovery recovery = recoveries.get(node.name());
            if (recovery != null) {
              recovery.chosen.put(slot.slot(), true);
              while (recovery.chosen.remove(recovery.chosenUpTo + 1) != null) {
                recovery.chosenUpTo++;
              }
            }
          }
        }
      }
      return effects;
    }

    @Override
    public void deliver(
        SimNode node, Role role, String from, Message message, BiConsumer<String, Message> core) {
      Recovery recovery = recoveries.get(node.name());
      if (message instanceof Message.ReadIndexRequest request
          && recovery != null
          && recovery.chosenUpTo < recovery.recoverUpTo) {
        Message index =
            new Message.ReadIndex(request.incarnation(), request.id(), recovery.chosenUpTo);
        node.proposer()
            .ifPresent(life -> life.execute(List.of(new Effect.Send(from, Role.GATEWAY, index))));
      } else {
        core.accept(from, message);
      }
    }
  }

  /** The promises of an earlier campaign are kept, and count for the present one. */
  static final class MixesBallots implements Mutant {
    private final Map<String, Map<String, Message.Promise>> kept = new HashMap<>();

    @Override
    public void deliver(
        SimNode node, Role role, String from, Message message, BiConsumer<String, Message> core) {
      core.accept(from, message);
      if (message instanceof Message.Promise promise) {
        Map<String, Message.Promise> promises =
            kept.computeIfAbsent(node.name(), any -> new TreeMap<>());
        promises.forEach(
            (acceptor, old) -> {
              if (old.ballot().isBelow(promise.ballot())) {
                core.accept(
                    acceptor,
                    new Message.Promise(
                        promise.ballot(),
                        old.from(),
                        old.entries(),
                        old.next(),
                        old.trimmedBelow()));
              }
            });
        promises.put(from, promise);
      }
    }
  }

  /** An answer to an earlier round of reads counts for the present one. */
  static final class MixesRoundsOfReads implements Mutant {
    private final Map<String, Message.Heartbeat> present = new HashMap<>();

    @Override
    public List<Effect> effects(SimNode node, Role role, List<Effect> effects) {
      for (Effect effect : effects) {
        if (effect instanceof Effect.Send send
            && send.role() == Role.ACCEPTOR
            && send.message() instanceof Message.Heartbeat beat) {
          present.put(node.name(), beat);
        }
      }
      return effects;
    }

    @Override
    public void deliver(
        SimNode node, Role role, String from, Message message, BiConsumer<String, Message> core) {
      core.accept(from, message);
      Message.Heartbeat beat = present.get(node.name());
      if (message instanceof Message.HeartbeatAck late
          && beat != null
          && late.nonce() != beat.nonce()) {
        core.accept(from, new Message.HeartbeatAck(late.ballot(), beat.nonce(), late.promised()));
      }
    }
  }

  /** A node that was given another list of acceptors. */
  static final class OtherAcceptors implements Mutant {
    @Override
    public Quorums quorums(SimNode node, Quorums configured) {
      List<String> all = List.copyOf(configured.acceptors());
      return all.size() > 1 && node.name().equals("n1")
          ? new Quorums(all.subList(0, 1), 1, 1)
          : configured;
    }
  }

  /** A failed write is hidden: the acceptor goes on with a disk that doesn't hold it. */
  static final class HidesFailedWrites implements Mutant {
    @Override
    public boolean hidesFailedWrites() {
      return true;
    }
  }

  /** What a failed write should have made durable counts as durable. */
  static final class IgnoresFailedWrites implements Mutant {
    @Override
    public boolean ignoresFailedWrites() {
      return true;
    }
  }

  /** A read is answered by the local replica as it is. */
  static final class ReadsWithoutTheProtocol implements Mutant {
    @Override
    public Operation request(SimNode node, Operation operation) {
      return operation instanceof Operation.LinearizableRead read
          ? new Operation.StaleRead(read.query(), 0)
          : operation;
    }
  }

  /** A learner takes what its own acceptor accepted for what was chosen. */
  static final class LearnsWhatWasOnlyAccepted implements Mutant {
    @Override
    public void deliver(
        SimNode node, Role role, String from, Message message, BiConsumer<String, Message> core) {
      if (message instanceof Message.AcceptedEntries held && role == Role.LEARNER) {
        List<Entry> raised = new ArrayList<>();
        for (Entry entry : held.entries()) {
          raised.add(new Entry(entry.slot(), new Ballot(Long.MAX_VALUE, "", 0), entry.value()));
        }
        core.accept(from, new Message.AcceptedEntries(raised));
      } else {
        core.accept(from, message);
      }
    }
  }

  /** A role starts at once, and takes the completions of its earlier lives' writes for its own. */
  static final class MixesLives implements Mutant {
    @Override
    public boolean mixesLives() {
      return true;
    }
  }
}
