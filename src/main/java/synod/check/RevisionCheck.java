package synod.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What must hold of the store's revisions across keys, in one pass in real-time order: no two
 * writes make the same one, a revision belongs to one key, and whoever begins after a revision was
 * made or seen gets a later one (a write) or a store that has reached it (a linearizable read).
 */
final class RevisionCheck {
  private final Map<Long, History.Entry> witnesses = new HashMap<>();
  private final Map<Long, History.Entry> makers = new HashMap<>();
  private final Map<Long, Reached> reachedAtCall = new HashMap<>();
  private Reached reached = new Reached(0, null);

  /** The highest revision that anybody was told so far, and who. */
  private record Reached(long revision, History.Entry by) {}

  /** Two operations that can't both be right. */
  record Conflict(String what, History.Entry one, History.Entry other) {}

  /** The first conflict, if there is any. */
  static Optional<Conflict> firstConflict(List<History.Event> events) {
    RevisionCheck check = new RevisionCheck();
    return events.stream().map(check::conflict).flatMap(Optional::stream).findFirst();
  }

  private Optional<Conflict> conflict(History.Event event) {
    History.Entry entry = event.entry();
    if (event.invocation()) {
      reachedAtCall.put(entry.id(), reached);
      return Optional.empty();
    }
    Reached bound = reachedAtCall.remove(entry.id());
    Optional<Conflict> found = made(entry, bound).or(() -> read(entry, bound));
    for (long revision : revisionsOfKey(entry)) {
      History.Entry witness = witnesses.putIfAbsent(revision, entry);
      if (found.isEmpty()
          && witness != null
          && !witness.operation().key().equals(entry.operation().key())) {
        found = conflict("two keys changed at revision " + revision, witness, entry);
      }
      reach(revision, entry);
    }
    if (entry.outcome() instanceof Outcome.Read answer) {
      reach(answer.storeRevision(), entry);
    }
    return found;
  }

  private Optional<Conflict> made(History.Entry entry, Reached bound) {
    if (!(entry.outcome() instanceof Outcome.Applied applied)) {
      return Optional.empty();
    }
    History.Entry earlier = makers.putIfAbsent(applied.revision(), entry);
    if (earlier != null) {
      return conflict("two writes made revision " + applied.revision(), earlier, entry);
    }
    if (applied.revision() <= bound.revision()) {
      String what = "a write made revision %d although revision %d was known before it began";
      return conflict(what.formatted(applied.revision(), bound.revision()), bound.by(), entry);
    }
    return Optional.empty();
  }

  private Optional<Conflict> read(History.Entry entry, Reached bound) {
    boolean late =
        entry.operation() instanceof Operation.Get
            && entry.outcome() instanceof Outcome.Read answer
            && answer.storeRevision() != Outcome.UNREPORTED
            && answer.storeRevision() < bound.revision();
    String what = "a read saw a store older than revision %d, which was known before it began";
    return late ? conflict(what.formatted(bound.revision()), bound.by(), entry) : Optional.empty();
  }

  /** The revisions at which, as this operation was told, its key changed. */
  private static List<Long> revisionsOfKey(History.Entry entry) {
    List<Long> revisions = new ArrayList<>();
    if (entry.outcome() instanceof Outcome.Applied applied) {
      revisions.add(applied.revision());
      if (applied.previous() != null) {
        revisions.add(applied.previous().modRevision());
      }
    } else if (entry.outcome() instanceof Outcome.ConditionFailed failed) {
      revisions.add(failed.modRevision());
    } else if (entry.outcome() instanceof Outcome.Read answer) {
      revisions.add(answer.seen().modRevision());
    }
    revisions.removeIf(revision -> revision <= 0);
    return revisions;
  }

  private void reach(long revision, History.Entry by) {
    if (revision > reached.revision()) {
      reached = new Reached(revision, by);
    }
  }

  private static Optional<Conflict> conflict(String what, History.Entry one, History.Entry other) {
    return Optional.of(new Conflict(what, one, other));
  }
}
