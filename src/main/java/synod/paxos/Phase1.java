package synod.paxos;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One campaign's promises ("Paxos Made Simple" §2.2, phase 1), for all slots from the first
 * unchosen one.
 *
 * <p>Only whole promises for this very ballot count, each acceptor's once.
 */
final class Phase1 {
  private final Ballot ballot;

  /**
   * Invariant: never goes back. Every slot below is chosen, and below it {@link #highest} holds
   * nothing: what promises report there may lack the chosen value, or hold another.
   */
  private long from;

  private final Quorums quorums;

  /** What each acceptor has reported so far, while its promise is not whole. */
  private final Map<String, Part> parts = new HashMap<>();

  /**
   * Invariant: configured acceptors that promised this ballot and reported everything that they
   * accepted from {@code from} on.
   */
  private final Set<String> promisedBy = new TreeSet<>();

  /** Slot by slot, the entry with the highest ballot among the whole promises. */
  private final NavigableMap<Long, Entry> highest = new TreeMap<>();

  private static final class Part {
    private long next;
    private long trimmedBelow;
    private final List<Entry> entries = new ArrayList<>();

    Part(long next) {
      this.next = next;
    }
  }

  Phase1(Ballot ballot, long from, Quorums quorums) {
    this.ballot = ballot;
    this.from = from;
    this.quorums = quorums;
    quorums.acceptors().forEach(acceptor -> parts.put(acceptor, new Part(from)));
  }

  Ballot ballot() {
    return ballot;
  }

  /** The first slot to be proposed at: the asked one, or a trim point of the promises above it. */
  long from() {
    return from;
  }

  boolean isComplete() {
    return quorums.isPhase1(promisedBy);
  }

  Set<String> promisedBy() {
    return Set.copyOf(promisedBy);
  }

  /**
   * The values that must be proposed again, by slot; for slots between them that are missing here,
   * no-ops.
   */
  NavigableMap<Long, Entry> highest() {
    return highest;
  }

  /** What to send to everybody whose promise is not whole. */
  List<Effect.Send> prepares() {
    List<Effect.Send> prepares = new ArrayList<>();
    for (String acceptor : quorums.acceptors()) {
      if (parts.containsKey(acceptor)) {
        prepares.add(prepare(acceptor));
      }
    }
    return prepares;
  }

  /** Takes one part; the answer asks for the next, if there is one. */
  List<Effect> promise(String acceptor, Message.Promise promise) {
    Part part = parts.get(acceptor);
    if (part == null || !promise.ballot().equals(ballot) || promise.from() != part.next) {
      return List.of();
    }
    part.entries.addAll(promise.entries());
    // The highest of all parts: between two of them the acceptor may have trimmed, so that slots
    // that it hadn't come to yet look empty.
    part.trimmedBelow = Math.max(part.trimmedBelow, promise.trimmedBelow());
    if (promise.next() != 0) {
      part.next = promise.next();
      return List.of(prepare(acceptor));
    }
    parts.remove(acceptor);
    promisedBy.add(acceptor);
    from = Math.max(from, part.trimmedBelow);
    for (Entry entry : part.entries) {
      Invariant.check(entry.ballot().isBelow(ballot), "a promise for %s reports %s", ballot, entry);
      highest.merge(
          entry.slot(), entry, (old, now) -> now.ballot().isAbove(old.ballot()) ? now : old);
    }
    highest.headMap(from, false).clear();
    return List.of();
  }

  private Effect.Send prepare(String acceptor) {
    return new Effect.Send(
        acceptor, Role.ACCEPTOR, new Message.Prepare(ballot, parts.get(acceptor).next));
  }
}
