package synod.sim;

import java.util.List;
import synod.kv.AppliedCommand;
import synod.kv.Command;
import synod.kv.KvStateMachine;
import synod.kv.Result;
import synod.paxos.Ballot;
import synod.paxos.DurableRecord;
import synod.paxos.Effect;
import synod.paxos.Message;
import synod.paxos.PaxosSettings;
import synod.paxos.Quorums;
import synod.paxos.Role;

/** All rules of a run. The ledger hears of everything first. */
final class Watchers implements Watcher {
  private final List<Watcher> all;

  Watchers(Quorums quorums, PaxosSettings settings) {
    Ledger ledger = new Ledger(quorums, this);
    all =
        List.of(
            ledger,
            new OneValuePerSlot(),
            new DiskNeverGoesBack(),
            new NothingAheadOfTheDisk(ledger),
            new BallotsAreUsedOnce(),
            new LeadersHaveTheirPromises(quorums, ledger),
            new CampaignsAreGranted(quorums, settings),
            new DeafLeadersFallSilent(quorums, settings),
            new ReadIndexesAreCurrent(),
            new ReadsAreConfirmed(quorums),
            new ReplicasAgree(ledger),
            new TrimmedIsHeld(quorums),
            new Chronicle());
  }

  @Override
  public void written(SimNode node, List<DurableRecord> records) {
    for (Watcher watcher : all) {
      watcher.written(node, records);
    }
  }

  @Override
  public void chosen(long slot, Ballot ballot, byte[] value) {
    for (Watcher watcher : all) {
      watcher.chosen(slot, ballot, value);
    }
  }

  @Override
  public void received(SimNode node, Role role, String from, Message message) {
    for (Watcher watcher : all) {
      watcher.received(node, role, from, message);
    }
  }

  @Override
  public void sent(SimNode from, Role role, Effect.Send send) {
    for (Watcher watcher : all) {
      watcher.sent(from, role, send);
    }
  }

  @Override
  public void applied(
      SimNode node, long firstSlot, List<byte[]> values, List<AppliedCommand> results) {
    for (Watcher watcher : all) {
      watcher.applied(node, firstSlot, values, results);
    }
  }

  @Override
  public void compared(SimNode node, KvStateMachine machine) {
    for (Watcher watcher : all) {
      watcher.compared(node, machine);
    }
  }

  @Override
  public void acknowledged(Command command, Result result) {
    for (Watcher watcher : all) {
      watcher.acknowledged(command, result);
    }
  }
}
