package synod.kv;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import synod.kv.Command.Condition;

class KvLimitsTest {
  private static final byte[] KEY = {'k'};
  private static final byte[] NOTHING = {};

  @Test
  void keysHaveOneByteToFourKibibytes() {
    assertThat(KvLimits.check(put(new byte[1], NOTHING))).isEmpty();
    assertThat(KvLimits.check(put(new byte[4096], NOTHING))).isEmpty();
    assertThat(KvLimits.check(put(NOTHING, NOTHING)))
        .contains("the key is empty; it has at least 1 byte");
    assertThat(KvLimits.check(put(new byte[4097], NOTHING)))
        .contains("the key has 4097 bytes; at most 4096 are allowed");
    assertThat(KvLimits.check(new Command.Delete(NOTHING, Condition.NONE, false))).isPresent();
    assertThat(KvLimits.check(new Query.Get(NOTHING))).isPresent();
    assertThat(KvLimits.check(new Query.Get(new byte[4097]))).isPresent();
    assertThat(KvLimits.check(new Query.Get(new byte[4096]))).isEmpty();
  }

  @Test
  void valuesHaveUpToOneMebibyte() {
    assertThat(KvLimits.check(put(KEY, new byte[1_048_576]))).isEmpty();
    assertThat(KvLimits.check(put(KEY, new byte[1_048_577])))
        .contains("the value has 1048577 bytes; at most 1048576 are allowed");
  }

  @Test
  void anExpectedRevisionIsNotNegative() {
    Condition never = new Condition.ModRevision(-1);
    assertThat(KvLimits.check(new Command.Put(KEY, NOTHING, never, false)))
        .contains("the expected revision is -1; it is at least 0");
    assertThat(KvLimits.check(new Command.Delete(KEY, never, false))).isPresent();
    Condition absent = new Condition.ModRevision(0);
    assertThat(KvLimits.check(new Command.Put(KEY, NOTHING, absent, false))).isEmpty();
  }

  @Test
  void listsHaveOneToAThousandKeys() {
    assertThat(KvLimits.check(list(NOTHING, NOTHING, 1))).isEmpty();
    assertThat(KvLimits.check(list(new byte[4096], new byte[4096], 1_000))).isEmpty();
    for (int limit : new int[] {0, -1, 1_001}) {
      assertThat(KvLimits.check(list(NOTHING, NOTHING, limit)))
          .contains("the limit is " + limit + "; it must be from 1 to 1000");
    }
    assertThat(KvLimits.check(list(new byte[4097], NOTHING, 1))).isPresent();
    assertThat(KvLimits.check(list(NOTHING, new byte[4097], 1))).isPresent();
  }

  @Test
  void changesBeginAtRevisionOne() {
    assertThat(KvLimits.check(new Query.ListChanges(NOTHING, 1, 1_000))).isEmpty();
    assertThat(KvLimits.check(new Query.ListChanges(new byte[4097], 1, 1))).isPresent();
    assertThat(KvLimits.check(new Query.ListChanges(NOTHING, 1, 1_001))).isPresent();
    assertThat(KvLimits.check(new Query.ListChanges(NOTHING, 0, 1))).isPresent();
    assertThat(KvLimits.check(new Command.Compact(1))).isEmpty();
    assertThat(KvLimits.check(new Command.Compact(0)))
        .contains("the revision to compact is 0; it is at least 1");
  }

  @Test
  void sessionsLiveForASecondToADay() {
    assertThat(KvLimits.check(new Command.OpenSession(1_000))).isEmpty();
    assertThat(KvLimits.check(new Command.OpenSession(86_400_000))).isEmpty();
    assertThat(KvLimits.check(new Command.OpenSession(999)))
        .contains("the session's ttl (ms) is 999; it must be from 1000 to 86400000");
    assertThat(KvLimits.check(new Command.OpenSession(86_400_001))).isPresent();
    assertThat(KvLimits.check(new Command.KeepAlive())).isEmpty();
    assertThat(KvLimits.check(new Command.CloseSession())).isEmpty();
  }

  @Test
  void aSequenceIsWithinTheWindowAboveTheAcknowledgedOne() {
    assertThat(KvLimits.checkPlace(1, 0)).isEmpty();
    assertThat(KvLimits.checkPlace(1024, 0)).isEmpty();
    assertThat(KvLimits.checkPlace(Long.MAX_VALUE, Long.MAX_VALUE - 1)).isEmpty();
    assertThat(KvLimits.checkPlace(1025, 0))
        .hasValueSatisfying(
            problem -> assertThat(problem).startsWith("sequence 1025 does not fit"));
    assertThat(KvLimits.checkPlace(0, 0)).isPresent();
    assertThat(KvLimits.checkPlace(5, 5)).isPresent();
    assertThat(KvLimits.checkPlace(5, -1)).isPresent();
    assertThat(KvLimits.checkPlace(Long.MIN_VALUE, Long.MAX_VALUE)).isPresent();
  }

  private static Command put(byte[] key, byte[] value) {
    return new Command.Put(key, value, Condition.NONE, false);
  }

  private static Query list(byte[] prefix, byte[] after, int limit) {
    return new Query.ListKeys(prefix, after, limit);
  }
}
