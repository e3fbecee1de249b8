package synod.sim;

import java.util.ArrayList;
import java.util.List;
import synod.paxos.Effect;
import synod.paxos.Entry;
import synod.paxos.Message;
import synod.paxos.Role;

/**
 * No promise, no vote and no entry leaves an acceptor, and no prepare a proposer, that its disk
 * doesn't hold; and a promise keeps back nothing that the disk does hold.
 */
final class NothingAheadOfTheDisk implements Watcher {
  private static final String RULE = "nothing leaves ahead of the disk";

  private final Ledger ledger;

  NothingAheadOfTheDisk(Ledger ledger) {
    this.ledger = ledger;
  }

  @Override
  public void sent(SimNode from, Role role, Effect.Send send) {
    Message message = send.message();
    if (message instanceof Message.Accepted vote) {
      require(ledger.hasAccepted(from, vote.slot(), vote.ballot()), from, vote);
    } else if (message instanceof Message.AcceptedEntries held && role == Role.ACCEPTOR) {
      held.entries().forEach(entry -> requireHeld(from, entry));
    } else if (message instanceof Message.Promise promise) {
      require(!from.disk().promised().isBelow(promise.ballot()), from, promise);
      promise.entries().forEach(entry -> requireHeld(from, entry));
      requireComplete(from, promise);
    } else if (message instanceof Message.Prepare prepare) {
      require(from.disk().round() >= prepare.ballot().round(), from, prepare);
    }
  }

  private void requireHeld(SimNode from, Entry entry) {
    require(ledger.hasAccepted(from, entry.slot(), entry.ballot()), from, entry);
  }

  private static void requireComplete(SimNode from, Message.Promise promise) {
    List<Entry> missing = new ArrayList<>();
    for (Entry held : from.disk().entries(promise.from(), Integer.MAX_VALUE)) {
      boolean asked =
          held.slot() >= promise.trimmedBelow()
              && (promise.next() == 0 || held.slot() < promise.next());
      if (asked && held.ballot().isBelow(promise.ballot()) && !promise.entries().contains(held)) {
        missing.add(held);
      }
    }
    require(missing.isEmpty(), from, promise);
  }

  private static void require(boolean holds, SimNode from, Object what) {
    if (!holds) {
      throw new SimulationFailure(RULE, "%s sent %s", from, what);
    }
  }
}
