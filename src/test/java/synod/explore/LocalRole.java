package synod.explore;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import synod.paxos.Ballot;
import synod.paxos.DurableRecord;
import synod.paxos.Effect;
import synod.paxos.Entry;
import synod.sim.MemoryAcceptorLog;

/**
 * A role of the world: a core out of production, its disk and the writes under way. One input is
 * one step. What a role's own disk and messages can show is checked here, at each step: its disk
 * never goes back, and nothing leaves ahead of it.
 */
abstract class LocalRole {
  private static final String NEVER_BACK = "the disk never goes back";

  final World world;
  final Mutant mutant;
  final Messages messages;
  final MemoryAcceptorLog disk = new MemoryAcceptorLog();

  private final Deque<Effect.Persist> writing = new ArrayDeque<>();
  private Outcome outcome = new Outcome();

  /** What the others see of a step. */
  static final class Outcome {
    /** Where each message goes: the receiver's place among the acceptors or proposers. */
    final List<Integer> receivers = new ArrayList<>();

    final List<Integer> sent = new ArrayList<>();

    /** Acceptances that became durable. */
    final List<Integer> votes = new ArrayList<>();

    /** What a proposer says is chosen; see {@link #claim}. */
    final List<Integer> claims = new ArrayList<>();

    /** A claim as a number: the slot, and the number of the value. */
    static int claim(long slot, int value) {
      return value << 4 | (int) slot;
    }

    static int slotOf(int claim) {
      return claim & 15;
    }

    static int valueOf(int claim) {
      return claim >> 4;
    }
  }

  LocalRole(World world, Mutant mutant, Messages messages) {
    this.world = world;
    this.mutant = mutant;
    this.messages = messages;
  }

  /** A life begins, with what is on disk. */
  abstract void begin();

  /** A message arrives, or a campaign begins. */
  abstract void act(int input);

  /** What the shell does when a core has had its turn. */
  void settle() {}

  abstract void persisted(long id);

  abstract void release(Effect.Released effect, Outcome to);

  abstract List<Object> state();

  /** The ballot that it campaigns or leads at, or has promised on disk, as a rank; else -1. */
  abstract int rank();

  abstract boolean isPreparing();

  final Outcome take(int input) {
    outcome = new Outcome();
    if (input == Input.COMPLETE) {
      complete();
    } else if (input == Input.CRASH) {
      writing.clear();
      begin();
    } else {
      act(input);
    }
    settle();
    while (!world.has(World.Option.SLOW_WRITES) && isWriting()) {
      complete();
      settle();
    }
    return outcome;
  }

  /** All that it will ever do follows from these bytes. */
  final byte[] encoded() {
    long firstWrite = isWriting() ? writing.peek().id() : 0;
    return Encoder.encode(firstWrite, state(), disk, writing);
  }

  final boolean isWriting() {
    return !writing.isEmpty();
  }

  final void execute(List<Effect> decided) {
    for (Effect effect : mutant.effects(decided)) {
      if (effect instanceof Effect.Released now) {
        release(now, outcome);
      } else if (effect instanceof Effect.Persist write && !isCopy(write)) {
        writing.add(write);
        finishEmptyWrites();
      }
    }
  }

  /** Whether it would only send once more what a write under way will send. Else no end of them. */
  private boolean isCopy(Effect.Persist write) {
    return write.records().isEmpty()
        && write.release().stream()
            .filter(Effect.Send.class::isInstance)
            .allMatch(send -> writing.stream().anyMatch(known -> known.release().contains(send)));
  }

  private void complete() {
    write(writing.peek().records());
    finish();
    finishEmptyWrites();
  }

  /** What rests on earlier writes alone doesn't wait once they are done. */
  private void finishEmptyWrites() {
    while (isWriting() && writing.peek().records().isEmpty()) {
      finish();
    }
  }

  private void finish() {
    Effect.Persist done = writing.remove();
    persisted(done.id());
    done.release().forEach(effect -> release(effect, outcome));
  }

  private void write(List<DurableRecord> records) {
    for (DurableRecord record : records) {
      checkGoesUp(record, records);
    }
    disk.write(records);
    for (DurableRecord record : records) {
      if (record instanceof DurableRecord.Accepted accepted) {
        outcome.votes.add(messages.vote(accepted.entry()));
      }
    }
  }

  private void checkGoesUp(DurableRecord record, List<DurableRecord> together) {
    boolean up = true;
    if (record instanceof DurableRecord.Promised promised) {
      up = promised.ballot().isAbove(disk.promised());
    } else if (record instanceof DurableRecord.Round round) {
      up = round.round() > disk.round();
    } else if (record instanceof DurableRecord.Accepted accepted) {
      Entry entry = accepted.entry();
      Ballot held = disk.entry(entry.slot()).map(Entry::ballot).orElse(Ballot.NONE);
      boolean promisedToo =
          disk.promised().equals(entry.ballot())
              || together.contains(new DurableRecord.Promised(entry.ballot()));
      up = held.isBelow(entry.ballot()) && promisedToo;
    }
    require(up, NEVER_BACK, "it holds promise %s and writes %s", disk.promised(), record);
  }

  final void require(boolean holds, String rule, String format, Object... arguments) {
    if (!holds && !world.has(World.Option.HARM_ONLY)) {
      throw new RuleBroken(rule, format, arguments);
    }
  }
}
