package synod.explore;

import java.util.List;
import java.util.Set;
import synod.paxos.Ballot;
import synod.paxos.Effect;
import synod.paxos.Message;
import synod.paxos.Proposer;
import synod.paxos.ProtocolEvent;

/**
 * A proposer of the world. As soon as it leads it gets a command for each of its slots that
 * recovery leaves free, another one at each ballot.
 */
final class ProposerRole extends LocalRole {
  private static final long FOREVER = Long.MAX_VALUE / 4;

  private final String name;
  private final String other;
  private Proposer core;

  /** The highest round that ever left, whatever the disk says. */
  private long used;

  /** How often a ballot was used again, so that it proposes another value then. */
  private int reuses;

  private ProtocolEvent.LeaderElected elected;

  ProposerRole(int place, World world, Mutant mutant, Messages messages) {
    super(world, mutant, messages);
    this.name = World.PROPOSERS.get(place);
    this.other = World.PROPOSERS.get(1 - place);
    begin();
  }

  @Override
  void begin() {
    core =
        new Proposer(
            name,
            0,
            mutant.roundFound(disk.round()),
            new Proposer.Group(world.quorums(), Set.copyOf(World.PROPOSERS), Set.of()),
            world.settings(),
            batch -> batch.get(0),
            bound -> 0,
            0);
  }

  @Override
  void act(int input) {
    if (Input.isCampaign(input)) {
      campaign(Input.campaignFrom(input), Input.heardOf(input));
    } else {
      mutant.deliver(
          World.ACCEPTORS.get(Input.from(input)),
          messages.message(Input.message(input)),
          core.ballot(),
          this::receive);
    }
  }

  private void campaign(long from, long heardOf) {
    if (core.phase() != Proposer.Phase.FOLLOWING) {
      execute(core.tick(FOREVER)); // nothing was heard in time
    }
    if (heardOf > 0) {
      Ballot promised = new Ballot(heardOf, other, 0);
      receive(World.ACCEPTORS.get(0), new Message.PreCampaignReply(-1, true, promised));
    }
    receive(name, new Message.Progress(from));
    receive(other, new Message.Handover(core.leader()));
  }

  private void receive(String from, Message message) {
    execute(core.receive(from, message, 0));
  }

  @Override
  void settle() {
    if (elected != null) {
      submitUpToTheLastSlot();
      elected = null;
    }
    if (core.wantsFlush()) {
      execute(core.flush(0));
    }
    boolean leads = core.phase() == Proposer.Phase.LEADING;
    if (leads && !world.has(World.Option.VOTES)) {
      begin(); // it has no more to say: the same as one that comes back
    }
  }

  private void submitUpToTheLastSlot() {
    for (int slot = (int) elected.recoverUpTo() + 1; slot <= world.slots(); slot++) {
      byte[] command = {(byte) Messages.rank(elected.ballot()), (byte) slot, (byte) reuses};
      receive("client", new Message.Submit(0, slot, command));
    }
  }

  @Override
  void persisted(long id) {
    core.persisted(id);
  }

  @Override
  void release(Effect.Released effect, Outcome to) {
    if (effect instanceof Effect.Publish publish) {
      watch(publish.event());
    } else if (effect instanceof Effect.Send send) {
      if (send.message() instanceof Message.Prepare prepare) {
        require(
            disk.round() >= prepare.ballot().round(),
            "nothing leaves ahead of the disk",
            "%s; its disk holds round %d",
            prepare,
            disk.round());
      }
      send(send, to);
    }
  }

  private void send(Effect.Send send, Outcome to) {
    Message message = send.message();
    if (message instanceof Message.Prepare || message instanceof Message.Accept) {
      to.receivers.add(World.ACCEPTORS.indexOf(send.node()));
      to.sent.add(messages.number(message));
    } else if (message instanceof Message.ChosenHere here) {
      to.claims.add(Outcome.claim(here.slot(), messages.value(here.value())));
    }
  }

  private void watch(ProtocolEvent event) {
    if (event instanceof ProtocolEvent.LeaderElected now) {
      elected = now;
    } else if (event instanceof ProtocolEvent.CampaignStarted started) {
      long round = started.ballot().round();
      require(round > used, "ballots are used once", "%s is used again", started.ballot());
      reuses += round > used ? 0 : 1;
      used = Math.max(used, round);
    }
  }

  @Override
  List<Object> state() {
    return List.of(core, used, reuses);
  }

  @Override
  int rank() {
    return switch (core.phase()) {
      case PREPARING, LEADING -> Messages.rank(core.ballot());
      case FOLLOWING, ASKING -> -1;
    };
  }

  @Override
  boolean isPreparing() {
    return core.phase() == Proposer.Phase.PREPARING;
  }

  long used() {
    return used;
  }
}
