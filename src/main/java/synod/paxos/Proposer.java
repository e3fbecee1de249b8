package synod.paxos;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.LongUnaryOperator;

/**
 * The proposer: follows the distinguished proposer, or is it ("Paxos Made Simple" §2.4, §3).
 *
 * <p>A follower that misses the leader asks a phase-1 quorum of acceptors whether they miss it too,
 * which costs nothing durable and deposes nobody. Only then it raises its round, makes it durable,
 * and prepares. Guarantees: no ballot is used twice; phase 2 starts from a whole phase-1 quorum; a
 * leader that hears no phase-2 quorum falls silent. Belongs to one thread; time comes in as
 * nanoseconds of any monotonic clock, randomness through the constructor.
 */
public final class Proposer {
  /** What the proposer is about. */
  public enum Phase {
    /** Hears a leader, or waits for the randomized timeout to miss it. */
    FOLLOWING,
    /** Asks the acceptors whether they miss the leader too. */
    ASKING,
    /** Makes its round durable, then collects promises. */
    PREPARING,
    /** Proposes. */
    LEADING
  }

  /**
   * What a proposer is part of. The names are kept in order, so that what it sends doesn't depend
   * on the order that a set happens to have.
   *
   * @param proposers the nodes that run a proposer, this one among them
   * @param learners the nodes that run a learner, this one among them
   */
  public record Group(Quorums quorums, Set<String> proposers, Set<String> learners) {
    public Group {
      proposers = Collections.unmodifiableSortedSet(new TreeSet<>(proposers));
      learners = Collections.unmodifiableSortedSet(new TreeSet<>(learners));
    }
  }

  private final String node;
  private final long incarnation;
  private final Group group;
  private final PaxosSettings settings;
  private final Function<List<byte[]>, byte[]> assemble;
  private final LongUnaryOperator random;

  private Phase phase = Phase.FOLLOWING;

  /**
   * Invariant: at least every round that this node's proposer ever used; what was used is durable.
   */
  private long round;

  /** Invariant: never goes back. The highest ballot that a leader was heard at. */
  private Ballot leader = Ballot.NONE;

  /** The highest ballot heard of at all, so that a campaign starts above it. */
  private Ballot highestSeen = Ballot.NONE;

  /**
   * Invariant: never goes back; this node's learner has applied every slot below it. 0: not known
   * yet.
   */
  private long firstUnchosen;

  /** When a follower loses its patience, and when a campaign is given up. */
  private long deadline;

  private long repeatAt;
  private long nonce;
  private final Set<String> missing = new HashSet<>();
  private final Set<String> answered = new HashSet<>();

  private long lastWrite;
  private boolean roundDurable;
  private Phase1 phase1;

  private Phase2 phase2;
  private ReadRounds reads;
  private long heartbeatAt;

  /** When each acceptor last answered this leader, whatever it said. */
  private final Map<String, Long> heardAt = new HashMap<>();

  /** The highest slot that each acceptor voted for, to find the best successor. */
  private final Map<String, Long> votedUpTo = new HashMap<>();

  /**
   * Who was asked to take over. Invariant: null unless this proposer leads; it goes on leading
   * until it is outbid, so that a successor that doesn't answer leaves no gap.
   */
  private String successor;

  private long askSuccessorAt;
  private long successorDeadline;

  /** Those that were asked before and didn't take over. */
  private final Set<String> passedOver = new HashSet<>();

  /**
   * @param incarnation a random value that is new for each start of the process
   * @param round the highest round that is durable
   * @param assemble joins submissions to the value of one slot; called once for each slot
   * @param random for a bound greater than 0, the next random number in {@code [0, bound)}
   */
  public Proposer(
      String node,
      long incarnation,
      long round,
      Group group,
      PaxosSettings settings,
      Function<List<byte[]>, byte[]> assemble,
      LongUnaryOperator random,
      long now) {
    this.node = node;
    this.incarnation = incarnation;
    this.round = round;
    this.group = group;
    this.settings = settings;
    this.assemble = assemble;
    this.random = random;
    this.deadline = now + electionTimeout();
    // Answers to questions of an earlier life of this role must not look like answers to this
    // one's.
    this.nonce = random.applyAsLong(Long.MAX_VALUE / 2);
  }

  public Phase phase() {
    return phase;
  }

  /**
   * The ballot that it prepares or leads at; the highest leader's that it has heard of otherwise.
   */
  public Ballot ballot() {
    return switch (phase) {
      case PREPARING -> phase1.ballot();
      case LEADING, FOLLOWING, ASKING -> leader;
    };
  }

  /** Submissions that wait for a slot. */
  public int submissionsQueued() {
    return phase == Phase.LEADING ? phase2.submissionsQueued() : 0;
  }

  /** Slots with a value that isn't chosen yet. */
  public int slotsInFlight() {
    return phase == Phase.LEADING ? phase2.slotsInFlight() : 0;
  }

  /**
   * How a leader sees an acceptor.
   *
   * @param slotsBehind by how many slots its latest vote is behind the last chosen one; at most
   *     those of this leadership
   * @param silentNanos since it last answered
   */
  public record Contact(long slotsBehind, long silentNanos) {}

  /** How this leader sees each acceptor; nothing if it doesn't lead. */
  public Map<String, Contact> contacts(long now) {
    if (phase != Phase.LEADING) {
      return Map.of();
    }
    Map<String, Contact> contacts = new HashMap<>();
    heardAt.forEach(
        (acceptor, at) -> {
          long votedUpToHere = votedUpTo.getOrDefault(acceptor, phase2.from() - 1);
          long behind = Math.max(0, phase2.chosenUpTo() - votedUpToHere);
          contacts.put(acceptor, new Contact(behind, now - at));
        });
    return contacts;
  }

  /** When {@link #tick} is next due, if nothing else happens before. */
  public long wakeUpAt() {
    return switch (phase) {
      case FOLLOWING -> deadline;
      case ASKING, PREPARING -> Math.min(deadline, repeatAt);
      case LEADING -> {
        long next = Math.min(heartbeatAt, phase2.repeatAt());
        if (isHandingOver()) {
          next = Math.min(next, Math.min(askSuccessorAt, successorDeadline));
        }
        yield reads.isUnderWay() ? Math.min(next, reads.repeatAt()) : next;
      }
    };
  }

  /**
   * Takes a message from a role of the named node. Call {@link #flush} when no more are at hand.
   */
  public List<Effect> receive(String from, Message message, long now) {
    List<Effect> effects = new ArrayList<>();
    if (message instanceof Message.Accepted accepted) {
      accepted(from, accepted, now, effects);
    } else if (message instanceof Message.Submit submit) {
      if (leads(from, submit.incarnation(), submit.id(), effects)) {
        phase2.submit(from, submit);
      }
    } else if (message instanceof Message.ReadIndexRequest request) {
      if (leads(from, request.incarnation(), request.id(), effects)) {
        reads.request(from, request);
      }
    } else if (message instanceof Message.HeartbeatAck ack) {
      acknowledged(from, ack, now, effects);
    } else if (message instanceof Message.Heartbeat heartbeat) {
      heartbeat(heartbeat.ballot(), now, effects);
    } else if (message instanceof Message.Promise promise) {
      promised(from, promise, now, effects);
    } else if (message instanceof Message.Rejected rejected) {
      outbid(rejected.ballot(), rejected.promised(), now, effects);
    } else if (message instanceof Message.Trimmed trimmed) {
      trimmed(from, trimmed, now, effects);
    } else if (message instanceof Message.PreCampaignReply reply) {
      answered(from, reply, now, effects);
    } else if (message instanceof Message.Progress progress) {
      firstUnchosen = Math.max(firstUnchosen, progress.firstUnchosenSlot());
      campaignIfMissed(now, effects);
    } else if (message instanceof Message.Handover handover) {
      boolean quiet = phase == Phase.FOLLOWING || phase == Phase.ASKING;
      if (quiet && handover.ballot().equals(leader) && firstUnchosen > 0) {
        campaign(now, effects);
      }
    } else {
      throw new IllegalArgumentException("not for a proposer: " + message);
    }
    return effects;
  }

  /** The highest ballot that a leader was heard at, which may be this proposer itself. */
  public Ballot leader() {
    return leader;
  }

  /** Whether {@link #flush} would do something. */
  public boolean wantsFlush() {
    return phase == Phase.LEADING
        && (phase2.canPropose() || (reads.wantsRound() && phase2.isRecovered()));
  }

  /** Proposes and starts a round of reads, if there is anything to do and room for it. */
  public List<Effect> flush(long now) {
    List<Effect> effects = new ArrayList<>();
    if (phase == Phase.LEADING) {
      proposeAndRead(now, effects);
    }
    return effects;
  }

  /** Does what is due. */
  public List<Effect> tick(long now) {
    List<Effect> effects = new ArrayList<>();
    switch (phase) {
      case FOLLOWING -> {
        if (now >= deadline) {
          ask(now, effects);
        }
      }
      case ASKING -> {
        if (now >= deadline) {
          follow(now);
        } else if (now >= repeatAt) {
          repeatQuestion(now, effects);
        }
      }
      case PREPARING -> {
        if (now >= deadline) {
          stepDown("no quorum of promises in time", now, effects);
        } else if (now >= repeatAt) {
          repeatAt = now + settings.retransmitInterval().toNanos();
          if (roundDurable) {
            addRepeated(phase1.prepares(), effects);
          }
        }
      }
      case LEADING -> lead(now, effects);
    }
    return effects;
  }

  /** All writes up to this {@link Effect.Persist#id()} are durable. */
  public void persisted(long id) {
    if (id == lastWrite) {
      roundDurable = true;
    }
  }

  /**
   * Gives leadership away, if this proposer leads: the node that is heard and whose acceptor voted
   * furthest is asked to campaign at once, then the next one. Until one of them has, this proposer
   * leads as before: nothing waits for the outcome.
   */
  public List<Effect> handOver(long now) {
    List<Effect> effects = new ArrayList<>();
    if (phase == Phase.LEADING && !isHandingOver()) {
      passedOver.clear();
      askNextSuccessor(now, effects);
    }
    return effects;
  }

  /** Whether a successor was asked, and may yet take over. */
  public boolean isHandingOver() {
    return successor != null;
  }

  private void askNextSuccessor(long now, List<Effect> effects) {
    Set<String> heard = heardSince(now - settings.electionTimeoutMin().toNanos());
    successor =
        group.proposers().stream()
            .filter(other -> !other.equals(node) && !passedOver.contains(other))
            .filter(other -> heard.contains(other) || !group.quorums().acceptors().contains(other))
            .max(Comparator.comparingLong(other -> votedUpTo.getOrDefault(other, 0L)))
            .orElse(null);
    if (isHandingOver()) {
      passedOver.add(successor);
      successorDeadline = now + settings.electionTimeoutMax().toNanos();
      askSuccessor(now, effects);
    }
  }

  private void askSuccessor(long now, List<Effect> effects) {
    askSuccessorAt = now + settings.retransmitInterval().toNanos();
    effects.add(toProposer(successor, new Message.Handover(leader)));
  }

  private void goOnHandingOver(long now, List<Effect> effects) {
    if (now >= successorDeadline) {
      askNextSuccessor(now, effects);
    } else if (now >= askSuccessorAt) {
      askSuccessor(now, effects);
    }
  }

  // Following

  private void heartbeat(Ballot ballot, long now, List<Effect> effects) {
    if (ballot.isBelow(leader) || (phase == Phase.PREPARING && ballot.isBelow(phase1.ballot()))) {
      return;
    }
    boolean news = ballot.isAbove(leader);
    if (phase == Phase.LEADING || phase == Phase.PREPARING) {
      if (!news) {
        return; // a late heartbeat of its own ballot
      }
      stepDown("heard the leader of " + ballot, now, effects);
    }
    leader = ballot;
    highestSeen = max(highestSeen, ballot);
    if (news) {
      effects.add(new Effect.Publish(new ProtocolEvent.LeaderObserved(ballot)));
    }
    follow(now);
  }

  private void follow(long now) {
    phase = Phase.FOLLOWING;
    phase1 = null;
    phase2 = null;
    reads = null;
    successor = null;
    deadline = now + electionTimeout();
  }

  private void stepDown(String reason, long now, List<Effect> effects) {
    effects.add(new Effect.Publish(new ProtocolEvent.SteppedDown(ballot(), reason)));
    follow(now);
  }

  private void outbid(Ballot ballot, Ballot by, long now, List<Effect> effects) {
    highestSeen = max(highestSeen, by);
    boolean mine = phase == Phase.LEADING || phase == Phase.PREPARING;
    if (mine && ballot.equals(ballot()) && by.isAbove(ballot)) {
      stepDown("an acceptor promised " + by, now, effects);
    }
  }

  /**
   * A slot that this leader still waits for is chosen and trimmed. Learners hear from it alone what
   * is chosen at its ballot, so others have learned this from a later leader.
   */
  private void trimmed(String acceptor, Message.Trimmed trimmed, long now, List<Effect> effects) {
    if (phase == Phase.LEADING
        && trimmed.ballot().equals(leader)
        && phase2.isInFlight(trimmed.slot())) {
      stepDown(acceptor + " has trimmed slot " + trimmed.slot(), now, effects);
    }
  }

  // Asking

  private void ask(long now, List<Effect> effects) {
    phase = Phase.ASKING;
    deadline = now + electionTimeout();
    missing.clear();
    answered.clear();
    nonce++;
    effects.add(new Effect.Publish(new ProtocolEvent.PreCampaignStarted(node)));
    repeatQuestion(now, effects);
  }

  private void repeatQuestion(long now, List<Effect> effects) {
    repeatAt = now + settings.retransmitInterval().toNanos();
    effects.add(new Effect.Send(node, Role.LEARNER, new Message.ProgressQuery()));
    for (String acceptor : group.quorums().acceptors()) {
      if (!answered.contains(acceptor)) {
        effects.add(new Effect.Send(acceptor, Role.ACCEPTOR, new Message.PreCampaign(nonce)));
      }
    }
  }

  private void answered(
      String acceptor, Message.PreCampaignReply reply, long now, List<Effect> effects) {
    highestSeen = max(highestSeen, reply.promised());
    if (phase != Phase.ASKING || reply.nonce() != nonce) {
      return;
    }
    answered.add(acceptor);
    if (reply.missesLeader()) {
      missing.add(acceptor);
    }
    campaignIfMissed(now, effects);
  }

  private void campaignIfMissed(long now, List<Effect> effects) {
    if (phase == Phase.ASKING && firstUnchosen > 0 && group.quorums().isPhase1(missing)) {
      campaign(now, effects);
    }
  }

  // Preparing

  private void campaign(long now, List<Effect> effects) {
    round = Math.max(Math.max(round, highestSeen.round()), leader.round()) + 1;
    Ballot ballot = new Ballot(round, node, incarnation);
    phase = Phase.PREPARING;
    phase1 = new Phase1(ballot, firstUnchosen, group.quorums());
    deadline = now + electionTimeout();
    repeatAt = now + settings.retransmitInterval().toNanos();
    roundDurable = false;
    List<Effect.Released> release = new ArrayList<>(phase1.prepares());
    release.add(new Effect.Publish(new ProtocolEvent.CampaignStarted(ballot, firstUnchosen)));
    effects.add(new Effect.Persist(++lastWrite, List.of(new DurableRecord.Round(round)), release));
  }

  private void promised(String acceptor, Message.Promise promise, long now, List<Effect> effects) {
    if (phase != Phase.PREPARING) {
      return;
    }
    List<Effect> next = phase1.promise(acceptor, promise);
    if (!next.isEmpty()) {
      effects.addAll(next);
      deadline = now + electionTimeout(); // a long promise comes in parts: it is getting on
    }
    if (phase1.isComplete()) {
      becomeLeader(now, effects);
    }
  }

  private void becomeLeader(long now, List<Effect> effects) {
    phase = Phase.LEADING;
    leader = phase1.ballot();
    phase2 = new Phase2(phase1, group.quorums(), settings, assemble);
    reads = new ReadRounds(leader, group.quorums());
    heardAt.clear();
    votedUpTo.clear();
    group.quorums().acceptors().forEach(acceptor -> heardAt.put(acceptor, now));
    effects.add(
        new Effect.Publish(
            new ProtocolEvent.LeaderElected(
                leader, phase2.from(), phase2.recoverUpTo(), phase1.promisedBy())));
    phase1 = null;
    sendHeartbeats(now, effects);
    proposeAndRead(now, effects);
  }

  // Leading

  private void lead(long now, List<Effect> effects) {
    if (!group.quorums().isPhase2(heardSince(now - settings.electionTimeoutMin().toNanos()))) {
      stepDown("no quorum heard", now, effects);
      return;
    }
    if (now >= heartbeatAt) {
      sendHeartbeats(now, effects);
    }
    if (isHandingOver()) {
      goOnHandingOver(now, effects);
    }
    addRepeated(phase2.repeat(now), effects);
    if (reads.isUnderWay() && now >= reads.repeatAt()) {
      addRepeated(reads.repeat(now + settings.retransmitInterval().toNanos()), effects);
    }
    proposeAndRead(now, effects);
  }

  private static void addRepeated(List<? extends Effect> repeats, List<Effect> effects) {
    if (!repeats.isEmpty()) {
      effects.addAll(repeats);
      effects.add(new Effect.Publish(new ProtocolEvent.MessagesRepeated(repeats.size())));
    }
  }

  private Set<String> heardSince(long time) {
    Set<String> heard = new HashSet<>();
    heardAt.forEach(
        (acceptor, at) -> {
          if (at >= time) {
            heard.add(acceptor);
          }
        });
    return heard;
  }

  /**
   * Whether an acceptor hasn't answered for so long that new values are kept from it. What it
   * doesn't take off its connection would pile up in this node's memory. If its vote is needed
   * after all, {@link Phase2#repeat} asks for it.
   */
  private boolean isSilent(String acceptor, long now) {
    return now - heardAt.get(acceptor) > settings.electionTimeoutMin().toNanos();
  }

  private void proposeAndRead(long now, List<Effect> effects) {
    for (Effect.Send accept : phase2.propose(now)) {
      if (!isSilent(accept.node(), now)) {
        effects.add(accept);
      }
    }
    if (reads.wantsRound() && phase2.isRecovered()) {
      effects.addAll(
          reads.start(++nonce, phase2.chosenUpTo(), now + settings.retransmitInterval().toNanos()));
    }
  }

  private void sendHeartbeats(long now, List<Effect> effects) {
    heartbeatAt = now + settings.heartbeatInterval().toNanos();
    Message.Heartbeat heartbeat = new Message.Heartbeat(leader, ++nonce);
    for (String acceptor : group.quorums().acceptors()) {
      effects.add(new Effect.Send(acceptor, Role.ACCEPTOR, heartbeat));
    }
    for (String proposer : group.proposers()) {
      if (!proposer.equals(node)) {
        effects.add(toProposer(proposer, heartbeat));
      }
    }
    tellChosen(effects);
  }

  private void tellChosen(List<Effect> effects) {
    Message.Chosen chosen = new Message.Chosen(leader, phase2.from(), phase2.chosenUpTo());
    for (String learner : group.learners()) {
      effects.add(new Effect.Send(learner, Role.LEARNER, chosen));
    }
  }

  private void accepted(
      String acceptor, Message.Accepted accepted, long now, List<Effect> effects) {
    if (phase != Phase.LEADING || !accepted.ballot().equals(leader)) {
      return;
    }
    heardAt.put(acceptor, now);
    votedUpTo.merge(acceptor, accepted.slot(), Math::max);
    long before = phase2.chosenUpTo();
    Phase2.ChosenSlot chosen = phase2.vote(acceptor, accepted.slot());
    if (chosen == null) {
      return;
    }
    effects.add(
        new Effect.Send(node, Role.LEARNER, new Message.ChosenHere(chosen.slot(), chosen.value())));
    effects.add(
        new Effect.Publish(
            new ProtocolEvent.SlotChosen(
                chosen.slot(),
                leader,
                chosen.votes(),
                chosen.value().length,
                (now - chosen.startedAt()) / 1_000)));
    if (phase2.chosenUpTo() > before) {
      tellChosen(effects);
    }
  }

  private void acknowledged(
      String acceptor, Message.HeartbeatAck ack, long now, List<Effect> effects) {
    if (phase != Phase.LEADING || !ack.ballot().equals(leader)) {
      return;
    }
    if (ack.promised().isAbove(leader)) {
      outbid(ack.ballot(), ack.promised(), now, effects);
      return;
    }
    heardAt.put(acceptor, now);
    effects.addAll(reads.acknowledge(acceptor, ack));
  }

  private boolean leads(String gateway, long incarnationOfGateway, long id, List<Effect> effects) {
    if (phase == Phase.LEADING) {
      return true;
    }
    effects.add(
        new Effect.Send(
            gateway,
            Role.GATEWAY,
            new Message.NotLeader(
                incarnationOfGateway, id, leader.proposer().equals(node) ? Ballot.NONE : leader)));
    return false;
  }

  private long electionTimeout() {
    long min = settings.electionTimeoutMin().toNanos();
    return min + random.applyAsLong(settings.electionTimeoutMax().toNanos() - min);
  }

  private static Ballot max(Ballot a, Ballot b) {
    return a.isBelow(b) ? b : a;
  }

  private static Effect.Send toProposer(String to, Message message) {
    return new Effect.Send(to, Role.PROPOSER, message);
  }
}
