package synod.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import synod.check.RevisionCheck.Conflict;

/**
 * What must hold of reads that say how old they may be, or are: a stale read may see any earlier
 * state of the store, but one that existed, and none older than the {@code min-revision} that its
 * client asked for; and a read that reports the revision of the store it saw has seen the key as it
 * was at that revision. Stale reads take no part in the order of the others.
 */
final class PrefixCheck {
  private final Map<Bytes, KeyHistory> keys = new HashMap<>();

  /** What is known of a key from all operations together. */
  private static final class KeyHistory {
    final TreeMap<Long, Version> versions = new TreeMap<>();
    final List<History.Entry> open = new ArrayList<>();
    final Map<Long, History.Entry> made = new HashMap<>();
  }

  /**
   * @param value null if the key was deleted
   * @param by who was told so
   */
  private record Version(Bytes value, History.Entry by) {}

  private PrefixCheck() {}

  /** The first conflict, if there is any. */
  static Optional<Conflict> firstConflict(List<History.Entry> entries) {
    PrefixCheck check = new PrefixCheck();
    return entries.stream()
        .map(check::learn)
        .flatMap(Optional::stream)
        .findFirst()
        .or(() -> entries.stream().map(check::judge).flatMap(Optional::stream).findFirst());
  }

  private Optional<Conflict> learn(History.Entry entry) {
    KeyHistory key = keys.computeIfAbsent(entry.operation().key(), any -> new KeyHistory());
    if (entry.open()) {
      key.open.add(entry);
    } else if (entry.outcome() instanceof Outcome.Applied applied) {
      key.made.put(applied.revision(), entry);
      Bytes value = entry.operation() instanceof Operation.Put put ? put.value() : null;
      Optional<Conflict> conflict = learn(key, applied.revision(), value, entry);
      return conflict.isPresent() || applied.previous() == null
          ? conflict
          : learn(key, applied.previous(), entry);
    } else if (entry.outcome() instanceof Outcome.Read read) {
      return learn(key, read.seen(), entry);
    }
    return Optional.empty();
  }

  private static Optional<Conflict> learn(KeyHistory key, Seen seen, History.Entry by) {
    return seen.modRevision() > 0
        ? learn(key, seen.modRevision(), seen.value(), by)
        : Optional.empty();
  }

  private static Optional<Conflict> learn(
      KeyHistory key, long revision, Bytes value, History.Entry by) {
    Version known = key.versions.putIfAbsent(revision, new Version(value, by));
    boolean same =
        known == null || (value == null ? known.value() == null : value.equals(known.value()));
    return same
        ? Optional.empty()
        : Optional.of(new Conflict("two things at revision " + revision, known.by(), by));
  }

  private Optional<Conflict> judge(History.Entry entry) {
    if (!(entry.outcome() instanceof Outcome.Read read)) {
      return Optional.empty();
    }
    KeyHistory key = keys.get(entry.operation().key());
    long asked = entry.operation() instanceof Operation.StaleGet stale ? stale.minRevision() : 0;
    long reported = read.storeRevision();
    if (reported != Outcome.UNREPORTED
        && (reported < asked || reported < read.seen().modRevision())) {
      return conflict(
          "a read saw a store at revision " + reported + " that can't be", entry, entry);
    }
    if (entry.operation() instanceof Operation.StaleGet && !exists(key, read.seen(), entry)) {
      return conflict("a stale read saw what nobody had written", entry, entry);
    }
    return missed(key, read, Math.max(asked, reported), entry);
  }

  private static boolean exists(KeyHistory key, Seen seen, History.Entry reader) {
    if (seen.absent()) {
      return true;
    }
    History.Entry maker = key.made.get(seen.modRevision());
    if (maker != null) {
      // That it wrote this value was seen when the versions were put together.
      return begunBefore(maker, reader);
    }
    boolean unsaid = seen.modRevision() == Outcome.UNREPORTED;
    return key.open.stream().anyMatch(open -> mayHaveWritten(open, seen.value(), reader))
        || unsaid
            && key.made.values().stream()
                .anyMatch(made -> mayHaveWritten(made, seen.value(), reader));
  }

  private static boolean mayHaveWritten(History.Entry write, Bytes value, History.Entry reader) {
    return write.operation() instanceof Operation.Put put
        && put.value().equals(value)
        && begunBefore(write, reader);
  }

  /** Whether the read should have seen a version that is newer than what it saw. */
  private static Optional<Conflict> missed(
      KeyHistory key, Outcome.Read read, long asOf, History.Entry reader) {
    Map.Entry<Long, Version> latest = key.versions.floorEntry(asOf);
    long seen = read.seen().modRevision();
    if (latest == null || seen == Outcome.UNREPORTED) {
      return Optional.empty();
    }
    boolean missed =
        read.seen().absent()
            ? latest.getValue().value() != null && !mayBeDeleted(key, read, asOf, reader)
            : latest.getKey() > seen;
    String what = "a read as of revision %d missed what happened at revision %d";
    return missed
        ? conflict(what.formatted(asOf, latest.getKey()), latest.getValue().by(), reader)
        : Optional.empty();
  }

  /** Whether a deletion whose revision isn't known, or a later one, may account for an absence. */
  private static boolean mayBeDeleted(
      KeyHistory key, Outcome.Read read, long asOf, History.Entry reader) {
    return key.open.stream()
            .anyMatch(
                open -> open.operation() instanceof Operation.Delete && begunBefore(open, reader))
        || read.storeRevision() == Outcome.UNREPORTED
            && key.versions.tailMap(asOf, false).values().stream()
                .anyMatch(later -> later.value() == null && begunBefore(later.by(), reader));
  }

  private static boolean begunBefore(History.Entry write, History.Entry reader) {
    return write.invokedAt() < reader.completedAt()
        || write.invokedAt() == reader.completedAt()
            && write.invokeOrder() < reader.completeOrder();
  }

  private static Optional<Conflict> conflict(String what, History.Entry one, History.Entry other) {
    return Optional.of(new Conflict(what, one, other));
  }
}
