package synod.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static synod.kv.Replica.opening;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;
import synod.kv.Script.Part;

/** What must hold for every log, against a plain model of it. */
@PropertyDefaults(tries = 400, edgeCases = EdgeCasesMode.NONE)
class KvStateMachinePropertiesTest {
  private static final long DAY = KvLimits.MAX_TTL_MILLIS;

  @Property
  @StatisticsReport(StatisticsReport.StatisticsReportMode.OFF)
  void theStateMachineDoesWhatTheModelSays(@ForAll("logs") List<Part> parts) {
    Script script = new Script(parts);
    Replica replica = new Replica();
    for (int i = 0; i < script.entries.size(); i++) {
      assertThat(replica.machine.apply(i + 1, List.of(script.entries.get(i))))
          .isEqualTo(script.expected.get(i));
    }
    assertThatStateIs(script, replica);
    collect(script.expected);
  }

  /** And that the logs are worth it: every kind of result is met often enough. */
  private static void collect(List<List<AppliedCommand>> results) {
    flat(results).forEach(applied -> Statistics.collect(applied.result().getClass()));
    Statistics.coverage(
        coverage -> {
          for (Class<?> kind : Result.class.getPermittedSubclasses()) {
            if (kind != Result.TooManySessions.class) {
              coverage.check(kind).percentage(percentage -> percentage > 0.5);
            }
          }
        });
  }

  @Property
  void groupingIsInvisible(@ForAll("logs") List<Part> parts, @ForAll Random random) {
    Script script = new Script(parts);
    Replica oneByOne = new Replica();
    Replica grouped = new Replica();
    for (int from = 0; from < script.entries.size(); ) {
      int to = from + 1 + random.nextInt(script.entries.size() - from);
      for (int i = from; i < to; i++) {
        oneByOne.machine.apply(i + 1, List.of(script.entries.get(i)));
      }
      assertThat(grouped.machine.apply(from + 1, script.entries.subList(from, to)))
          .isEqualTo(flat(script.expected.subList(from, to)));
      assertThat(grouped.machine.digest()).isEqualTo(oneByOne.machine.digest());
      assertThat(grouped.machine.report()).isEqualTo(oneByOne.machine.report());
      from = to;
    }
    assertThatStateIs(script, grouped);
  }

  @Property
  void restartsAndCrashesAreInvisible(@ForAll("logs") List<Part> parts, @ForAll Random random) {
    Script script = new Script(parts);
    Replica steady = new Replica();
    steady.machine.apply(1, script.entries);
    Replica crashing = new Replica();
    int last = script.entries.size();
    while (crashing.machine.applied() < last) {
      int from = (int) crashing.machine.applied();
      int to = from + 1 + random.nextInt(Math.min(4, last - from));
      assertThat(crashing.machine.apply(from + 1, script.entries.subList(from, to)))
          .isEqualTo(flat(script.expected.subList(from, to)));
      if (random.nextInt(3) == 0) {
        crashing.store.flush();
      }
      if (random.nextInt(3) == 0) {
        crashing.store.crash(random);
        crashing.restart();
      }
    }
    assertThat(crashing.machine.digest()).isEqualTo(steady.machine.digest());
    assertThat(crashing.machine.report()).isEqualTo(steady.machine.report());
    assertThat(crashing.isSound(random.nextInt(200))).isTrue();
    assertThatStateIs(script, crashing);
    crashing.restart();
    assertThatStateIs(script, crashing);
  }

  /**
   * Three sessions send commands once; then the same log comes with copies of any of them at any
   * later place.
   */
  @Property
  void retriesAreAnsweredTheSameAndChangeNothing(
      @ForAll("commandLists") @Size(max = 20) List<List<Command>> commands, @ForAll Random random) {
    Replica once = new Replica();
    Replica repeating = new Replica();
    SessionCommand[] openings = {opening(DAY), opening(DAY), opening(DAY)};
    once.apply(openings);
    repeating.apply(openings);
    Map<SessionId, Long> acknowledged = new HashMap<>();
    long[] sequences = new long[openings.length];
    List<SessionCommand> sent = new ArrayList<>();
    List<Result> results = new ArrayList<>();
    for (List<Command> together : commands) {
      List<SessionCommand> fresh = new ArrayList<>();
      for (Command command : together) {
        int session = random.nextInt(openings.length);
        SessionId id = new SessionId(1, session);
        long sequence = ++sequences[session];
        long known = Math.max(0, sequence - 1 - random.nextInt(20));
        acknowledged.merge(id, known, Math::max);
        fresh.add(Replica.sent(id, sequence, known, command));
      }
      sent.addAll(fresh);
      results.addAll(once.apply(fresh.toArray(SessionCommand[]::new)));

      List<SessionCommand> withCopies = new ArrayList<>(fresh);
      List<Result> expected =
          new ArrayList<>(results.subList(results.size() - fresh.size(), results.size()));
      for (int copies = random.nextInt(10); copies > 0 && !sent.isEmpty(); copies--) {
        int which = random.nextInt(sent.size());
        SessionCommand copy = sent.get(which);
        boolean forgotten = copy.sequence() <= acknowledged.get(copy.session());
        withCopies.add(copy);
        expected.add(forgotten ? new Result.AlreadyAcknowledged() : results.get(which));
      }
      assertThat(repeating.apply(withCopies.toArray(SessionCommand[]::new))).isEqualTo(expected);
      assertThat(repeating.machine.digest()).isEqualTo(once.machine.digest());
      if (random.nextInt(4) == 0) {
        repeating.restart();
      }
    }
  }

  @Property
  void theLogComesBackWhateverThePartsAre(@ForAll("logs") List<Part> parts, @ForAll Random random) {
    Script script = new Script(parts);
    Replica replica = new Replica();
    replica.machine.apply(1, script.entries);
    List<byte[]> log = new ArrayList<>();
    while (log.size() < script.entries.size()) {
      List<byte[]> part = replica.machine.log(log.size() + 1, random.nextInt(500));
      assertThat(part).isNotEmpty();
      log.addAll(part);
    }
    assertThat(log).usingElementComparator(Arrays::compare).isEqualTo(script.entries);
  }

  /** The walk goes on between the entries, so that changes fall before, behind and on it. */
  @Property
  void theSumIsThatOfTheRecordsWhereverTheWalkStands(
      @ForAll("logs") List<Part> parts, @ForAll Random random) {
    Script script = new Script(parts);
    Replica replica = new Replica();
    for (int i = 0; i < script.entries.size(); i++) {
      replica.machine.apply(i + 1, List.of(script.entries.get(i)));
      assertThat(replica.machine.scrub(random.nextInt(300)).orElse(true)).isTrue();
    }
    assertThat(replica.isSound(100)).isTrue();
    assertThat(replica.isSound(Long.MAX_VALUE)).isTrue();
  }

  @Property
  void aRecordChangedByAnythingButTheLogIsFound(
      @ForAll("logs") List<Part> parts, @ForAll Random random) {
    Script script = new Script(parts);
    Replica replica = new Replica();
    replica.machine.apply(1, script.entries);
    List<OrderedStore.Change> records = new ArrayList<>();
    for (byte space : new byte[] {StoreKeys.HISTORY, StoreKeys.KEYS, StoreKeys.SESSIONS}) {
      try (OrderedStore.Cursor cursor =
          replica.store.scan(StoreKeys.start(space), StoreKeys.end(space))) {
        while (cursor.next()) {
          records.add(new OrderedStore.Change(cursor.key(), cursor.value()));
        }
      }
    }
    // A log may leave nothing behind that could be damaged.
    Assume.that(!records.isEmpty());
    OrderedStore.Change record = records.get(random.nextInt(records.size()));
    byte[] damaged = record.value().clone();
    damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
    boolean isLost = random.nextInt(4) == 0;
    replica.store.commit(List.of(new OrderedStore.Change(record.key(), isLost ? null : damaged)));
    assertThat(replica.isSound(200)).isFalse();
  }

  private static void assertThatStateIs(Script script, Replica replica) {
    Model model = script.model;
    assertThat(replica.machine.applied()).isEqualTo(model.slot);
    assertThat(replica.machine.revision()).isEqualTo(model.revision);
    assertThat(replica.machine.version()).isEqualTo(model.version);
    assertThat(replica.keys()).isEqualTo(model.allKeys());
    assertThat(replica.machine.compacted()).isEqualTo(model.compacted);
    for (int limit : new int[] {1, 3, 1_000}) {
      assertThat(replica.changes("", model.compacted + 1, limit)).isEqualTo(model.changes);
    }
    for (long from = 1; from <= model.revision + 2; from += 3) {
      long first = from;
      boolean isCompacted = from <= model.compacted;
      assertThat(replica.page("b", from, 1_000).changes())
          .isEqualTo(
              model.changes.stream()
                  .filter(change -> !isCompacted && change.revision() >= first)
                  .filter(change -> change.key()[0] == 'b')
                  .toList());
      assertThat(replica.page("b", from, 1).compacted()).isEqualTo(model.compacted);
    }
    script.used.forEach(
        (id, sequences) -> {
          Set<Long> around = new TreeSet<>(sequences);
          sequences.forEach(sequence -> around.add(sequence + Sessions.WINDOW));
          for (long sequence : around) {
            assertThat(replica.machine.lookup(id, sequence)).isEqualTo(known(model, id, sequence));
          }
        });
  }

  private static Optional<Result> known(Model model, SessionId id, long sequence) {
    if (id.slot() > model.slot) {
      return Optional.empty();
    }
    Model.OpenSession session = model.sessions.get(id);
    if (session == null) {
      return Optional.of(new Result.SessionExpired());
    }
    if (sequence <= session.acknowledged) {
      return Optional.of(new Result.AlreadyAcknowledged());
    }
    return Optional.ofNullable(session.results.get(sequence));
  }

  private static List<AppliedCommand> flat(List<List<AppliedCommand>> results) {
    return results.stream().flatMap(List::stream).toList();
  }

  @Provide
  Arbitrary<List<Part>> logs() {
    return Script.parts();
  }

  @Provide
  Arbitrary<List<List<Command>>> commandLists() {
    return Script.commands()
        .filter(command -> command instanceof Command.Put || command instanceof Command.Delete)
        .list()
        .ofMaxSize(8)
        .list()
        .ofMaxSize(20);
  }
}
