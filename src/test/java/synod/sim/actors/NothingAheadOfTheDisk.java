package synod.sim.actors;

import synod.paxos.Entry;
import synod.paxos.Message;
import synod.sim.SimulationFailure;

/**
 * No promise, no vote and no entry leaves an acceptor, and no prepare a proposer, that its disk
 * doesn't hold; and a promise keeps back nothing that the disk does hold.
 */
final class NothingAheadOfTheDisk implements Rule {
  private final Ledger ledger;

  NothingAheadOfTheDisk(Ledger ledger) {
    this.ledger = ledger;
  }

  @Override
  public void sent(Host from, Message message) {
    if (message instanceof Message.Accepted vote) {
      require(ledger.hasAccepted(from, vote.slot(), vote.ballot()), from, vote);
    } else if (message instanceof Message.AcceptedEntries held) {
      held.entries().forEach(entry -> requireHeld(from, entry));
    } else if (message instanceof Message.Promise promise) {
      require(!from.disk().acceptorLog().promised().isBelow(promise.ballot()), from, promise);
      promise.entries().forEach(entry -> requireHeld(from, entry));
      requireComplete(from, promise);
    } else if (message instanceof Message.Prepare prepare) {
      require(from.disk().round() >= prepare.ballot().round(), from, prepare);
    }
  }

  private void requireHeld(Host from, Entry entry) {
    require(ledger.hasAccepted(from, entry.slot(), entry.ballot()), from, entry);
  }

  private static void requireComplete(Host from, Message.Promise promise) {
    for (Entry held : from.disk().acceptorLog().entries(promise.from(), Integer.MAX_VALUE)) {
      boolean asked =
          held.slot() >= promise.trimmedBelow()
              && (promise.next() == 0 || held.slot() < promise.next());
      boolean older = held.ballot().isBelow(promise.ballot());
      require(!asked || !older || promise.entries().contains(held), from, promise);
    }
  }

  private static void require(boolean holds, Host from, Object what) {
    if (!holds) {
      throw new SimulationFailure("nothing leaves ahead of the disk", "%s sent %s", from, what);
    }
  }
}
