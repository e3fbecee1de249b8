package synod.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;
import synod.check.Operation.Condition;

/** The checker says what trying everything says, on small histories that are right or wrong. */
class AgreementWithBruteForceTest {
  private static final Bytes KEY = Bytes.utf8("k");

  @StatisticsReport(onFailureOnly = true)
  @Property(tries = 20_000)
  void onHistoriesOfAStoreInWhichOneAnswerWasExchanged(
      @ForAll Random random, @ForAll @IntRange(min = 2, max = 6) int operations) {
    History history =
        SimulatedStore.run(
            random, new SimulatedStore.Load(operations, 1, 1 + random.nextInt(4), 0.3, 0.4, 0));
    assertAgreement(withoutStoreRevisions(history, random));
  }

  @StatisticsReport(onFailureOnly = true)
  @Property(tries = 20_000)
  void onArbitraryHistories(
      @ForAll Random random, @ForAll @IntRange(min = 1, max = 5) int operations) {
    assertAgreement(arbitrary(random, operations));
  }

  @StatisticsReport(onFailureOnly = true)
  @Property(tries = 20_000)
  void onArbitraryHistoriesOfARegister(
      @ForAll Random random, @ForAll @IntRange(min = 1, max = 6) int operations) {
    RegisterModel model = new RegisterModel();
    List<Interval<RegisterModel.Op>> intervals = new ArrayList<>();
    for (int i = 0; i < operations; i++) {
      intervals.add(interval(model, registerOperation(random), random, i));
    }
    assertAgreement(model, intervals);
  }

  @StatisticsReport(onFailureOnly = true)
  @Property(tries = 10_000)
  void onArbitraryHistoriesOfATextThatIsAppendedTo(
      @ForAll Random random, @ForAll @IntRange(min = 1, max = 6) int operations) {
    AppendModel model = new AppendModel();
    List<Interval<AppendModel.Op>> intervals = new ArrayList<>();
    for (int i = 0; i < operations; i++) {
      intervals.add(interval(model, appendOperation(random), random, i));
    }
    assertAgreement(model, intervals);
  }

  /** Both kinds of history must come often enough for the agreement to say something. */
  private static void collect(boolean linearizable) {
    Statistics.label("linearizable")
        .collect(linearizable)
        .coverage(
            checker -> {
              checker.check(true).percentage(share -> share > 10);
              checker.check(false).percentage(share -> share > 10);
            });
  }

  private static void assertAgreement(History history) {
    boolean expected = BruteForce.linearizable(history.entries());
    collect(expected);
    Verdict verdict = LinearizabilityChecker.check(history);
    assertThat(verdict.status())
        .as(() -> history.entries() + "\n" + verdict)
        .isEqualTo(expected ? Verdict.Status.OK : Verdict.Status.VIOLATION);
  }

  private static <S, O> void assertAgreement(Model<S, O> model, List<Interval<O>> intervals) {
    boolean expected = BruteForce.linearizable(model, intervals);
    collect(expected);
    assertThat(new Search<>(model, intervals, Budget.DEFAULT).run())
        .as(intervals::toString)
        .isEqualTo(expected ? Search.Answer.LINEARIZABLE : Search.Answer.VIOLATION);
  }

  /**
   * The history as a client sees it that isn't told store revisions; in most of them one answer is
   * another one than the store gave.
   */
  private static History withoutStoreRevisions(History right, Random random) {
    List<History.Entry> entries = right.entries();
    List<Outcome> outcomes = new ArrayList<>();
    for (History.Entry entry : entries) {
      Outcome outcome = entry.outcome();
      outcomes.add(outcome instanceof Outcome.Read read ? new Outcome.Read(read.seen()) : outcome);
    }
    for (int attempt = 0; attempt < 3; attempt++) {
      int changed = random.nextInt(entries.size());
      Outcome other = altered(outcomes.get(changed), entries, random);
      if (!other.equals(outcomes.get(changed))) {
        outcomes.set(changed, other);
        break;
      }
    }
    return rebuilt(right, outcomes);
  }

  private static Outcome altered(Outcome outcome, List<History.Entry> entries, Random random) {
    if (outcome instanceof Outcome.Applied applied) {
      long revision = Math.max(1, applied.revision() + random.nextInt(3) - 1);
      return new Outcome.Applied(revision, applied.previous());
    }
    if (!(outcome instanceof Outcome.Read)) {
      return outcome;
    }
    History.Entry other = entries.get(random.nextInt(entries.size()));
    return other.operation() instanceof Operation.Put put
            && other.outcome() instanceof Outcome.Applied applied
        ? new Outcome.Read(new Seen(put.value(), applied.revision()))
        : new Outcome.Read(Seen.ABSENT);
  }

  private static History rebuilt(History original, List<Outcome> outcomes) {
    History history = new History();
    for (History.Event event : original.events()) {
      History.Entry entry = event.entry();
      if (event.invocation()) {
        // Numbers are given in the order of calls, which virtual time never changes.
        assertThat(
                history.invoke(entry.process(), entry.node(), entry.operation(), entry.invokedAt()))
            .isEqualTo(entry.id());
      } else {
        history.complete(entry.id(), outcomes.get((int) entry.id()), entry.completedAt());
      }
    }
    return history;
  }

  private static History arbitrary(Random random, int operations) {
    History history = new History();
    List<Long> running = new ArrayList<>();
    int left = operations;
    long time = 0;
    while (left > 0 || !running.isEmpty()) {
      time += random.nextInt(2);
      if (left > 0 && (running.isEmpty() || random.nextBoolean())) {
        left--;
        running.add(history.invoke("c" + left, "n1", keyOperation(random), time));
      } else {
        long id = running.remove(random.nextInt(running.size()));
        Operation operation = history.entries().get((int) id).operation();
        history.complete(id, outcome(operation, random), time);
      }
    }
    return history;
  }

  private static Operation keyOperation(Random random) {
    Condition condition =
        switch (random.nextInt(6)) {
          case 0 -> Condition.ABSENT;
          case 1 -> Condition.PRESENT;
          case 2 -> Condition.modRevision(revision(random));
          default -> Condition.NONE;
        };
    return switch (random.nextInt(5)) {
      case 0, 1 -> new Operation.Put(KEY, value(random), condition);
      case 2 -> new Operation.Delete(KEY, condition);
      default -> new Operation.Get(KEY);
    };
  }

  private static Outcome outcome(Operation operation, Random random) {
    Outcome outcome =
        switch (random.nextInt(7)) {
          case 0, 1 -> new Outcome.Unknown("test");
          case 2 -> new Outcome.NotFound();
          case 3 -> new Outcome.ConditionFailed(random.nextInt(4) == 0 ? -1 : random.nextInt(4));
          case 4 ->
              new Outcome.Applied(revision(random), random.nextBoolean() ? null : seen(random));
          case 5 -> new Outcome.Applied(revision(random));
          default -> new Outcome.Read(seen(random));
        };
    return outcome.fits(operation) ? outcome : outcome(operation, random);
  }

  private static Seen seen(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> Seen.ABSENT;
      case 1 -> new Seen(value(random), Outcome.UNREPORTED);
      default -> new Seen(value(random), revision(random));
    };
  }

  private static Bytes value(Random random) {
    return Bytes.utf8(random.nextBoolean() ? "a" : "b");
  }

  private static long revision(Random random) {
    return 1 + random.nextInt(4);
  }

  /** Begins and ends are places of a common order, each used once. */
  private static <O> Interval<O> interval(
      Model<?, O> model, O operation, Random random, int index) {
    int call = 10 * random.nextInt(10) + index;
    int end = call + 10 * (1 + random.nextInt(5));
    return new Interval<>(
        operation, 2 * call, model.open(operation) ? Interval.OPEN : 2 * end + 1, index);
  }

  private static RegisterModel.Op registerOperation(Random random) {
    String a = "" + random.nextInt(3);
    String b = "" + random.nextInt(3);
    return switch (random.nextInt(8)) {
      case 0 -> new RegisterModel.Write(a, false);
      case 1, 2 -> new RegisterModel.Write(a, true);
      case 3 -> new RegisterModel.Cas(a, b, false);
      case 4, 5 -> new RegisterModel.Cas(a, b, true);
      case 6 -> new RegisterModel.FailedCas(a, b);
      default -> new RegisterModel.Read(random.nextInt(5) == 0 ? RegisterModel.NIL : a);
    };
  }

  private static AppendModel.Op appendOperation(Random random) {
    String a = "" + random.nextInt(2);
    return switch (random.nextInt(6)) {
      case 0 -> new AppendModel.Put(a, false);
      case 1 -> new AppendModel.Put(a, true);
      case 2 -> new AppendModel.Append(a, false);
      case 3 -> new AppendModel.Append(a, true);
      default -> new AppendModel.Get(Integer.toBinaryString(random.nextInt(16)).substring(1));
    };
  }
}
