package synod.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import synod.kv.Command;
import synod.kv.CommandCodec;
import synod.kv.EntryCodec;
import synod.kv.KvLimits;
import synod.kv.OrderedStore;
import synod.kv.Result;
import synod.kv.SessionCommand;
import synod.kv.SessionId;

/** The classic mistakes in applying a log to a state with sessions, one class each. */
final class StateMutants {
  private StateMutants() {}

  /** Every copy of a command counts as a new one. */
  static final class AppliesRetries implements Mutant {
    @Override
    public byte[] toApply(SimNode node, long slot, byte[] value) {
      if (EntryCodec.isNoOp(value)) {
        return value;
      }
      EntryCodec.Contents contents = EntryCodec.decode(value);
      List<byte[]> batches = new ArrayList<>();
      long sequence = slot * 10_000;
      for (CommandCodec.Batch batch : contents.batches()) {
        List<SessionCommand> renumbered = new ArrayList<>();
        for (SessionCommand sent : batch.commands()) {
          sequence++;
          renumbered.add(
              sent.command() instanceof Command.OpenSession
                  ? sent
                  : new SessionCommand(
                      sent.tag(), sent.session(), sequence, sequence - 1, sent.command()));
        }
        batches.add(CommandCodec.encode(batch.incarnation(), batch.origin(), renumbered));
      }
      return EntryCodec.encode(contents.timestampMillis(), batches);
    }
  }

  /** The retry of a command whose session has expired is applied as a new command. */
  static final class AppliesExpired implements Mutant {
    /** The session that stands in for the expired ones; all replicas open it with slot 1. */
    private SessionId standIn;

    @Override
    public byte[] toApply(SimNode node, long slot, byte[] value) {
      if (EntryCodec.isNoOp(value)) {
        return value;
      }
      EntryCodec.Contents contents = EntryCodec.decode(value);
      List<byte[]> batches = new ArrayList<>();
      int commands = 0;
      for (CommandCodec.Batch batch : contents.batches()) {
        List<SessionCommand> changed = new ArrayList<>();
        for (SessionCommand sent : batch.commands()) {
          commands++;
          changed.add(isExpired(node, sent) ? standingIn(slot * 10_000 + commands, sent) : sent);
        }
        batches.add(CommandCodec.encode(batch.incarnation(), batch.origin(), changed));
      }
      if (slot == 1) {
        standIn = new SessionId(slot, commands);
        Command open = new Command.OpenSession(KvLimits.MAX_TTL_MILLIS);
        batches.add(
            CommandCodec.encode(0, ORIGIN, List.of(new SessionCommand(0, null, 0, 0, open))));
      }
      return EntryCodec.encode(contents.timestampMillis(), batches);
    }

    private static boolean isExpired(SimNode node, SessionCommand sent) {
      if (sent.command() instanceof Command.OpenSession) {
        return false;
      }
      Optional<Result> known =
          node.learner().orElseThrow().machine().lookup(sent.session(), sent.sequence());
      return known.isPresent() && known.get() instanceof Result.SessionExpired;
    }

    private SessionCommand standingIn(long sequence, SessionCommand sent) {
      return standIn == null
          ? sent
          : new SessionCommand(sent.tag(), standIn, sequence, sequence - 1, sent.command());
    }
  }

  /** The applied slot is written after what was applied, not with it. */
  static final class AppliedSlotApart implements Mutant {
    @Override
    public OrderedStore store(SimNode node, OrderedStore store) {
      return new OrderedStore() {
        @Override
        public byte[] get(byte[] key) {
          return store.get(key);
        }

        @Override
        public Cursor scan(byte[] from, byte[] to) {
          return store.scan(from, to);
        }

        @Override
        public void commit(List<Change> changes) {
          store.commit(changes.stream().filter(change -> !isState(change)).toList());
          store.commit(changes.stream().filter(AppliedSlotApart::isState).toList());
        }

        @Override
        public void deleteRange(byte[] from, byte[] to) {
          store.deleteRange(from, to);
        }

        @Override
        public void flush() {
          store.flush();
        }
      };
    }

    /** Whether it is the record with the applied slot: the only one whose key begins so. */
    private static boolean isState(OrderedStore.Change change) {
      return change.key()[0] == 'm';
    }
  }

  /** Sessions expire by the clock of the node that applies. */
  static final class AppliesByItsOwnClock implements Mutant {
    @Override
    public byte[] toApply(SimNode node, long slot, byte[] value) {
      if (EntryCodec.isNoOp(value)) {
        return value;
      }
      List<byte[]> batches = new ArrayList<>();
      for (CommandCodec.Batch batch : EntryCodec.decode(value).batches()) {
        batches.add(CommandCodec.encode(batch.incarnation(), batch.origin(), batch.commands()));
      }
      return EntryCodec.encode(node.wallMillis(), batches);
    }
  }
}
