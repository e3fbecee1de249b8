package synod.check;

import java.util.ArrayList;
import java.util.List;

/** Judges the parts of a history one by one, and explains the first that isn't linearizable. */
final class PartChecker<S, O> {
  private static final int SHOWN = 40;

  private final Subject<S, O> subject;
  private final Budget budget;
  private final List<String> undecided = new ArrayList<>();
  private String violation = "";
  private long steps;

  PartChecker(Subject<S, O> subject, Budget budget) {
    this.subject = subject;
    this.budget = budget;
  }

  static <S, O> Verdict check(Subject<S, O> subject, Budget budget, List<String> notes) {
    PartChecker<S, O> checker = new PartChecker<>(subject, budget);
    checker.run();
    return checker.verdict(List.of(), notes);
  }

  void run() {
    for (Subject.Part<O> part : subject.parts()) {
      Search<S, O> search = new Search<>(subject.model(), part.operations(), budget);
      Search.Answer answer = search.run();
      steps += search.steps();
      if (answer == Search.Answer.UNDECIDED) {
        undecided.add(part.name());
      } else if (answer == Search.Answer.VIOLATION) {
        violation =
            explain(part.name(), Minimizer.minimize(subject.model(), part.operations(), search));
        return;
      }
    }
  }

  /**
   * @param otherViolations what other checks of the same history found
   */
  Verdict verdict(List<String> otherViolations, List<String> notes) {
    List<String> violations = new ArrayList<>(otherViolations);
    if (!violation.isEmpty()) {
      violations.add(0, violation);
    }
    Verdict.Status status = Verdict.Status.OK;
    String explanation = "";
    if (!violations.isEmpty()) {
      status = Verdict.Status.VIOLATION;
      explanation = String.join("\n", violations);
    } else if (!undecided.isEmpty()) {
      status = Verdict.Status.UNDECIDED;
      explanation =
          "neither an order nor its impossibility was found within "
              + "%,d steps and %,d configurations for "
                  .formatted(budget.steps(), budget.configurations())
              + String.join(", ", undecided);
    }
    return new Verdict(
        status,
        explanation,
        subject.operations(),
        subject.openOperations(),
        subject.parts().size(),
        steps,
        notes);
  }

  private String explain(String part, Minimizer.Core<O> core) {
    List<Interval<O>> needed = core.needed();
    StringBuilder text = new StringBuilder(part).append(": no order explains ");
    text.append(needed.size() == 1 ? "this operation" : "these " + needed.size() + " operations");
    if (core.free() > 0) {
      String others = core.free() == 1 ? "1 more write" : "each of " + core.free() + " more writes";
      text.append(", even if " + others + " took effect at any time after its call, or never");
    }
    List<Subject.Line> lines = new ArrayList<>();
    needed
        .subList(Math.max(0, needed.size() - SHOWN), needed.size())
        .forEach(each -> lines.add(subject.lines().apply(each.source())));
    text.append('\n').append(Table.of(lines, subject.timeUnit()));
    if (needed.size() > SHOWN) {
      text.append(
          "\n  (the last %d; %,d earlier ones are left out)"
              .formatted(SHOWN, needed.size() - SHOWN));
    }
    return text.toString();
  }
}
