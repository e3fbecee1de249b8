package synod.sim.actors;

import java.util.List;
import java.util.function.Consumer;
import synod.kv.Command;
import synod.kv.KvStateMachine;
import synod.kv.Result;
import synod.node.NodeStatus;
import synod.paxos.Ballot;
import synod.paxos.DurableRecord;
import synod.paxos.Message;
import synod.paxos.Quorums;
import synod.paxos.Role;
import synod.sim.SimulationFailure;

/**
 * All rules of a run. The first breach is kept until the simulation asks for it: supervision would
 * take what is thrown within an actor's turn for a failure of that actor.
 */
final class Rules implements Rule {
  private final List<Rule> all;
  private SimulationFailure broken;

  Rules(Quorums quorums) {
    Ledger ledger = new Ledger(quorums, this);
    all =
        List.of(
            ledger,
            new DiskNeverGoesBack(),
            new NothingAheadOfTheDisk(ledger),
            new BallotsHaveOneOwner(quorums, ledger),
            new ReplicasFollowTheLog(),
            new TrimmedIsHeld(quorums));
  }

  /**
   * @throws SimulationFailure if a rule was broken
   */
  void check() {
    if (broken != null) {
      throw broken;
    }
  }

  /** A role failed without being asked to. */
  void failed(Host host, Role role, String reason) {
    breached(
        new SimulationFailure("roles don't fail", "the %s of %s: %s", role.label(), host, reason));
  }

  /** It is some time ago that a node's disk failed. */
  void storageLost(Host host) {
    for (Role role : List.of(Role.ACCEPTOR, Role.PROPOSER)) {
      NodeStatus.RoleState state = host.view().roles().get(role).state();
      if (state != NodeStatus.RoleState.FAILED) {
        breached(
            new SimulationFailure(
                "whoever lost its storage says so",
                "the %s of %s is %s",
                role.label(),
                host,
                state));
      }
    }
  }

  private void tell(Consumer<Rule> what) {
    try {
      all.forEach(what);
    } catch (SimulationFailure breach) {
      breached(breach);
    }
  }

  private void breached(SimulationFailure breach) {
    if (broken == null) {
      broken = breach;
    }
  }

  @Override
  public void written(Host host, List<DurableRecord> records) {
    tell(rule -> rule.written(host, records));
  }

  @Override
  public void chosen(long slot, Ballot ballot, byte[] value) {
    tell(rule -> rule.chosen(slot, ballot, value));
  }

  @Override
  public void sent(Host from, Message message) {
    tell(rule -> rule.sent(from, message));
  }

  @Override
  public void applied(Host host, KvStateMachine machine) {
    tell(rule -> rule.applied(host, machine));
  }

  @Override
  public void acknowledged(Command command, Result result) {
    tell(rule -> rule.acknowledged(command, result));
  }
}
