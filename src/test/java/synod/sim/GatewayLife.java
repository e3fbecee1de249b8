package synod.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import synod.kv.AppliedCommand;
import synod.kv.Query;
import synod.node.Gateway;
import synod.node.Outcome;
import synod.node.Request;
import synod.paxos.Effect;
import synod.paxos.Message;
import synod.paxos.Role;

/** One life of a gateway. */
final class GatewayLife extends RoleLife implements Gateway.Output {
  private static final int MAX_REQUESTS = 1_000;

  private final long incarnation;
  private final Gateway gateway;
  private final Map<Long, Consumer<Outcome>> askers = new HashMap<>();
  private long lastHandle;
  private List<Effect> effects = new ArrayList<>();

  GatewayLife(SimNode node, int number) {
    super(node, Role.GATEWAY, number);
    incarnation = sim.random().nextLong(Long.MAX_VALUE);
    gateway = new Gateway(node.name(), incarnation, MAX_REQUESTS, sim.swarm().settings(), this);
  }

  void request(Request request, Consumer<Outcome> asker) {
    askers.put(++lastHandle, asker);
    Request mutated =
        new Request(
            request.id(),
            sim.mutant().request(node, request.operation()),
            request.session(),
            request.timeoutMillis());
    gateway.request(lastHandle, mutated, node.now());
    carryOut();
  }

  void results(List<AppliedCommand> results) {
    gateway.applied(results, node.now());
    carryOut();
  }

  void answers(Gateway.LocalRead read, List<Query.Answer> answers, long appliedSlot) {
    if (read.incarnation() == incarnation) {
      gateway.answered(read.id(), answers, appliedSlot);
      carryOut();
    }
  }

  void learnerResumed() {
    gateway.learnerRestarted();
    carryOut();
  }

  private void carryOut() {
    execute(takeEffects());
    settle();
  }

  private List<Effect> takeEffects() {
    List<Effect> taken = effects;
    effects = new ArrayList<>();
    return taken;
  }

  @Override
  List<Effect> receive(String from, Message message, long now) {
    gateway.receive(from, message, now);
    return takeEffects();
  }

  @Override
  boolean wantsFlush() {
    return gateway.wantsFlush();
  }

  @Override
  List<Effect> flush(long now) {
    gateway.flush(now);
    return takeEffects();
  }

  @Override
  List<Effect> tick(long now) {
    gateway.tick(now);
    return takeEffects();
  }

  @Override
  long wakeUpAt() {
    return gateway.wakeUpAt();
  }

  @Override
  public void send(String to, Message message) {
    effects.add(new Effect.Send(to, Role.PROPOSER, message));
  }

  @Override
  public void read(Gateway.LocalRead read) {
    node.here(() -> node.learner().ifPresent(learner -> learner.read(read)));
  }

  @Override
  public void reply(long handle, Outcome outcome) {
    Consumer<Outcome> asker = askers.remove(handle);
    if (asker == null) {
      throw new SimulationFailure(
          "each request is answered once", "%s answered request %d twice", node, handle);
    }
    asker.accept(outcome);
  }
}
