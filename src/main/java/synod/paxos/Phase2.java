package synod.paxos;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * A leader's slots ("Paxos Made Simple" §2.2, phase 2, and §3): proposes again what the promises
 * reported, fills gaps with no-ops, then proposes batches of submissions; a bounded number of slots
 * is in flight.
 *
 * <p>Each slot gets one value at this ballot, for good.
 */
final class Phase2 {
  /** Submissions beyond this many bytes are dropped; their gateways send them again. */
  static final long MAX_QUEUED_BYTES = 64L << 20;

  /**
   * What the promises reported is proposed again this many slots at once, or fewer if they have
   * more bytes than this: nothing can be batched in them, and until they are chosen nobody is
   * served.
   */
  static final int RECOVERY_WINDOW = 32;

  static final long RECOVERY_BYTES = 1L << 20;

  private final Ballot ballot;
  private final long from;
  private final Quorums quorums;
  private final PaxosSettings settings;
  private final Function<List<byte[]>, byte[]> assemble;
  private final NavigableMap<Long, Entry> recovered;
  private final long recoverUpTo;

  private final Deque<Submission> queue = new ArrayDeque<>();
  private long queuedBytes;

  /** Submissions that are queued or in flight, so that a repeat doesn't take a second slot. */
  private final Set<Key> present = new HashSet<>();

  /** Invariant: every slot in [from, nextSlot) that is not in here is chosen at this ballot. */
  private final TreeMap<Long, InFlight> inFlight = new TreeMap<>();

  /** Of the values in flight. */
  private long bytesInFlight;

  /** Invariant: no value was proposed at this ballot at this slot or above. */
  private long nextSlot;

  private record Key(String gateway, long incarnation, long id) {}

  private record Submission(Key key, byte[] commands) {}

  private static final class InFlight {
    private final byte[] value;
    private final List<Key> keys;
    private final long startedAt;
    private final Set<String> votes = new TreeSet<>();
    private long interval;
    private long repeatAt;

    InFlight(byte[] value, List<Key> keys, long now, long interval) {
      this.value = value;
      this.keys = keys;
      this.startedAt = now;
      this.interval = interval;
      this.repeatAt = now + interval;
    }
  }

  /** A slot that became chosen with the latest vote. */
  record ChosenSlot(long slot, byte[] value, Set<String> votes, long startedAt) {}

  Phase2(
      Phase1 phase1,
      Quorums quorums,
      PaxosSettings settings,
      Function<List<byte[]>, byte[]> assemble) {
    this.ballot = phase1.ballot();
    this.from = phase1.from();
    this.quorums = quorums;
    this.settings = settings;
    this.assemble = assemble;
    this.recovered = phase1.highest();
    this.recoverUpTo = recovered.isEmpty() ? from - 1 : recovered.lastKey();
    this.nextSlot = from;
  }

  long from() {
    return from;
  }

  long recoverUpTo() {
    return recoverUpTo;
  }

  boolean isInFlight(long slot) {
    return inFlight.containsKey(slot);
  }

  /** Every slot up to this one is chosen. */
  long chosenUpTo() {
    return (inFlight.isEmpty() ? nextSlot : inFlight.firstKey()) - 1;
  }

  /** Whether every slot that the promises reported is chosen: before that, nothing may be read. */
  boolean isRecovered() {
    return chosenUpTo() >= recoverUpTo;
  }

  void submit(String gateway, Message.Submit submit) {
    Key key = new Key(gateway, submit.incarnation(), submit.id());
    if (queuedBytes + submit.commands().length <= MAX_QUEUED_BYTES && present.add(key)) {
      queue.add(new Submission(key, submit.commands()));
      queuedBytes += submit.commands().length;
    }
  }

  int submissionsQueued() {
    return queue.size();
  }

  int slotsInFlight() {
    return inFlight.size();
  }

  boolean canPropose() {
    return hasRoom() && (nextSlot <= recoverUpTo || !queue.isEmpty());
  }

  private boolean hasRoom() {
    boolean recovers =
        nextSlot <= recoverUpTo
            && inFlight.size() < RECOVERY_WINDOW
            && bytesInFlight < RECOVERY_BYTES;
    return recovers || inFlight.size() < settings.pipelineDepth();
  }

  /**
   * Fills the window: first what the promises reported, then whatever is queued, as one batch a
   * slot.
   */
  List<Effect.Send> propose(long now) {
    List<Effect.Send> effects = new ArrayList<>();
    while (hasRoom()) {
      if (nextSlot <= recoverUpTo) {
        Entry entry = recovered.remove(nextSlot);
        propose(entry == null ? Entry.NO_OP : entry.value(), List.of(), now, effects);
      } else if (!queue.isEmpty()) {
        proposeBatch(now, effects);
      } else {
        break;
      }
    }
    return effects;
  }

  private void proposeBatch(long now, List<Effect.Send> effects) {
    List<byte[]> batch = new ArrayList<>();
    List<Key> keys = new ArrayList<>();
    long bytes = 0;
    while (!queue.isEmpty()
        && (batch.isEmpty()
            || bytes + queue.peek().commands().length <= settings.maxBatchBytes())) {
      Submission submission = queue.remove();
      bytes += submission.commands().length;
      batch.add(submission.commands());
      keys.add(submission.key());
    }
    queuedBytes -= bytes;
    propose(assemble.apply(batch), keys, now, effects);
  }

  private void propose(byte[] value, List<Key> keys, long now, List<Effect.Send> effects) {
    long slot = nextSlot++;
    bytesInFlight += value.length;
    inFlight.put(slot, new InFlight(value, keys, now, settings.retransmitInterval().toNanos()));
    for (String acceptor : quorums.acceptors()) {
      effects.add(accept(acceptor, slot, value));
    }
  }

  /**
   * @return the slot, if this vote made it chosen; null otherwise
   */
  ChosenSlot vote(String acceptor, long slot) {
    InFlight proposal = inFlight.get(slot);
    if (proposal == null) {
      return null;
    }
    proposal.votes.add(acceptor);
    if (!quorums.isPhase2(proposal.votes)) {
      return null;
    }
    inFlight.remove(slot);
    bytesInFlight -= proposal.value.length;
    proposal.keys.forEach(present::remove);
    return new ChosenSlot(slot, proposal.value, Set.copyOf(proposal.votes), proposal.startedAt);
  }

  /** Sends accepts that have gone unanswered for too long once more, to those who haven't voted. */
  List<Effect> repeat(long now) {
    List<Effect> effects = new ArrayList<>();
    long longest = settings.retransmitInterval().toNanos() * PaxosSettings.MAX_BACKOFF;
    inFlight.forEach(
        (slot, proposal) -> {
          if (now >= proposal.repeatAt) {
            proposal.interval = Math.min(2 * proposal.interval, longest);
            proposal.repeatAt = now + proposal.interval;
            for (String acceptor : quorums.acceptors()) {
              if (!proposal.votes.contains(acceptor)) {
                effects.add(accept(acceptor, slot, proposal.value));
              }
            }
          }
        });
    return effects;
  }

  /** When {@link #repeat} is due; {@link Long#MAX_VALUE} if nothing is in flight. */
  long repeatAt() {
    return inFlight.values().stream()
        .mapToLong(proposal -> proposal.repeatAt)
        .min()
        .orElse(Long.MAX_VALUE);
  }

  private Effect.Send accept(String acceptor, long slot, byte[] value) {
    return new Effect.Send(acceptor, Role.ACCEPTOR, new Message.Accept(ballot, slot, value));
  }
}
