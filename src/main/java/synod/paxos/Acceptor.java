package synod.paxos;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The acceptor ("Paxos Made Simple" §2.2), for all slots at once.
 *
 * <p>Guarantees: it promises and accepts nothing below its promise; no promise and no vote leaves
 * before it is durable; what it reports in a promise is all that it accepted from the asked slot
 * on, but for what it trimmed. It trims only what is chosen and held durably, as applied state, by
 * the learners of so many acceptor nodes that every phase-1 quorum has one of them. Belongs to one
 * thread at a time; time comes in as nanoseconds of any monotonic clock.
 */
public final class Acceptor {
  private final String node;
  private final boolean learnerBeside;
  private final PaxosSettings settings;
  private final AcceptorLog log;
  private final Quorums quorums;

  /** Invariant: never goes back; at least the ballot of every entry accepted. */
  private Ballot promised;

  /**
   * Invariant: never goes back; never below what is durable of it. Every slot below is chosen,
   * which stays true if a crash loses a trim that was under way.
   */
  private long trimmedBelow;

  /**
   * How far each configured acceptor node's learner holds its state durably, as far as it told this
   * life. A learner that lost its disk since then still counts for what it held: that machine's
   * acceptor has lost its memory as well and votes no more.
   */
  private final Map<String, Long> durable = new TreeMap<>();

  /** Invariant: at least the slot of every entry accepted. */
  private long lastSlot;

  /**
   * Accepted, and not yet known to be durable. Invariant: overrides what the log holds at that
   * slot.
   */
  private final TreeMap<Long, Entry> pending = new TreeMap<>();

  private final Deque<PendingWrite> pendingWrites = new ArrayDeque<>();
  private long lastWrite;

  /**
   * Invariant: what isn't durable yet of entries and promises, accepted or repeated, is in it. What
   * there is no room for is not accepted or promised, as if the message had been lost.
   */
  private final Unwritten unwritten = new Unwritten();

  /** When a leader was heard, or a candidate that is getting on with its phase 1. */
  private long leaderHeardAt;

  private boolean lowSpace;

  private record PendingWrite(long id, Entry entry) {}

  /**
   * @param learnerBeside whether this node runs a learner, which is then told of every entry
   *     accepted
   * @param quorums of this acceptor's group
   * @param log what the acceptor's stable storage holds, after every write of earlier incarnations
   *     has ended
   */
  public Acceptor(
      String node,
      boolean learnerBeside,
      Quorums quorums,
      PaxosSettings settings,
      AcceptorLog log,
      long now) {
    this.node = node;
    this.quorums = quorums;
    this.learnerBeside = learnerBeside;
    this.settings = settings;
    this.log = log;
    this.promised = log.promised();
    this.trimmedBelow = log.trimmedBelow();
    this.lastSlot = Math.max(log.lastSlot(), trimmedBelow - 1);
    // A restarted acceptor can't know when it last heard the leader: it must not help to depose a
    // healthy one.
    this.leaderHeardAt = now;
  }

  public Ballot promised() {
    return promised;
  }

  /** Every slot below is chosen, and its entry is or will be deleted. */
  public long trimmedBelow() {
    return trimmedBelow;
  }

  /** The highest slot accepted, durably or not yet; 0 if there is none. */
  public long lastSlot() {
    return lastSlot;
  }

  /** While space is low, new accepts go unanswered; everything else goes on. */
  public void setLowSpace(boolean low) {
    lowSpace = low;
  }

  /** All writes up to this {@link Effect.Persist#id()} are durable. */
  public void persisted(long id) {
    unwritten.persisted(id);
    while (!pendingWrites.isEmpty() && pendingWrites.peek().id() <= id) {
      Entry durable = pendingWrites.remove().entry();
      pending.remove(durable.slot(), durable);
    }
  }

  /**
   * Whether {@link #receive} may read the log, and so wait for the disk, with this message. In the
   * common case, an accept of a new slot, it doesn't.
   */
  public boolean readsLog(Message message) {
    return message instanceof Message.Prepare
        || message instanceof Message.FetchAccepted
        || message instanceof Message.Accept accept && isReadBack(accept.slot());
  }

  /** Takes a message from a role of the named node. Messages meant for other roles are a breach. */
  public List<Effect> receive(String from, Message message, long now) {
    List<Effect> effects = new ArrayList<>();
    if (message instanceof Message.Accept accept) {
      accept(from, accept, effects);
    } else if (message instanceof Message.Prepare prepare) {
      prepare(from, prepare, now, effects);
    } else if (message instanceof Message.Heartbeat heartbeat) {
      heartbeat(from, heartbeat, now, effects);
    } else if (message instanceof Message.PreCampaign question) {
      boolean misses = now - leaderHeardAt >= settings.electionTimeoutMin().toNanos();
      effects.add(
          toProposer(from, new Message.PreCampaignReply(question.nonce(), misses, promised)));
    } else if (message instanceof Message.FetchAccepted fetch) {
      List<Entry> durable = log.entries(fetch.from(), settings.partBytes());
      effects.add(new Effect.Send(from, Role.LEARNER, new Message.AcceptedEntries(durable)));
    } else if (message instanceof Message.Durable report) {
      durable(from, report.slot(), effects);
    } else {
      throw new IllegalArgumentException("not for an acceptor: " + message);
    }
    return effects;
  }

  private void durable(String learner, long slot, List<Effect> effects) {
    if (!quorums.acceptors().contains(learner)) {
      return;
    }
    durable.merge(learner, slot, Math::max);
    long below = quorums.reachedByBlocking(durable) + 1;
    if (below > trimmedBelow) {
      trimmedBelow = below;
      persist(
          List.of(new DurableRecord.Trimmed(below)),
          List.of(new Effect.Publish(new ProtocolEvent.EntriesTrimmed(below))),
          effects);
    }
  }

  private void prepare(String from, Message.Prepare prepare, long now, List<Effect> effects) {
    Ballot ballot = prepare.ballot();
    if (ballot.isBelow(promised)) {
      reject(from, ballot, effects);
      return;
    }
    if (!unwritten.hasRoom(settings.partBytes())) {
      return;
    }
    // A phase 1 of many parts may take longer than the others' patience: who campaigns against a
    // candidate that is getting on would be deposed in the same way, and so on.
    leaderHeardAt = now;
    List<DurableRecord> records = new ArrayList<>(1);
    List<Effect.Released> release = new ArrayList<>(2);
    if (ballot.isAbove(promised)) {
      promised = ballot;
      records.add(new DurableRecord.Promised(ballot));
      release.add(new Effect.Publish(new ProtocolEvent.PromiseRaised(ballot)));
    }
    release.add(toProposer(from, promise(prepare)));
    unwritten.add(persist(records, release, effects), settings.partBytes());
  }

  /**
   * The part of the promise that starts at the asked slot. It may tell of entries that are still
   * being written: it leaves behind them, and behind a trim that it tells of.
   */
  private Message.Promise promise(Message.Prepare prepare) {
    List<Entry> durable = log.entries(prepare.from(), settings.partBytes());
    long lastRead = durable.isEmpty() ? 0 : durable.get(durable.size() - 1).slot();
    boolean whole = durable.isEmpty() || lastRead >= log.lastSlot();
    TreeMap<Long, Entry> part = new TreeMap<>();
    durable.forEach(entry -> part.put(entry.slot(), entry));
    part.putAll(
        whole
            ? pending.tailMap(prepare.from(), true)
            : pending.subMap(prepare.from(), true, lastRead, true));
    return new Message.Promise(
        prepare.ballot(),
        prepare.from(),
        List.copyOf(part.tailMap(trimmedBelow, true).values()),
        whole ? 0 : lastRead + 1,
        trimmedBelow);
  }

  private void accept(String from, Message.Accept accept, List<Effect> effects) {
    Ballot ballot = accept.ballot();
    if (ballot.isBelow(promised)) {
      reject(from, ballot, effects);
      return;
    }
    if (accept.slot() < trimmedBelow) {
      effects.add(toProposer(from, new Message.Trimmed(ballot, accept.slot(), trimmedBelow)));
      return;
    }
    int bytes = accept.value().length;
    if (!unwritten.hasRoom(bytes)) {
      return;
    }
    Entry entry = new Entry(accept.slot(), ballot, accept.value());
    Optional<Entry> held = held(accept.slot());
    if (held.isPresent() && held.get().ballot().equals(ballot)) {
      Invariant.check(
          Arrays.equals(held.get().value(), entry.value()),
          "two values were proposed at slot %d and ballot %s",
          entry.slot(),
          ballot);
      unwritten.add(persist(List.of(), votes(from, entry), effects), bytes);
      return;
    }
    Invariant.check(
        held.isEmpty() || held.get().ballot().isBelow(ballot),
        "an entry above the promise %s was accepted: %s",
        promised,
        held);
    if (lowSpace) {
      return;
    }
    List<DurableRecord> records = new ArrayList<>(2);
    if (ballot.isAbove(promised)) {
      promised = ballot;
      records.add(new DurableRecord.Promised(ballot));
    }
    records.add(new DurableRecord.Accepted(entry));
    lastSlot = Math.max(lastSlot, entry.slot());
    pending.put(entry.slot(), entry);
    long id = persist(records, votes(from, entry), effects);
    unwritten.add(id, bytes);
    pendingWrites.add(new PendingWrite(id, entry));
  }

  private Optional<Entry> held(long slot) {
    return isReadBack(slot) ? log.entry(slot) : Optional.ofNullable(pending.get(slot));
  }

  /** Whether the log alone can tell what is held at a slot. */
  private boolean isReadBack(long slot) {
    return slot <= lastSlot && !pending.containsKey(slot);
  }

  private List<Effect.Released> votes(String proposer, Entry entry) {
    List<Effect.Released> release = new ArrayList<>(3);
    release.add(toProposer(proposer, new Message.Accepted(entry.ballot(), entry.slot())));
    if (learnerBeside) {
      release.add(new Effect.Send(node, Role.LEARNER, new Message.AcceptedEntries(List.of(entry))));
    }
    release.add(
        new Effect.Publish(
            new ProtocolEvent.EntryAccepted(entry.slot(), entry.ballot(), entry.value().length)));
    return release;
  }

  private void heartbeat(String from, Message.Heartbeat heartbeat, long now, List<Effect> effects) {
    if (!heartbeat.ballot().isBelow(promised)) {
      leaderHeardAt = now;
    }
    effects.add(
        toProposer(
            from, new Message.HeartbeatAck(heartbeat.ballot(), heartbeat.nonce(), promised)));
  }

  private void reject(String from, Ballot ballot, List<Effect> effects) {
    effects.add(toProposer(from, new Message.Rejected(ballot, promised)));
    effects.add(new Effect.Publish(new ProtocolEvent.BallotRejected(ballot, promised)));
  }

  private long persist(
      List<DurableRecord> records, List<Effect.Released> release, List<Effect> effects) {
    effects.add(new Effect.Persist(++lastWrite, records, release));
    return lastWrite;
  }

  private static Effect.Send toProposer(String node, Message message) {
    return new Effect.Send(node, Role.PROPOSER, message);
  }
}
