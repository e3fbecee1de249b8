package synod.check;

import static org.assertj.core.api.Assertions.assertThat;
import static synod.check.Operation.Condition.ABSENT;
import static synod.check.Operation.Condition.NONE;
import static synod.check.Operation.Condition.PRESENT;
import static synod.check.Operation.Condition.modRevision;

import org.junit.jupiter.api.Test;
import synod.check.Operation.Condition;

/** What a history of one key, or of a few, is allowed to look like. */
class LinearizabilityCheckerTest {
  private final Scenario scenario = new Scenario();

  @Test
  void anEmptyHistoryIsLinearizable() {
    scenario.isLinearizable();
  }

  @Test
  void aReadSeesTheLatestAcknowledgedWrite() {
    scenario.put(1, 2, "a", 1).put(3, 4, "b", 2).get(5, 6, "b", 2).isLinearizable();
  }

  @Test
  void aReadThatMissesAnAcknowledgedWriteIsAViolation() {
    scenario
        .put(1, 2, "a", 1)
        .put(3, 4, "b", 2)
        .get(5, 6, "a", 1)
        .isViolation("key \"k\"", "put \"b\"", "get -> \"a\" at revision 1");
  }

  @Test
  void aLostAcknowledgedWriteIsAViolation() {
    scenario.put(1, 2, "a", 1).absent(3, 4).isViolation("put \"a\"", "get -> absent");
  }

  @Test
  void concurrentOperationsMayComeInEitherOrder() {
    scenario.put(1, 10, "a", 1).absent(2, 9).get(3, 8, "a", 1).isLinearizable();
  }

  @Test
  void twoReadsMayNotSeeTwoWritesInOppositeOrder() {
    scenario
        .put(1, 20, "a", 1)
        .put(1, 20, "b", 2)
        .get(2, 3, "b", 2)
        .get(4, 5, "a", 1)
        .isViolation("get -> \"a\"", "get -> \"b\"");
  }

  @Test
  void anOperationThatEndsWhenAnotherBeginsComesFirstIfItWasRecordedFirst() {
    scenario.put(1, 2, "a", 1).absent(2, 3).isViolation("get -> absent");
  }

  @Test
  void anOperationThatEndsWhenAnotherBeginsIsConcurrentIfTheOtherWasRecordedFirst() {
    History history = new History();
    long put = history.invoke("a", "", new Operation.Put(Scenario.KEY, value("a"), NONE), 1);
    long get = history.invoke("b", "", new Operation.Get(Scenario.KEY), 2);
    history.complete(put, new Outcome.Applied(1), 2);
    history.complete(get, new Outcome.Read(Seen.ABSENT), 3);
    assertThat(LinearizabilityChecker.check(history).ok()).isTrue();
  }

  @Test
  void aWriteOfUnknownOutcomeMayTakeEffectMuchLater() {
    scenario
        .openPut(1, "a", NONE)
        .absent(2, 3)
        .put(4, 5, "b", 1)
        .get(6, 7, "b", 1)
        .get(8, 9, "a", 2)
        .isLinearizable();
  }

  @Test
  void aWriteOfUnknownOutcomeMayNeverTakeEffect() {
    scenario.openPut(1, "a", NONE).absent(2, 3).absent(1_000, 1_001).isLinearizable();
  }

  @Test
  void aWriteOfUnknownOutcomeTakesEffectOnceOnly() {
    scenario
        .openPut(1, "a", NONE)
        .get(2, 3, "a", 1)
        .put(4, 5, "b", 2)
        .get(6, 7, "a", 3)
        .isViolation("get -> \"a\" at revision 3");
  }

  @Test
  void aWriteOfUnknownOutcomeTakesNoEffectBeforeItsCall() {
    scenario.get(1, 2, "a", 1).openPut(3, "a", NONE).isViolation("get -> \"a\" at revision 1");
  }

  @Test
  void aRefusedWriteHasNoEffect() {
    scenario
        .add(1, 2, scenario.putting("a", NONE), new Outcome.Refused("no quorum"))
        .get(3, 4, "a", 1)
        .isViolation("get -> \"a\"");
  }

  @Test
  void aReadWithoutAnswerConstrainsNothing() {
    scenario
        .put(1, 2, "a", 1)
        .add(3, 4, new Operation.Get(Scenario.KEY), new Outcome.Unknown("timed out"))
        .get(5, 6, "a", 1)
        .isLinearizable();
  }

  @Test
  void theRevisionOfAnUnknownWriteIsTheOneThatWasSeen() {
    scenario
        .put(1, 2, "a", 1)
        .openPut(3, "b", NONE)
        .get(4, 5, "b", 7)
        .get(6, 7, "b", 8)
        .isViolation("get -> \"b\" at revision 7", "get -> \"b\" at revision 8");
  }

  @Test
  void theRevisionOfAnUnknownWriteLiesBehindWhatWasThereBefore() {
    scenario
        .put(1, 2, "a", 5)
        .openPut(3, "b", NONE)
        .get(4, 5, "b", 4)
        .isViolation("get -> \"b\" at revision 4");
  }

  @Test
  void twoUnknownWritesNeedTwoRevisions() {
    scenario
        .put(1, 2, "a", 1)
        .openPut(3, "b", NONE)
        .openPut(3, "c", NONE)
        .get(4, 5, "b", Outcome.UNREPORTED)
        .get(6, 7, "c", Outcome.UNREPORTED)
        .put(8, 9, "d", 3)
        .isViolation("applied at revision 3");
  }

  @Test
  void aKeysRevisionsRise() {
    scenario.put(1, 2, "a", 2).put(3, 4, "b", 1).isViolation("put \"a\"", "put \"b\"");
  }

  @Test
  void aReadOfTheRightValueAtAWrongRevisionIsAViolation() {
    scenario.put(1, 2, "a", 1).get(3, 4, "a", 2).isViolation("get -> \"a\" at revision 2");
  }

  @Test
  void aConditionalWriteIsAppliedIfItsConditionHolds() {
    scenario
        .add(1, 2, scenario.putting("a", ABSENT), new Outcome.Applied(1))
        .add(3, 4, scenario.putting("b", modRevision(1)), new Outcome.Applied(2))
        .add(5, 6, scenario.putting("c", PRESENT), new Outcome.Applied(3))
        .isLinearizable();
  }

  @Test
  void aConditionalWriteIsNotAppliedIfItsConditionDoesNotHold() {
    scenario
        .put(1, 2, "a", 1)
        .put(3, 4, "b", 2)
        .add(5, 6, scenario.putting("c", modRevision(1)), new Outcome.Applied(3))
        .isViolation("if at revision 1");
  }

  @Test
  void ofTwoWritesOnTheSameRevisionOnlyOneIsApplied() {
    scenario
        .put(1, 2, "a", 1)
        .add(3, 9, scenario.putting("b", modRevision(1)), new Outcome.Applied(2))
        .add(3, 9, scenario.putting("c", modRevision(1)), new Outcome.Applied(3))
        .isViolation("if at revision 1");
  }

  @Test
  void aFailedConditionTellsWhatTheKeyWasNot() {
    scenario
        .put(1, 2, "a", 1)
        .add(3, 4, scenario.putting("b", modRevision(1)), new Outcome.ConditionFailed(-1))
        .isViolation("condition failed");
  }

  @Test
  void aFailedConditionMayNeedAnUnknownWrite() {
    scenario
        .put(1, 2, "a", 1)
        .openPut(3, "x", NONE)
        .add(4, 5, scenario.putting("b", modRevision(1)), new Outcome.ConditionFailed(-1))
        .isLinearizable();
  }

  @Test
  void aFailedConditionRulesARevisionOut() {
    scenario
        .openPut(1, "x", NONE)
        .get(2, 3, "x", Outcome.UNREPORTED)
        .add(4, 5, scenario.putting("b", modRevision(3)), new Outcome.ConditionFailed(-1))
        .get(6, 7, "x", 3)
        .isViolation("condition failed", "at revision 3");
  }

  @Test
  void theRevisionThatAFailedConditionReportsMustBeTheKeys() {
    scenario
        .put(1, 2, "a", 4)
        .add(3, 4, scenario.putting("b", modRevision(2)), new Outcome.ConditionFailed(3))
        .isViolation("it is at revision 3");
  }

  @Test
  void aDeletedKeyIsAbsentAndItsDeletionMakesARevision() {
    scenario
        .put(1, 2, "a", 1)
        .add(3, 4, scenario.deleting(NONE), new Outcome.Applied(2))
        .absent(5, 6)
        .add(7, 8, scenario.deleting(NONE), new Outcome.NotFound())
        .put(9, 10, "b", 3)
        .isLinearizable();
  }

  @Test
  void aDeletionOfNothingIsNotApplied() {
    scenario
        .add(1, 2, scenario.deleting(NONE), new Outcome.Applied(1))
        .isViolation("delete -> applied");
  }

  @Test
  void aDeletionThatFoundNothingIsAViolationIfThereWasSomething() {
    scenario
        .put(1, 2, "a", 1)
        .add(3, 4, scenario.deleting(NONE), new Outcome.NotFound())
        .isViolation("nothing to delete");
  }

  @Test
  void anUnknownDeletionMayExplainAnAbsence() {
    scenario
        .put(1, 2, "a", 1)
        .add(3, 4, scenario.deleting(NONE), new Outcome.Unknown("timed out"))
        .get(5, 6, "a", 1)
        .absent(7, 8)
        .isLinearizable();
  }

  @Test
  void anUnknownDeletionExplainsOneAbsenceOnly() {
    scenario
        .put(1, 2, "a", 1)
        .add(3, 4, scenario.deleting(NONE), new Outcome.Unknown("timed out"))
        .absent(5, 6)
        .put(7, 8, "b", 3)
        .absent(9, 10)
        .isViolation("get -> absent");
  }

  @Test
  void anUnknownDeletionAndAnUnknownWriteMayOnlyWorkTogether() {
    scenario
        .put(1, 2, "a", 1)
        .add(3, 4, scenario.deleting(NONE), new Outcome.Unknown("timed out"))
        .openPut(3, "b", ABSENT)
        .get(5, 6, "b", 9)
        .isLinearizable();
  }

  @Test
  void anUnknownWriteWhoseConditionCannotHoldHasNoEffect() {
    scenario
        .put(1, 2, "a", 1)
        .openPut(3, "b", ABSENT)
        .get(5, 6, "b", 9)
        .isViolation("get -> \"b\"");
  }

  @Test
  void thePreviousValueMustBeTheOneThatWasThere() {
    Seen a = new Seen(value("a"), 1);
    scenario
        .put(1, 2, "a", 1)
        .add(3, 4, scenario.putting("b", NONE), new Outcome.Applied(2, a))
        .add(5, 6, scenario.putting("c", NONE), new Outcome.Applied(3, a))
        .isViolation("before: \"a\" at revision 1");
  }

  @Test
  void keysAreIndependent() {
    Scenario two = new Scenario();
    two.put(1, 2, "a", 1).onKey("other").absent(3, 4).put(5, 6, "a", 2).get(7, 8, "a", 2);
    two.isLinearizable();
  }

  @Test
  void keysThatBeginAlikeAreNotMixedUp() {
    String prefix = "k".repeat(200);
    scenario.onKey(prefix + 1).put(1, 2, "a", 1).onKey(prefix + 2).absent(3, 4).isLinearizable();
  }

  @Test
  void theExplanationLeavesOutWhatIsNotNeeded() {
    for (int i = 1; i <= 200; i++) {
      scenario.put(10L * i, 10L * i + 1, "v" + i, i).get(10L * i + 2, 10L * i + 3, "v" + i, i);
    }
    Verdict verdict = scenario.get(3_000, 3_001, "v7", 7).check();
    assertThat(verdict.status()).isEqualTo(Verdict.Status.VIOLATION);
    assertThat(verdict.explanation()).contains("these 2 operations").contains("get -> \"v7\"");
  }

  @Test
  void aBudgetThatIsUsedUpIsReportedAndNoVerdict() {
    for (int i = 1; i <= 20; i++) {
      scenario.put(10L * i, 10L * i + 1, "v" + i, i);
    }
    Verdict verdict = LinearizabilityChecker.check(scenario.history(), new Budget(10, 1_000));
    assertThat(verdict.status()).isEqualTo(Verdict.Status.UNDECIDED);
    assertThat(verdict.toString()).contains("10 steps").contains("key \"k\"");
  }

  @Test
  void aViolationOnOneKeyOutweighsAnUndecidedOther() {
    for (int i = 1; i <= 20; i++) {
      scenario.put(10L * i, 10L * i + 1, "v" + i, i);
    }
    scenario.onKey("other").get(1_000, 1_001, "nothing", 1);
    Verdict verdict = LinearizabilityChecker.check(scenario.history(), new Budget(10, 1_000));
    assertThat(verdict.status()).isEqualTo(Verdict.Status.VIOLATION);
  }

  private static Bytes value(String text) {
    return Bytes.utf8(text);
  }

  /** Builds a history operation by operation, each by a process of its own. */
  static final class Scenario {
    static final Bytes KEY = Bytes.utf8("k");

    private final History history = new History();
    private Bytes key = KEY;

    Scenario onKey(String name) {
      key = Bytes.utf8(name);
      return this;
    }

    Operation putting(String value, Condition condition) {
      return new Operation.Put(key, Bytes.utf8(value), condition);
    }

    Operation deleting(Condition condition) {
      return new Operation.Delete(key, condition);
    }

    Scenario add(long from, long to, Operation operation, Outcome outcome) {
      long id = history.invoke("p" + history.size(), "n1", operation, from);
      history.complete(id, outcome, to);
      return this;
    }

    Scenario put(long from, long to, String value, long revision) {
      return add(from, to, putting(value, NONE), new Outcome.Applied(revision));
    }

    Scenario openPut(long from, String value, Condition condition) {
      history.invoke("p" + history.size(), "n1", putting(value, condition), from);
      return this;
    }

    Scenario get(long from, long to, String value, long revision) {
      Seen seen = new Seen(Bytes.utf8(value), revision);
      return add(from, to, new Operation.Get(key), new Outcome.Read(seen));
    }

    Scenario absent(long from, long to) {
      return add(from, to, new Operation.Get(key), new Outcome.Read(Seen.ABSENT));
    }

    History history() {
      return history;
    }

    Verdict check() {
      return LinearizabilityChecker.check(history);
    }

    void isLinearizable() {
      Verdict verdict = check();
      assertThat(verdict.status()).as(verdict::toString).isEqualTo(Verdict.Status.OK);
    }

    void isViolation(String... shown) {
      Verdict verdict = check();
      assertThat(verdict.status()).as(verdict::toString).isEqualTo(Verdict.Status.VIOLATION);
      assertThat(verdict.explanation()).contains(shown);
    }
  }
}
