package synod.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import synod.check.Operation.Condition;

/**
 * A correct store with one copy of everything and clients that talk to it in virtual time: every
 * operation takes effect at one moment between its call and its end, or, if its client gave up, at
 * any later one or never. All choices come from the given random numbers.
 */
final class SimulatedStore {
  /**
   * What to simulate.
   *
   * @param lost the share of operations whose client isn't told the outcome
   * @param conditional the share of writes with a condition
   * @param stale the share of reads that may be stale
   */
  record Load(
      int operations, int keys, int processes, double lost, double conditional, double stale) {}

  private static final int LONGEST_DELAY = 1_000;

  private final Random random;
  private final Load load;
  private final History history = new History();
  private final PriorityQueue<Event> queue =
      new PriorityQueue<>(Comparator.comparingLong(Event::time).thenComparingLong(Event::order));
  private final Map<Bytes, Version> content = new HashMap<>();
  private final List<Map<Bytes, Version>> past = new ArrayList<>();
  private final Map<String, Long> known = new HashMap<>();
  private long revision;
  private long events;
  private int issued;

  private record Event(long time, long order, Runnable action) {}

  private record Version(Bytes value, long revision) {}

  private SimulatedStore(Random random, Load load) {
    this.random = random;
    this.load = load;
    past.add(Map.of());
  }

  static History run(Random random, Load load) {
    SimulatedStore store = new SimulatedStore(random, load);
    for (int i = 0; i < load.processes(); i++) {
      String process = "c" + i;
      store.after(0, store.random.nextInt(LONGEST_DELAY), now -> store.issue(process, now));
    }
    while (!store.queue.isEmpty()) {
      store.queue.poll().action().run();
    }
    return store.history;
  }

  private interface Action {
    void run(long now);
  }

  private void after(long now, long delay, Action action) {
    long time = now + delay;
    queue.add(new Event(time, events++, () -> action.run(time)));
  }

  private void issue(String process, long now) {
    if (issued == load.operations()) {
      return;
    }
    issued++;
    Operation operation = operation(process);
    String node = "n" + (1 + random.nextInt(5));
    long id = history.invoke(process, node, operation, now);
    long delay = random.nextInt(LONGEST_DELAY);
    if (random.nextDouble() < load.lost()) {
      if (random.nextBoolean()) {
        after(now, delay * random.nextInt(100), later -> apply(operation, process));
      }
      after(
          now,
          LONGEST_DELAY,
          later -> {
            history.complete(id, new Outcome.Unknown("timed out"), later);
            issue(process, later);
          });
    } else {
      after(now, delay, later -> answer(process, id, apply(operation, process), later));
    }
  }

  private void answer(String process, long id, Outcome outcome, long now) {
    after(
        now,
        random.nextInt(LONGEST_DELAY),
        later -> {
          history.complete(id, outcome, later);
          if (outcome instanceof Outcome.Read read) {
            known.merge(process, read.storeRevision(), Math::max);
          }
          after(later, random.nextInt(LONGEST_DELAY), next -> issue(process, next));
        });
  }

  private Operation operation(String process) {
    Bytes key = Bytes.utf8("k" + random.nextInt(load.keys()));
    int kind = random.nextInt(10);
    if (kind < 4) {
      if (random.nextDouble() < load.stale()) {
        boolean any = random.nextBoolean();
        return new Operation.StaleGet(key, any ? 0 : known.getOrDefault(process, 0L));
      }
      return new Operation.Get(key);
    }
    return kind < 8
        ? new Operation.Put(key, Bytes.utf8("v" + issued), condition(key))
        : new Operation.Delete(key, condition(key));
  }

  private Condition condition(Bytes key) {
    if (random.nextDouble() >= load.conditional()) {
      return Condition.NONE;
    }
    Version version = content.get(key);
    return switch (random.nextInt(4)) {
      case 0 -> Condition.ABSENT;
      case 1 -> Condition.PRESENT;
      case 2 -> Condition.modRevision(1 + random.nextInt((int) revision + 1));
      default -> version == null ? Condition.ABSENT : Condition.modRevision(version.revision());
    };
  }

  private Outcome apply(Operation operation, String process) {
    if (operation instanceof Operation.StaleGet stale) {
      long oldest = Math.max(stale.minRevision(), Math.max(0, revision - 20));
      long seen = oldest + random.nextInt((int) (revision - oldest) + 1);
      return new Outcome.Read(seen(past.get((int) seen).get(operation.key())), seen);
    }
    Version version = content.get(operation.key());
    if (operation instanceof Operation.Get) {
      return new Outcome.Read(seen(version), revision);
    }
    if (!holds(operation.condition(), version)) {
      boolean told = random.nextBoolean();
      long at = version == null ? 0 : version.revision();
      return new Outcome.ConditionFailed(told ? at : Outcome.UNREPORTED);
    }
    if (operation instanceof Operation.Delete && version == null) {
      return new Outcome.NotFound();
    }
    revision++;
    if (operation instanceof Operation.Put put) {
      content.put(put.key(), new Version(put.value(), revision));
    } else {
      content.remove(operation.key());
    }
    past.add(load.stale() > 0 ? Map.copyOf(content) : Map.of());
    return new Outcome.Applied(revision, random.nextInt(4) == 0 ? seen(version) : null);
  }

  private static Seen seen(Version version) {
    return version == null ? Seen.ABSENT : new Seen(version.value(), version.revision());
  }

  private static boolean holds(Condition condition, Version version) {
    if (condition instanceof Condition.ModRevision expected) {
      return version != null && version.revision() == expected.revision();
    }
    if (condition instanceof Condition.Absent) {
      return version == null;
    }
    return condition instanceof Condition.None || version != null;
  }
}
