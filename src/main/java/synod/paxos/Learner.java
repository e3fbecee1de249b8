package synod.paxos;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The learner ("Paxos Made Simple" §2.3): finds out which values are chosen and hands them to the
 * state machine, strictly in slot order, each once.
 *
 * <p>It is told which slots are chosen, not with which value. A value is taken from an acceptor's
 * entry only if that entry's ballot is at least the one that the slot is known to be chosen at;
 * whatever is missing is fetched from its node's acceptor, from other learners (which answer only
 * for slots that they know to be chosen) and from other acceptors in turn. Belongs to one thread;
 * time comes in as nanoseconds of any monotonic clock.
 */
public final class Learner {
  /**
   * Values held that can't be applied yet: beyond this many bytes the highest slots are dropped,
   * and fetched later.
   */
  static final long MAX_HELD_BYTES = 32L << 20;

  /** The most values in one {@link Effect.Apply}. */
  static final int MAX_RUN = 256;

  private final String node;
  private final boolean proposerBeside;
  private final PaxosSettings settings;
  private final ChosenLog log;
  private final Snapshots snapshots;
  private final Quorums quorums;

  /** Invariant: every slot up to this one was handed to the state machine, once, in order. */
  private long applied;

  /**
   * What acceptors hold above {@code applied}; not known to be chosen. The highest ballot of each
   * slot.
   */
  private final TreeMap<Long, Entry> accepted = new TreeMap<>();

  /** Chosen values above {@code applied}. */
  private final TreeMap<Long, byte[]> chosen = new TreeMap<>();

  /** Slots known to be chosen at a ballot, or above it. */
  private final TreeMap<Ballot, Range> notices = new TreeMap<>();

  private long heldBytes;

  /** Invariant: whatever happens to this node but for its disk, it comes back with this slot. */
  private long durable;

  /** The snapshot that is being fetched; null if none is. */
  private SnapshotTransfer transfer;

  private Ballot leader = Ballot.NONE;

  /**
   * The highest slot that a leader said to be chosen. It may lie in no notice's range: what lies
   * below a leader's first slot is chosen at a ballot that it doesn't know.
   */
  private long toldUpTo;

  /** Where missing values may be had, to be tried in turn from {@code source} on. */
  private final List<Source> sources = new ArrayList<>();

  private int source;

  /**
   * Whether this node's acceptor can be expected to deliver by itself, so that a short wait pays.
   */
  private boolean fed;

  /** When a question that is under way is given up; 0 if none is. */
  private long askedUntil;

  /** Answers in a row that didn't help. */
  private int fruitless;

  /** Since when the next slot is missing; 0 if it isn't. */
  private long missingSince;

  private long announceAt;
  private long announcements;

  private record Range(long from, long upTo) {}

  private record Source(String node, Role role) {}

  /**
   * @param acceptorBeside whether this node runs an acceptor
   * @param learners the nodes that run a learner
   * @param applied the last slot that the state machine has applied
   * @param log what the state machine has applied
   * @param snapshots this node's
   */
  public Learner(
      String node,
      boolean acceptorBeside,
      boolean proposerBeside,
      Quorums quorums,
      List<String> learners,
      PaxosSettings settings,
      long applied,
      ChosenLog log,
      Snapshots snapshots,
      long now) {
    this.node = node;
    this.proposerBeside = proposerBeside;
    this.settings = settings;
    this.applied = applied;
    this.log = log;
    this.snapshots = snapshots;
    this.quorums = quorums;
    this.durable = snapshots.newest().map(Snapshot::slot).orElse(0L);
    this.announceAt = now;
    if (acceptorBeside) {
      sources.add(new Source(node, Role.ACCEPTOR));
    }
    learners.stream()
        .filter(this::isOther)
        .sorted()
        .forEach(peer -> sources.add(new Source(peer, Role.LEARNER)));
    quorums.acceptors().stream()
        .filter(this::isOther)
        .forEach(peer -> sources.add(new Source(peer, Role.ACCEPTOR)));
  }

  private boolean isOther(String name) {
    return !name.equals(node);
  }

  public long applied() {
    return applied;
  }

  /** The highest slot known to be chosen. */
  public long chosenUpTo() {
    long upTo = Math.max(applied, toldUpTo);
    return chosen.isEmpty() ? upTo : Math.max(upTo, chosen.lastKey());
  }

  /** The highest ballot that a leader was heard at. */
  public Ballot leader() {
    return leader;
  }

  /** When {@link #tick} is next due, if nothing else happens before. */
  public long wakeUpAt() {
    long next = announceAt;
    if (transfer != null) {
      next = Math.min(next, transfer.repeatAt());
    } else if (askedUntil != 0) {
      next = Math.min(next, askedUntil);
    } else if (missingSince != 0) {
      next = Math.min(next, missingSince + patience());
    }
    return next;
  }

  /** Takes a message from a role of the named node. */
  public List<Effect> receive(String from, Message message, long now) {
    List<Effect> effects = new ArrayList<>();
    if (message instanceof Message.AcceptedEntries entries) {
      entries.entries().forEach(entry -> hold(entry, from));
      advanceWithAnswer(now, effects);
    } else if (message instanceof Message.ChosenHere here) {
      hold(here.slot(), here.value());
      advance(now, effects);
    } else if (message instanceof Message.Chosen notice) {
      notice(notice, effects);
      advance(now, effects);
    } else if (message instanceof Message.ChosenValues values) {
      long slot = values.from();
      for (byte[] value : values.values()) {
        hold(slot++, value);
      }
      advanceWithAnswer(now, effects);
    } else if (message instanceof Message.FetchChosen fetch) {
      effects.add(toLearner(from, chosen(fetch.from())));
    } else if (message instanceof Message.SnapshotOffer offer) {
      offered(from, offer.snapshot(), now, effects);
    } else if (message instanceof Message.FetchSnapshot fetch) {
      effects.add(toLearner(from, part(fetch)));
    } else if (message instanceof Message.SnapshotPart part) {
      if (isUnderWay(from, part.snapshot())) {
        effects.addAll(transfer.part(part, now));
      }
    } else if (message instanceof Message.SnapshotGone gone) {
      if (isUnderWay(from, gone.snapshot())) {
        drop("it isn't held there any more", effects);
        fetchMissing(now, effects);
      }
    } else if (message instanceof Message.ProgressQuery) {
      effects.add(new Effect.Send(from, Role.PROPOSER, new Message.Progress(applied + 1)));
    } else {
      throw new IllegalArgumentException("not for a learner: " + message);
    }
    return effects;
  }

  /**
   * Does what is due: announces who leads and how far this node is, and fetches what is missing.
   */
  public List<Effect> tick(long now) {
    List<Effect> effects = new ArrayList<>();
    if (now >= announceAt) {
      announceAt = now + settings.retransmitInterval().toNanos();
      announce(effects);
    }
    if (askedUntil != 0 && now >= askedUntil) {
      askedUntil = 0;
      fruitless = 0;
      source++;
    }
    if (transfer != null && now >= transfer.repeatAt()) {
      effects.addAll(transfer.repeat(now));
      if (transfer.isGivenUp()) {
        drop("no answer", effects);
        source++;
      }
    }
    fetchMissing(now, effects);
    return effects;
  }

  private void announce(List<Effect> effects) {
    if (!leader.equals(Ballot.NONE)) {
      effects.add(new Effect.Send(node, Role.GATEWAY, new Message.LeaderKnown(leader)));
    }
    if (proposerBeside) {
      effects.add(new Effect.Send(node, Role.PROPOSER, new Message.Progress(applied + 1)));
    }
    // Acceptors lose it only when they restart.
    if (announcements++ % PaxosSettings.MAX_BACKOFF == 0) {
      tellDurable(effects);
    }
  }

  private void tellDurable(List<Effect> effects) {
    if (durable > 0) {
      for (String acceptor : quorums.acceptors()) {
        effects.add(new Effect.Send(acceptor, Role.ACCEPTOR, new Message.Durable(durable)));
      }
    }
  }

  private void notice(Message.Chosen notice, List<Effect> effects) {
    if (notice.ballot().isAbove(leader)) {
      leader = notice.ballot();
      effects.add(new Effect.Send(node, Role.GATEWAY, new Message.LeaderKnown(leader)));
    }
    toldUpTo = Math.max(toldUpTo, notice.upTo());
    if (notice.upTo() > applied && notice.upTo() >= notice.from()) {
      notices.merge(
          notice.ballot(),
          new Range(notice.from(), notice.upTo()),
          (old, now) -> new Range(old.from(), Math.max(old.upTo(), now.upTo())));
    }
  }

  private void hold(Entry entry, String from) {
    if (entry.slot() <= applied) {
      return;
    }
    if (from.equals(node)) {
      fed = true;
    }
    Entry old = accepted.get(entry.slot());
    if (old == null || entry.ballot().isAbove(old.ballot())) {
      accepted.put(entry.slot(), entry);
      heldBytes += entry.value().length - (old == null ? 0 : old.value().length);
      shed();
    }
  }

  private void hold(long slot, byte[] value) {
    if (slot <= applied) {
      return;
    }
    byte[] known = chosen.putIfAbsent(slot, value);
    Invariant.check(
        known == null || Arrays.equals(known, value), "two values chosen at slot %d", slot);
    if (known == null) {
      heldBytes += value.length;
      shed();
    }
  }

  private void shed() {
    while (heldBytes > MAX_HELD_BYTES && accepted.size() + chosen.size() > 1) {
      long highestAccepted = accepted.isEmpty() ? 0 : accepted.lastKey();
      long highestChosen = chosen.isEmpty() ? 0 : chosen.lastKey();
      heldBytes -=
          highestAccepted >= highestChosen
              ? accepted.pollLastEntry().getValue().value().length
              : chosen.pollLastEntry().getValue().length;
    }
  }

  /** The value chosen at a slot, or null if this learner can't tell. */
  private byte[] valueAt(long slot) {
    byte[] known = chosen.get(slot);
    if (known != null) {
      return known;
    }
    Entry entry = accepted.get(slot);
    if (entry == null) {
      return null;
    }
    // An entry of that ballot or a higher one can only hold the chosen value (§2.2, P2c). A lower
    // one may not.
    for (Map.Entry<Ballot, Range> notice : notices.headMap(entry.ballot(), true).entrySet()) {
      if (notice.getValue().from() <= slot && slot <= notice.getValue().upTo()) {
        return entry.value();
      }
    }
    return null;
  }

  private void advance(long now, List<Effect> effects) {
    applyKnown(effects);
    fetchMissing(now, effects);
  }

  private void applyKnown(List<Effect> effects) {
    List<byte[]> run = new ArrayList<>();
    long first = applied + 1;
    byte[] value = valueAt(first);
    while (value != null) {
      run.add(value);
      if (run.size() == MAX_RUN) {
        apply(first, run, effects);
        run = new ArrayList<>();
        first = applied + 1;
      }
      value = valueAt(first + run.size());
    }
    if (!run.isEmpty()) {
      apply(first, run, effects);
    }
  }

  private void apply(long first, List<byte[]> run, List<Effect> effects) {
    Invariant.check(first == applied + 1, "slot %d after %d", first, applied);
    applied += run.size();
    effects.add(new Effect.Apply(first, run));
    effects.add(new Effect.Publish(new ProtocolEvent.SlotsApplied(first, applied)));
    forget();
    if (transfer != null && transfer.snapshot().slot() <= applied) {
      drop("the log came after all", effects);
    }
    missingSince = 0;
  }

  private void forget() {
    while (!accepted.isEmpty() && accepted.firstKey() <= applied) {
      heldBytes -= accepted.pollFirstEntry().getValue().value().length;
    }
    while (!chosen.isEmpty() && chosen.firstKey() <= applied) {
      heldBytes -= chosen.pollFirstEntry().getValue().length;
    }
    notices.values().removeIf(range -> range.upTo() <= applied);
  }

  // Snapshots

  /**
   * A snapshot of this node's own is durable: what the acceptors hold up to there may go, once
   * enough learners are as far.
   */
  public List<Effect> checkpointed(Snapshot snapshot) {
    Invariant.check(snapshot.slot() <= applied, "a %s, ahead of %d", snapshot, applied);
    durable = Math.max(durable, snapshot.slot());
    List<Effect> effects = new ArrayList<>();
    effects.add(
        new Effect.Publish(new ProtocolEvent.SnapshotTaken(snapshot.slot(), snapshot.bytes())));
    tellDurable(effects);
    return effects;
  }

  /** Bytes of the snapshot that is being fetched are durable, all up to this one. */
  public List<Effect> snapshotKept(Snapshot snapshot, long upTo, long now) {
    return transfer != null && transfer.snapshot().equals(snapshot)
        ? transfer.kept(upTo, now)
        : List.of();
  }

  /** The snapshot that was fetched could not be kept or installed, and nothing of it is left. */
  public List<Effect> snapshotFailed(Snapshot snapshot, String reason, long now) {
    List<Effect> effects = new ArrayList<>();
    if (transfer != null && transfer.snapshot().equals(snapshot)) {
      drop(reason, effects);
      source++;
      askedUntil = now + settings.retransmitInterval().toNanos();
    }
    return effects;
  }

  private Message chosen(long from) {
    List<byte[]> values = log.values(from, settings.partBytes());
    Optional<Snapshot> newest =
        values.isEmpty() && from <= applied ? snapshots.newest() : Optional.empty();
    return newest
        .filter(snapshot -> snapshot.slot() >= from)
        .<Message>map(Message.SnapshotOffer::new)
        .orElseGet(() -> new Message.ChosenValues(from, values));
  }

  private Message part(Message.FetchSnapshot fetch) {
    return snapshots
        .read(fetch.snapshot(), fetch.offset(), Math.min(fetch.length(), settings.partBytes()))
        .<Message>map(bytes -> new Message.SnapshotPart(fetch.snapshot(), fetch.offset(), bytes))
        .orElseGet(() -> new Message.SnapshotGone(fetch.snapshot()));
  }

  private void offered(String peer, Snapshot snapshot, long now, List<Effect> effects) {
    if (transfer != null || snapshot.slot() <= applied) {
      return;
    }
    long kept = snapshots.kept(snapshot);
    transfer = new SnapshotTransfer(peer, snapshot, kept, settings);
    askedUntil = 0;
    fruitless = 0;
    effects.add(
        new Effect.Publish(
            new ProtocolEvent.SnapshotFetched(snapshot.slot(), snapshot.bytes(), kept, peer)));
    effects.addAll(transfer.advance(now));
  }

  private boolean isUnderWay(String peer, Snapshot snapshot) {
    return transfer != null && transfer.peer().equals(peer) && transfer.snapshot().equals(snapshot);
  }

  private void drop(String reason, List<Effect> effects) {
    effects.add(
        new Effect.Publish(
            new ProtocolEvent.SnapshotDropped(
                transfer.snapshot().slot(), transfer.peer(), reason)));
    transfer = null;
  }

  // Catching up

  /**
   * What arrived may be the answer that was waited for: if it doesn't help, another source is
   * asked.
   */
  private void advanceWithAnswer(long now, List<Effect> effects) {
    long before = applied;
    applyKnown(effects);
    if (applied > before) {
      fruitless = 0;
      askedUntil = 0;
    } else if (askedUntil != 0 && ++fruitless < sources.size()) {
      source++;
      askedUntil = 0;
    } // else all were asked in vain: the next round waits until this question's time is over
    fetchMissing(now, effects);
  }

  private void fetchMissing(long now, List<Effect> effects) {
    if (chosenUpTo() <= applied) {
      missingSince = 0;
      return;
    }
    if (missingSince == 0) {
      missingSince = now;
    }
    boolean patient = fed && now - missingSince < patience();
    if (transfer != null || askedUntil != 0 || patient || sources.isEmpty()) {
      return;
    }
    fed = false;
    askedUntil = now + settings.retransmitInterval().toNanos();
    long from = applied + 1;
    Source next = sources.get(Math.floorMod(source, sources.size()));
    Message question =
        next.role() == Role.LEARNER
            ? new Message.FetchChosen(from)
            : new Message.FetchAccepted(from);
    effects.add(new Effect.Send(next.node(), next.role(), question));
    effects.add(new Effect.Publish(new ProtocolEvent.CatchingUp(from, next.node())));
  }

  /** How long a value may take from this node's acceptor when the notice overtook it. */
  private long patience() {
    return settings.retransmitInterval().toNanos() / 2;
  }

  private static Effect.Send toLearner(String to, Message message) {
    return new Effect.Send(to, Role.LEARNER, message);
  }
}
