package synod.explore;

import java.util.List;
import synod.paxos.Acceptor;
import synod.paxos.Effect;
import synod.paxos.Entry;
import synod.paxos.Message;

/**
 * An acceptor of the world. It doesn't know its name: acceptors that run no other role are alike.
 */
final class AcceptorRole extends LocalRole {
  private static final String AHEAD = "nothing leaves ahead of the disk";

  private Acceptor core;

  AcceptorRole(World world, Mutant mutant, Messages messages) {
    super(world, mutant, messages);
    begin();
  }

  @Override
  void begin() {
    core = new Acceptor("acceptor", false, world.quorums(), world.settings(), disk, 0);
  }

  @Override
  void act(int input) {
    String from = World.PROPOSERS.get(Input.from(input));
    mutant.deliver(
        from,
        messages.message(Input.message(input)),
        disk.promised(),
        (sender, message) -> execute(core.receive(sender, message, 0)));
  }

  @Override
  void persisted(long id) {
    core.persisted(id);
    if (mutant.rereadsDisk()) {
      begin();
    }
  }

  @Override
  void release(Effect.Released effect, Outcome to) {
    if (effect instanceof Effect.Send send) {
      check(send.message());
      if (isOfThisWorld(send.message())) {
        to.receivers.add(World.PROPOSERS.indexOf(send.node()));
        to.sent.add(messages.number(send.message()));
      }
    }
  }

  private boolean isOfThisWorld(Message message) {
    return message instanceof Message.Promise
        || (message instanceof Message.Rejected && world.has(World.Option.REFUSALS))
        || (message instanceof Message.Accepted && world.has(World.Option.VOTES));
  }

  private void check(Message message) {
    if (message instanceof Message.Accepted vote) {
      boolean held =
          disk.entry(vote.slot()).filter(has -> !has.ballot().isBelow(vote.ballot())).isPresent();
      require(held, AHEAD, "%s", vote);
    } else if (message instanceof Message.Promise promise) {
      require(!disk.promised().isBelow(promise.ballot()), AHEAD, "%s", promise);
      List<Entry> held = disk.entries(promise.from(), Integer.MAX_VALUE);
      require(held.containsAll(promise.entries()), AHEAD, "%s; it holds %s", promise, held);
      for (Entry entry : held) {
        boolean asked = promise.next() == 0 || entry.slot() < promise.next();
        require(
            !asked || promise.entries().contains(entry),
            "a promise is complete",
            "%s; it holds %s",
            promise,
            held);
      }
    }
  }

  @Override
  List<Object> state() {
    return List.of(core);
  }

  @Override
  int rank() {
    return Messages.rank(disk.promised());
  }

  @Override
  boolean isPreparing() {
    return false;
  }
}
