package synod.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Judges a history of a key-value store with revisions: each key's operations must be linearizable,
 * an operation of unknown outcome taking effect at any time after its call or never; revisions must
 * be unique and rise with time across keys ({@link RevisionCheck}); stale reads must have seen an
 * earlier state that existed ({@link PrefixCheck}). A history is linearizable exactly if each key's
 * part is; the other two only add what revisions tell, and don't ask whether the revisions that
 * writes of unknown outcome must have made on several keys go together. Any thread may call.
 */
public final class LinearizabilityChecker {
  private LinearizabilityChecker() {}

  /** Judges with the default budget. */
  public static Verdict check(History history) {
    return check(history, Budget.DEFAULT);
  }

  /** Judges, going no further than the budget for each key. */
  public static Verdict check(History history, Budget budget) {
    List<History.Entry> entries = history.entries();
    List<History.Event> events = history.events();
    long origin = events.isEmpty() ? 0 : events.get(0).entry().invokedAt();
    PartChecker<KeyState, KeyModel.Op> parts =
        new PartChecker<>(subject(entries, events, origin), budget);
    parts.run();
    List<String> conflicts = new ArrayList<>();
    RevisionCheck.firstConflict(events).ifPresent(c -> conflicts.add(describe(c, origin)));
    PrefixCheck.firstConflict(entries).ifPresent(c -> conflicts.add(describe(c, origin)));
    return parts.verdict(conflicts, history.notes());
  }

  private static Subject<KeyState, KeyModel.Op> subject(
      List<History.Entry> entries, List<History.Event> events, long origin) {
    Map<Long, Integer> calls = new HashMap<>();
    Map<Long, Integer> ends = new HashMap<>();
    for (int place = 0; place < events.size(); place++) {
      History.Event event = events.get(place);
      (event.invocation() ? calls : ends).put(event.entry().id(), place);
    }
    Map<Bytes, List<Interval<KeyModel.Op>>> keys = new LinkedHashMap<>();
    for (History.Entry entry : entries) {
      if (constrains(entry)) {
        int end = entry.open() ? Interval.OPEN : ends.get(entry.id());
        keys.computeIfAbsent(entry.operation().key(), key -> new ArrayList<>())
            .add(
                new Interval<>(
                    KeyModel.Op.of(entry), calls.get(entry.id()), end, (int) entry.id()));
      }
    }
    List<Subject.Part<KeyModel.Op>> parts = new ArrayList<>();
    keys.forEach((key, operations) -> parts.add(new Subject.Part<>("key " + key, operations)));
    return new Subject<>(new KeyModel(), parts, id -> Table.line(entries.get(id), origin), "s");
  }

  private static boolean constrains(History.Entry entry) {
    boolean lostRead = entry.open() && entry.operation() instanceof Operation.Get;
    return !(entry.outcome() instanceof Outcome.Refused)
        && !(entry.operation() instanceof Operation.StaleGet)
        && !lostRead;
  }

  private static String describe(RevisionCheck.Conflict conflict, long origin) {
    List<History.Entry> entries =
        conflict.one().id() == conflict.other().id()
            ? List.of(conflict.one())
            : List.of(conflict.one(), conflict.other());
    List<Subject.Line> lines =
        entries.stream()
            .sorted(Comparator.comparingLong(History.Entry::invokedAt))
            .map(entry -> withKey(Table.line(entry, origin), entry))
            .toList();
    return conflict.what() + "\n" + Table.of(lines, "s");
  }

  private static Subject.Line withKey(Subject.Line line, History.Entry entry) {
    return new Subject.Line(
        line.from(),
        line.to(),
        line.process(),
        line.node(),
        "key " + entry.operation().key() + ": " + line.text());
  }
}
