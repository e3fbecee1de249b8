package synod.check;

import static synod.check.Operation.Condition.NONE;

import org.junit.jupiter.api.Test;
import synod.check.LinearizabilityCheckerTest.Scenario;

/** What must hold of revisions across keys, and of reads that may be stale. */
class RevisionsAndStaleReadsTest {
  private final Scenario scenario = new Scenario();

  @Test
  void revisionsOfWritesOnDifferentKeysDiffer() {
    scenario
        .put(1, 9, "a", 1)
        .onKey("other")
        .put(1, 9, "b", 1)
        .isViolation("two writes made revision 1", "key \"other\"");
  }

  @Test
  void aRevisionBelongsToOneKey() {
    scenario
        .openPut(1, "a", NONE)
        .get(2, 3, "a", 1)
        .onKey("other")
        .openPut(1, "b", NONE)
        .get(2, 3, "b", 1)
        .isViolation("two keys changed at revision 1");
  }

  @Test
  void aWriteThatBeginsAfterAnotherHasEndedMakesALaterRevision() {
    scenario
        .put(1, 2, "a", 5)
        .onKey("other")
        .put(3, 4, "b", 4)
        .isViolation("revision 5 was known before it began");
  }

  @Test
  void concurrentWritesMayMakeTheirRevisionsInEitherOrder() {
    scenario.put(1, 9, "a", 5).onKey("other").put(2, 8, "b", 4).isLinearizable();
  }

  @Test
  void aWriteThatBeginsAfterARevisionWasSeenMakesALaterOne() {
    scenario
        .openPut(1, "a", NONE)
        .get(2, 3, "a", 5)
        .onKey("other")
        .put(4, 5, "b", 4)
        .isViolation("revision 5 was known before it began");
  }

  @Test
  void aLinearizableReadSeesAStoreThatHasReachedWhatWasKnown() {
    scenario
        .put(1, 2, "a", 5)
        .onKey("other")
        .add(3, 4, new Operation.Get(Bytes.utf8("other")), new Outcome.Read(Seen.ABSENT, 4))
        .isViolation("a read saw a store older than revision 5");
  }

  @Test
  void aStaleReadMaySeeAnEarlierState() {
    history().add(20, 21, staleGet(0), read("a", 1)).isLinearizable();
    history().add(20, 21, staleGet(0), read("b", 3)).isLinearizable();
    history().add(20, 21, staleGet(0), new Outcome.Read(Seen.ABSENT)).isLinearizable();
  }

  @Test
  void aStaleReadMayNotSeeWhatWasNeverWritten() {
    history().add(20, 21, staleGet(0), read("x", 2)).isViolation("nobody had written");
  }

  @Test
  void aStaleReadMayNotSeeAValueAtAnotherRevision() {
    history().add(20, 21, staleGet(0), read("a", 3)).isViolation("two things at revision 3");
  }

  @Test
  void aStaleReadMayNotSeeTheFuture() {
    Scenario early = new Scenario();
    early.add(1, 2, staleGet(0), read("a", 1)).put(3, 4, "a", 1).isViolation("nobody had written");
  }

  @Test
  void aStaleReadMaySeeAWriteOfUnknownOutcome() {
    history().openPut(7, "x", NONE).add(20, 21, staleGet(0), read("x", 9)).isLinearizable();
  }

  @Test
  void aReadWithMinRevisionMayNotSeeAnOlderState() {
    history()
        .add(20, 21, staleGet(3), read("a", 1))
        .isViolation("missed what happened at revision 3");
    history()
        .add(20, 21, staleGet(3), new Outcome.Read(Seen.ABSENT))
        .isViolation("missed what happened at revision 3");
  }

  @Test
  void aReadWithMinRevisionMaySeeANewerState() {
    history().add(20, 21, staleGet(1), read("b", 3)).isLinearizable();
    history().add(20, 21, staleGet(2), read("a", 1)).isLinearizable();
  }

  @Test
  void aReadWithMinRevisionMaySeeALaterDeletion() {
    history()
        .add(10, 11, scenario.deleting(NONE), new Outcome.Applied(5))
        .add(20, 21, staleGet(3), new Outcome.Read(Seen.ABSENT))
        .isLinearizable();
    history()
        .add(10, 11, scenario.deleting(NONE), new Outcome.Unknown("timed out"))
        .add(20, 21, staleGet(3), new Outcome.Read(Seen.ABSENT))
        .isLinearizable();
  }

  @Test
  void aReadThatReportsTheStoresRevisionSeesTheKeyAsItWasThen() {
    history().add(20, 21, staleGet(0), read("a", 1, 2)).isLinearizable();
    history()
        .add(20, 21, staleGet(0), read("a", 1, 3))
        .isViolation("missed what happened at revision 3");
    history().add(20, 21, staleGet(0), read("b", 3, 2)).isViolation("that can't be");
    history().add(20, 21, staleGet(3), read("a", 1, 2)).isViolation("that can't be");
  }

  @Test
  void aReportedRevisionLeavesNoRoomForALaterDeletion() {
    history()
        .add(10, 11, scenario.deleting(NONE), new Outcome.Applied(5))
        .add(20, 21, staleGet(0), new Outcome.Read(Seen.ABSENT, 4))
        .isViolation("missed what happened at revision 3");
  }

  /** The key is put at revisions 1 and 3. */
  private static Scenario history() {
    return new Scenario().put(1, 2, "a", 1).put(3, 4, "b", 3);
  }

  private static Operation staleGet(long minRevision) {
    return new Operation.StaleGet(Scenario.KEY, minRevision);
  }

  private static Outcome read(String value, long revision) {
    return new Outcome.Read(new Seen(Bytes.utf8(value), revision));
  }

  private static Outcome read(String value, long revision, long storeRevision) {
    return new Outcome.Read(new Seen(Bytes.utf8(value), revision), storeRevision);
  }
}
