package synod.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static synod.kv.Replica.bytes;
import static synod.kv.Replica.keyValue;
import static synod.kv.Replica.opening;
import static synod.kv.Replica.put;
import static synod.kv.Replica.sent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SessionsTest {
  private static final Result EXPIRED = new Result.SessionExpired();
  private static final Result ACKNOWLEDGED = new Result.AlreadyAcknowledged();
  private static final Result OUTSIDE = new Result.OutsideWindow();
  private static final Result DONE = new Result.Done();
  private static final long TTL = 60_000;

  private final Replica replica = new Replica();

  @Test
  void aSessionIsNamedAfterThePlaceThatOpenedIt() {
    replica.apply(new byte[0]);
    List<byte[]> batches =
        List.of(
            CommandCodec.encode(1, "n1", List.of(opening(TTL), opening(TTL))),
            CommandCodec.encode(1, "n2", List.of(opening(TTL))));

    assertThat(replica.apply(EntryCodec.encode(replica.time, batches)))
        .containsExactly(
            new Result.SessionOpened(new SessionId(2, 0), TTL),
            new Result.SessionOpened(new SessionId(2, 1), TTL),
            new Result.SessionOpened(new SessionId(2, 2), TTL));
  }

  @Test
  void aTtlOutOfBoundsIsBroughtToTheNearestBound() {
    SessionId first = new SessionId(1, 0);
    SessionId second = new SessionId(1, 1);
    assertThat(replica.apply(opening(Long.MIN_VALUE), opening(Long.MAX_VALUE)))
        .containsExactly(
            new Result.SessionOpened(first, KvLimits.MIN_TTL_MILLIS),
            new Result.SessionOpened(second, KvLimits.MAX_TTL_MILLIS));
  }

  @Test
  void aRetryIsAnsweredWhatTheCommandWasAnsweredAndNotApplied() {
    SessionId id = replica.open(TTL);
    Command first = new Command.Put(bytes("a"), bytes("1"), Command.Condition.ABSENT, false);
    Result result = replica.applyOne(sent(id, 1, 0, first));
    replica.applyOne(sent(id, 2, 0, put("a", "2")));

    assertThat(replica.applyOne(sent(id, 1, 0, first))).isEqualTo(result);
    assertThat(replica.get("a")).isEqualTo(keyValue("a", "2", 1, 2, 2));
  }

  @Test
  void aRetryInTheSameEntryIsAnsweredToo() {
    SessionId id = replica.open(TTL);
    assertThat(replica.apply(sent(id, 1, 0, put("a", "1")), sent(id, 1, 0, put("a", "1"))))
        .containsExactly(new Result.Applied(1, 1, null), new Result.Applied(1, 1, null));
    assertThat(replica.get("a").version()).isEqualTo(1);
  }

  @Test
  void everyKindOfResultIsRepeated() {
    SessionId id = replica.open(TTL);
    Command deleteNothing = Replica.delete("none");
    Command failing =
        new Command.Put(bytes("a"), bytes("x"), new Command.Condition.ModRevision(9), false);
    Command withPrevious = new Command.Put(bytes("a"), bytes("2"), Command.Condition.NONE, true);
    SessionCommand[] commands = {
      sent(id, 1, 0, put("a", "1")),
      sent(id, 2, 0, deleteNothing),
      sent(id, 3, 0, failing),
      sent(id, 4, 0, withPrevious),
      sent(id, 5, 0, new Command.KeepAlive())
    };
    List<Result> results = replica.apply(commands);
    replica.restart();

    assertThat(results)
        .containsExactly(
            new Result.Applied(1, 1, null),
            new Result.NotFound(),
            new Result.ConditionFailed(1),
            new Result.Applied(2, 2, keyValue("a", "1", 1, 1, 1)),
            DONE);
    assertThat(replica.apply(commands)).isEqualTo(results);
  }

  @Test
  void commandsMayComeOutOfOrder() {
    SessionId id = replica.open(TTL);
    List<Long> sequences = new ArrayList<>();
    for (long sequence = 1; sequence <= Sessions.WINDOW; sequence++) {
      sequences.add(sequence);
    }
    Collections.reverse(sequences);
    for (long sequence : sequences) {
      Result result = replica.applyOne(sent(id, sequence, 0, put("k" + sequence, "1")));
      assertThat(result).isInstanceOf(Result.Applied.class);
    }
    for (long sequence : sequences) {
      long revision = Sessions.WINDOW + 1 - sequence;
      assertThat(replica.machine.lookup(id, sequence))
          .contains(new Result.Applied(revision, 1, null));
    }
  }

  @Test
  void anAcknowledgedResultIsForgottenAndItsCommandNotAppliedAgain() {
    SessionId id = replica.open(TTL);
    replica.apply(
        sent(id, 1, 0, put("a", "1")),
        sent(id, 2, 0, put("a", "2")),
        sent(id, 3, 0, put("a", "3")));
    long records = sessionRecords();
    replica.applyOne(sent(id, 4, 2, put("a", "4")));

    assertThat(replica.applyOne(sent(id, 1, 0, put("a", "1")))).isEqualTo(ACKNOWLEDGED);
    assertThat(replica.applyOne(sent(id, 2, 0, put("a", "2")))).isEqualTo(ACKNOWLEDGED);
    assertThat(replica.applyOne(sent(id, 3, 0, put("a", "3"))))
        .isEqualTo(new Result.Applied(3, 3, null));
    assertThat(replica.get("a").version()).isEqualTo(4);
    assertThat(sessionRecords()).isEqualTo(records - 2 + 1);
  }

  @Test
  void aCommandThatNeverCameIsRefusedOnceItIsAcknowledged() {
    SessionId id = replica.open(TTL);
    replica.applyOne(sent(id, 5, 4, put("a", "5")));
    assertThat(replica.applyOne(sent(id, 3, 0, put("a", "3")))).isEqualTo(ACKNOWLEDGED);
    assertThat(replica.get("a").version()).isEqualTo(1);
  }

  @Test
  void theAcknowledgedSequenceNeverGoesBack() {
    SessionId id = replica.open(TTL);
    replica.applyOne(sent(id, 5, 4, put("a", "5")));
    replica.applyOne(sent(id, 6, 0, put("a", "6")));
    assertThat(replica.machine.lookup(id, 4)).contains(ACKNOWLEDGED);
    replica.restart();
    assertThat(replica.machine.lookup(id, 4)).contains(ACKNOWLEDGED);
  }

  @Test
  void theWindowIsJudgedByTheCommandAlone() {
    SessionId id = replica.open(TTL);
    int window = Sessions.WINDOW;
    assertThat(replica.applyOne(sent(id, window, 0, put("a", "1"))))
        .isInstanceOf(Result.Applied.class);
    SessionCommand outside = sent(id, window + 1, 0, put("a", "2"));
    assertThat(replica.applyOne(outside)).isEqualTo(OUTSIDE);
    replica.applyOne(sent(id, window + 2, window, put("a", "3")));
    // Had the table a say, the copy would fit by now.
    assertThat(replica.applyOne(outside)).isEqualTo(OUTSIDE);
    assertThat(replica.get("a").version()).isEqualTo(2);
  }

  @Test
  void numbersThatMakeNoSenseAreRefused() {
    SessionId id = replica.open(TTL);
    long[][] wrong = {{0, 0}, {-1, -2}, {1, 1}, {1, 2}, {5, -1}, {1, Long.MIN_VALUE}};
    for (long[] numbers : wrong) {
      assertThat(replica.applyOne(sent(id, numbers[0], numbers[1], put("a", "1"))))
          .isEqualTo(OUTSIDE);
    }
    assertThat(replica.keys()).isEmpty();
  }

  @Test
  void theHighestSequencesWorkLikeAnyOther() {
    SessionId id = replica.open(TTL);
    long max = Long.MAX_VALUE;
    replica.applyOne(sent(id, max - 2, max - 3, put("a", "1")));
    replica.applyOne(sent(id, max - 1, max - 3, put("a", "2")));
    replica.applyOne(sent(id, max, max - 2, put("a", "3")));

    assertThat(replica.machine.lookup(id, max - 2)).contains(ACKNOWLEDGED);
    assertThat(replica.machine.lookup(id, max - 1)).contains(new Result.Applied(2, 2, null));
    assertThat(replica.machine.lookup(id, max)).contains(new Result.Applied(3, 3, null));
    replica.restart();
    assertThat(replica.applyOne(sent(id, max, max - 1, put("a", "3"))))
        .isEqualTo(new Result.Applied(3, 3, null));
    assertThat(sessionRecords()).isEqualTo(2);
  }

  @Test
  void anUnknownSessionAppliesNothing() {
    SessionId unknown = new SessionId(1, 7);
    replica.open(TTL);
    assertThat(replica.applyOne(sent(unknown, 1, 0, put("a", "1")))).isEqualTo(EXPIRED);
    assertThat(replica.keys()).isEmpty();
  }

  @Test
  void aSessionExpiresWhenItWasNotUsedForLongerThanItsTtl() {
    SessionId id = replica.open(5_000);
    replica.time += 5_000;
    assertThat(replica.applyOne(sent(id, 1, 0, put("a", "1"))))
        .isEqualTo(new Result.Applied(1, 1, null));
    replica.time += 5_001;
    assertThat(replica.applyOne(sent(id, 2, 0, put("a", "2")))).isEqualTo(EXPIRED);
    assertThat(replica.get("a")).isEqualTo(keyValue("a", "1", 1, 1, 1));
  }

  @Test
  void theTtlCountsFromTheLatestUseToTheMillisecond() {
    SessionId id = replica.open(5_000);
    replica.time += 1;
    replica.applyOne(sent(id, 1, 0, new Command.KeepAlive()));
    replica.time += 5_000;
    replica.apply();
    assertThat(replica.machine.lookup(id, 2)).isEmpty();
    replica.time += 1;
    replica.apply();
    assertThat(replica.machine.lookup(id, 2)).contains(EXPIRED);
  }

  @Test
  void aRetryInAnExpiredSessionIsNotApplied() {
    SessionId id = replica.open(5_000);
    replica.applyOne(sent(id, 1, 0, put("a", "1")));
    Replica.Client other = replica.client();
    other.put("a", "2");
    replica.time += 6_000;
    other.put("b", "1");

    assertThat(replica.machine.lookup(id, 1)).contains(EXPIRED);
    assertThat(replica.applyOne(sent(id, 1, 0, put("a", "1")))).isEqualTo(EXPIRED);
    replica.restart();
    assertThat(replica.applyOne(sent(id, 1, 0, put("a", "1")))).isEqualTo(EXPIRED);
    assertThat(replica.get("a").value()).isEqualTo(bytes("2"));
  }

  @Test
  void anExpiredSessionLeavesNothingBehind() {
    SessionId id = replica.open(5_000);
    replica.apply(sent(id, 1, 0, put("a", "1")), sent(id, 2, 0, put("a", "2")));
    replica.time += 6_000;
    replica.apply();
    assertThat(sessionRecords()).isZero();
  }

  @Test
  void everyUseKeepsASessionOpen() {
    List<SessionId> ids = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      ids.add(replica.open(5_000));
    }
    replica.apply(sent(ids.get(1), 1, 0, put("a", "1")), sent(ids.get(2), 2, 1, put("a", "2")));
    replica.time += 4_000;
    replica.apply(
        sent(ids.get(0), 1, 0, new Command.KeepAlive()),
        sent(ids.get(1), 1, 0, put("a", "1")),
        sent(ids.get(2), 1, 0, put("a", "2")));
    replica.time += 4_000;
    replica.apply();

    Optional<Result> expired = Optional.of(EXPIRED);
    assertThat(ids.stream().map(id -> replica.machine.lookup(id, 9)))
        .containsExactly(Optional.empty(), Optional.empty(), Optional.empty(), expired);
  }

  @Test
  void theLogsTimeFollowsTheLeadersClockInBoundedStepsAndNeverBack() {
    SessionId id = replica.open(3 * KvStateMachine.MAX_STEP_MILLIS - 1);
    replica.time += 1_000_000_000;
    replica.apply();
    replica.apply();
    assertThat(replica.machine.lookup(id, 1)).isEmpty();
    replica.time = 0;
    replica.apply();
    assertThat(replica.machine.lookup(id, 1)).isEmpty();
    replica.time += 1_000_000_000;
    replica.apply();
    assertThat(replica.machine.lookup(id, 1)).contains(EXPIRED);
  }

  @Test
  void theFirstEntryMaySetAnyTimeEvenTheEarliest() {
    replica.time = 0;
    SessionId id = replica.open(KvStateMachine.MAX_STEP_MILLIS);
    replica.time = 1_000_000_000;
    replica.apply();
    // The second step is bounded although the first time was 0.
    assertThat(replica.machine.lookup(id, 1)).isEmpty();
  }

  @Test
  void aNoOpDoesNotMoveTheLogsTime() {
    SessionId id = replica.open(5_000);
    for (int i = 0; i < 100; i++) {
      replica.apply(new byte[0]);
    }
    assertThat(replica.machine.lookup(id, 1)).isEmpty();
  }

  @Test
  void aClosedSessionIsGoneWithItsResults() {
    SessionId id = replica.open(TTL);
    replica.applyOne(sent(id, 1, 0, put("a", "1")));
    SessionCommand close = sent(id, 2, 0, new Command.CloseSession());

    assertThat(replica.applyOne(close)).isEqualTo(DONE);
    assertThat(replica.applyOne(close)).isEqualTo(EXPIRED);
    assertThat(replica.applyOne(sent(id, 1, 0, put("a", "1")))).isEqualTo(EXPIRED);
    assertThat(sessionRecords()).isZero();
  }

  @Test
  void aSessionMayOpenAndCloseInOneCommit() {
    SessionId id = new SessionId(1, 0);
    List<Result> results =
        replica.apply(
            opening(TTL),
            sent(id, 1, 0, put("a", "1")),
            sent(id, 2, 0, new Command.CloseSession()),
            sent(id, 3, 0, put("a", "2")));
    assertThat(results.subList(1, 4))
        .containsExactly(new Result.Applied(1, 1, null), DONE, EXPIRED);
    assertThat(sessionRecords()).isZero();
  }

  @Test
  void noMoreSessionsAreOpenedThanTheLimitUntilOneIsGone() {
    SessionCommand[] openings = new SessionCommand[Sessions.MAX_OPEN];
    Arrays.fill(openings, opening(TTL));
    assertThat(replica.apply(openings)).allMatch(Result.SessionOpened.class::isInstance);

    assertThat(replica.applyOne(opening(TTL))).isEqualTo(new Result.TooManySessions());
    replica.applyOne(sent(new SessionId(1, 17), 1, 0, new Command.CloseSession()));
    assertThat(replica.applyOne(opening(TTL))).isInstanceOf(Result.SessionOpened.class);
    assertThat(replica.applyOne(opening(TTL))).isEqualTo(new Result.TooManySessions());
    replica.restart();
    assertThat(replica.applyOne(opening(TTL))).isEqualTo(new Result.TooManySessions());
  }

  @Test
  void lookupTellsWhatBecameOfACommandIfItIsKnown() {
    SessionId id = replica.open(5_000);
    replica.apply(sent(id, 2, 1, put("a", "1")));

    assertThat(replica.machine.lookup(id, 1)).contains(ACKNOWLEDGED);
    assertThat(replica.machine.lookup(id, 2)).contains(new Result.Applied(1, 1, null));
    assertThat(replica.machine.lookup(id, 3)).isEmpty();
    assertThat(replica.machine.lookup(id, 2 + Sessions.WINDOW)).isEmpty();
    assertThat(replica.machine.lookup(new SessionId(1, 1), 1)).contains(EXPIRED);
    // That session may be opened by an entry that this replica hasn't seen.
    assertThat(replica.machine.lookup(new SessionId(3, 0), 1)).isEmpty();
  }

  private long sessionRecords() {
    long records = 0;
    try (OrderedStore.Cursor cursor =
        replica.store.scan(
            StoreKeys.start(StoreKeys.SESSIONS), StoreKeys.end(StoreKeys.SESSIONS))) {
      while (cursor.next()) {
        records++;
      }
    }
    return records;
  }
}
