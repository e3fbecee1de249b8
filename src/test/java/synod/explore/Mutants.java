package synod.explore;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import synod.explore.World.Option;
import synod.paxos.Ballot;
import synod.paxos.DurableRecord;
import synod.paxos.Effect;
import synod.paxos.Entry;
import synod.paxos.Message;

/**
 * The classic mistakes that exploration must find.
 *
 * @param row the mistake's number in the table of docs/verification.md
 * @param world a small world in which it shows
 * @param steps the shortest way to break any rule
 * @param rule the rule that is broken then
 * @param stepsToHarm the shortest way to a second value at a slot; 0 if there is none in that
 *     world, for the cores' own invariants stop it before
 */
record Mutants(
    int row, String name, World world, Mutant mutant, int steps, String rule, int stepsToHarm) {
  private static final World DUEL = World.of("duel", 1, 2, 1);
  private static final World SLOW =
      World.of("slow-disks", 1, 1, 1, Option.SLOW_WRITES).crashes(1, 0);
  private static final World VOTES = World.of("votes", 1, 1, 1, Option.VOTES);
  private static final World PARTS = World.of("parts", 2, 1, 1, Option.PARTS);

  private static final String AHEAD = "nothing leaves ahead of the disk";
  private static final String BACK = "the disk never goes back";
  private static final String ONE = "one value per slot";
  private static final String LEADS = "leaders have their promises";
  private static final String CALLS = "what a proposer calls chosen is chosen";

  static final List<Mutants> ALL =
      List.of(
          new Mutants(1, "replies before they are durable", SLOW, new EarlyReplies(), 3, AHEAD, 19),
          new Mutants(3, "a forgotten round", DUEL, new ForgottenRound(), 3, BACK, 17),
          new Mutants(4, "the value of the lowest ballot", DUEL, new LowestBallot(), 17, ONE, 17),
          new Mutants(
              5,
              "an accept that doesn't raise the promise",
              DUEL,
              new AcceptWithoutPromise(),
              5,
              BACK,
              0),
          new Mutants(
              6,
              "promises counted twice",
              DUEL,
              new CountsTwice(Message.Promise.class),
              3,
              LEADS,
              10),
          new Mutants(
              6,
              "votes counted twice",
              VOTES,
              new CountsTwice(Message.Accepted.class),
              6,
              CALLS,
              0),
          new Mutants(
              8, "a part of a promise for the whole", PARTS, new PartForTheWhole(), 10, LEADS, 13),
          new Mutants(
              24, "a promise of an earlier ballot", DUEL, new MixesBallots(), 5, LEADS, 12));

  @Override
  public String toString() {
    return name;
  }

  /** Promises and votes leave before they are on disk. */
  private static final class EarlyReplies implements Mutant {
    @Override
    public List<Effect> effects(List<Effect> effects) {
      List<Effect> changed = new ArrayList<>();
      for (Effect effect : effects) {
        if (effect instanceof Effect.Persist write && !isRound(write)) {
          changed.addAll(write.release());
          changed.add(new Effect.Persist(write.id(), write.records(), List.of()));
        } else {
          changed.add(effect);
        }
      }
      return changed;
    }

    private static boolean isRound(Effect.Persist write) {
      return write.records().stream().anyMatch(DurableRecord.Round.class::isInstance);
    }
  }

  /** A proposer that comes back has forgotten its round, and uses it again. */
  private static final class ForgottenRound implements Mutant {
    @Override
    public long roundFound(long round) {
      return 0;
    }
  }

  /** Phase 1 takes the value with the lowest ballot. */
  private static final class LowestBallot implements Mutant {
    @Override
    public void deliver(String from, Message message, Ballot at, BiConsumer<String, Message> core) {
      if (message instanceof Message.Promise promise) {
        Ballot mine = promise.ballot();
        List<Entry> turned = new ArrayList<>();
        for (Entry entry : promise.entries()) {
          turned.add(new Entry(entry.slot(), upsideDown(entry.ballot(), mine), entry.value()));
        }
        core.accept(
            from,
            new Message.Promise(
                mine, promise.from(), turned, promise.next(), promise.trimmedBelow()));
      } else {
        core.accept(from, message);
      }
    }

    /** Below the highest, and the higher the lower it was. */
    private static Ballot upsideDown(Ballot ballot, Ballot highest) {
      int rank = 2 * (int) highest.round() - Messages.rank(ballot);
      return new Ballot(highest.round() - 1, "", rank);
    }
  }

  /** An accept at a higher ballot is stored without raising the promise. */
  private static final class AcceptWithoutPromise implements Mutant {
    @Override
    public List<Effect> effects(List<Effect> effects) {
      return effects.stream().map(AcceptWithoutPromise::withoutPromise).toList();
    }

    private static Effect withoutPromise(Effect effect) {
      if (effect instanceof Effect.Persist write
          && write.records().stream().anyMatch(DurableRecord.Accepted.class::isInstance)) {
        List<DurableRecord> records =
            write.records().stream().filter(DurableRecord.Accepted.class::isInstance).toList();
        return new Effect.Persist(write.id(), records, write.release());
      }
      return effect;
    }

    @Override
    public boolean rereadsDisk() {
      return true;
    }
  }

  /** What one acceptor says counts for another one too. */
  private record CountsTwice(Class<? extends Message> kind) implements Mutant {
    @Override
    public void deliver(String from, Message message, Ballot at, BiConsumer<String, Message> core) {
      core.accept(from, message);
      if (kind.isInstance(message)) {
        int next = World.ACCEPTORS.indexOf(from) + 1;
        core.accept(World.ACCEPTORS.get(next % World.ACCEPTORS.size()), message);
      }
    }
  }

  /** The first part of a promise counts as all of it. */
  private static final class PartForTheWhole implements Mutant {
    @Override
    public void deliver(String from, Message message, Ballot at, BiConsumer<String, Message> core) {
      core.accept(
          from,
          message instanceof Message.Promise part
              ? new Message.Promise(
                  part.ballot(), part.from(), part.entries(), 0, part.trimmedBelow())
              : message);
    }
  }

  /** A late promise of an earlier ballot counts for the present one. */
  private static final class MixesBallots implements Mutant {
    @Override
    public void deliver(String from, Message message, Ballot at, BiConsumer<String, Message> core) {
      core.accept(
          from,
          message instanceof Message.Promise late
              ? new Message.Promise(
                  at, late.from(), late.entries(), late.next(), late.trimmedBelow())
              : message);
    }
  }
}
