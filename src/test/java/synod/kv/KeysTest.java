package synod.kv;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static synod.kv.Replica.bytes;
import static synod.kv.Replica.keyValue;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import synod.kv.Command.Condition;

class KeysTest {
  private static final Condition NONE = Condition.NONE;

  private final Replica replica = new Replica();
  private final Replica.Client client = replica.client();

  @Test
  void aPutMakesTheNextRevisionAndCountsTheVersion() {
    assertThat(client.put("a", "1")).isEqualTo(applied(1, 1));
    assertThat(client.put("b", "1")).isEqualTo(applied(2, 1));
    assertThat(client.put("a", "2")).isEqualTo(applied(3, 2));

    assertThat(replica.get("a")).isEqualTo(keyValue("a", "2", 1, 3, 2));
    assertThat(replica.get("b")).isEqualTo(keyValue("b", "1", 2, 2, 1));
    assertThat(replica.machine.revision()).isEqualTo(3);
  }

  @Test
  void aDeletedKeyBeginsAnew() {
    client.put("a", "1");
    client.put("a", "2");
    assertThat(client.delete("a")).isEqualTo(applied(3, 0));
    assertThat(replica.get("a")).isNull();

    client.put("a", "3");
    assertThat(replica.get("a")).isEqualTo(keyValue("a", "3", 4, 4, 1));
  }

  @Test
  void aDeleteOfNothingMakesNoRevision() {
    client.put("b", "1");
    assertThat(client.delete("a")).isEqualTo(new Result.NotFound());
    assertThat(client.put("b", "2")).isEqualTo(applied(2, 2));
  }

  @Test
  void aFailedConditionTellsTheModRevisionAndChangesNothing() {
    client.put("a", "1");
    client.put("a", "2");
    for (Condition condition : List.of(new Condition.ModRevision(1), Condition.ABSENT)) {
      assertThat(client.apply(new Command.Put(bytes("a"), bytes("x"), condition, true)))
          .isEqualTo(new Result.ConditionFailed(2));
      assertThat(client.apply(new Command.Delete(bytes("a"), condition, true)))
          .isEqualTo(new Result.ConditionFailed(2));
    }
    for (Condition condition : List.of(new Condition.ModRevision(1), Condition.PRESENT)) {
      assertThat(client.apply(new Command.Put(bytes("none"), bytes("x"), condition, true)))
          .isEqualTo(new Result.ConditionFailed(0));
      assertThat(client.apply(new Command.Delete(bytes("none"), condition, true)))
          .isEqualTo(new Result.ConditionFailed(0));
    }
    assertThat(replica.keys()).containsExactly(keyValue("a", "2", 1, 2, 2));
    assertThat(replica.machine.revision()).isEqualTo(2);
  }

  @Test
  void aConditionThatHoldsLetsTheWritePass() {
    assertThat(putIf(Condition.ABSENT, "1")).isEqualTo(applied(1, 1));
    assertThat(putIf(new Condition.ModRevision(1), "2")).isEqualTo(applied(2, 2));
    assertThat(putIf(Condition.PRESENT, "3")).isEqualTo(applied(3, 3));
    assertThat(client.apply(new Command.Delete(bytes("a"), new Condition.ModRevision(3), false)))
        .isEqualTo(applied(4, 0));
    assertThat(putIf(new Condition.ModRevision(0), "4")).isEqualTo(applied(5, 1));
  }

  @Test
  void thePreviousValueComesOnlyIfItIsAskedForAndThere() {
    assertThat(client.apply(new Command.Put(bytes("a"), bytes("1"), NONE, true)))
        .isEqualTo(applied(1, 1));
    assertThat(client.apply(new Command.Put(bytes("a"), bytes("2"), NONE, true)))
        .isEqualTo(new Result.Applied(2, 2, keyValue("a", "1", 1, 1, 1)));
    assertThat(client.put("a", "3")).isEqualTo(applied(3, 3));
    assertThat(client.apply(new Command.Delete(bytes("a"), NONE, true)))
        .isEqualTo(new Result.Applied(4, 0, keyValue("a", "3", 1, 3, 3)));
  }

  @Test
  void commandsOfOneCommitSeeEachOther() {
    SessionId id = client.session;
    Command deleting = new Command.Delete(bytes("a"), Condition.PRESENT, true);
    List<Result> results =
        replica.apply(
            Replica.sent(id, 1, 0, Replica.put("a", "1")),
            Replica.sent(id, 2, 0, deleting),
            Replica.sent(id, 3, 0, Replica.delete("a")),
            Replica.sent(id, 4, 0, Replica.put("a", "2")));

    assertThat(results)
        .containsExactly(
            applied(1, 1),
            new Result.Applied(2, 0, keyValue("a", "1", 1, 1, 1)),
            new Result.NotFound(),
            applied(3, 1));
    assertThat(replica.get("a")).isEqualTo(keyValue("a", "2", 3, 3, 1));
  }

  @Test
  void anEmptyValueIsAValue() {
    client.put("a", "");
    assertThat(replica.get("a")).isEqualTo(keyValue("a", "", 1, 1, 1));
  }

  @Test
  void aListHasTheKeysOfThePrefixInOrder() {
    for (String key : List.of("b", "ab", "a", "aa", "a\u0000", "c", "\u0000")) {
      client.put(key, "1");
    }
    assertThat(list("a", "", 10)).isEqualTo("a,a\u0000,aa,ab");
    assertThat(list("", "", 10)).isEqualTo("\u0000,a,a\u0000,aa,ab,b,c");
    assertThat(list("ab", "", 10)).isEqualTo("ab");
    assertThat(list("x", "", 10)).isEmpty();
  }

  @Test
  void aPrefixOfTheHighestBytesHasABound() {
    byte[] high = {(byte) 0xff, (byte) 0xff};
    client.apply(new Command.Put(high, bytes("1"), NONE, false));
    client.put("a", "1");

    assertThat(((Query.PageAnswer) replica.machine.read(new Query.ListKeys(high, bytes(""), 10))))
        .extracting(page -> page.entries().size())
        .isEqualTo(1);
    assertThat(replica.keys()).hasSize(2);
  }

  @Test
  void aListGoesOnBehindTheGivenKey() {
    for (String key : List.of("a", "ab", "ac", "b")) {
      client.put(key, "1");
    }
    assertThat(list("a", "a", 10)).isEqualTo("ab,ac");
    assertThat(list("a", "aa", 10)).isEqualTo("ab,ac");
    assertThat(list("a", "ac", 10)).isEmpty();
    assertThat(list("b", "a", 10)).isEqualTo("b");
    assertThat(list("a", "b", 10)).isEmpty();
  }

  @Test
  void aPageSaysWhetherThereIsMore() {
    for (String key : List.of("a", "b", "c")) {
      client.put(key, "1");
    }
    assertThat(list("", "", 2)).isEqualTo("a,b,…");
    assertThat(list("", "", 3)).isEqualTo("a,b,c");
    assertThat(list("", "b", 1)).isEqualTo("c");
  }

  @Test
  void aPageIsBoundedInBytesButNeverEmpty() {
    String half = "x".repeat(KvLimits.MAX_PAGE_BYTES / 2 - 1);
    String whole = "x".repeat(KvLimits.MAX_VALUE_BYTES);
    client.put("a", half);
    client.put("b", half);
    client.put("c", "");
    client.put("d", whole);

    assertThat(list("", "", 10)).isEqualTo("a,b,…");
    assertThat(list("", "b", 10)).isEqualTo("c,…");
    assertThat(list("", "c", 10)).isEqualTo("d");
  }

  @Test
  void answersTellTheRevisionTheyWereReadAt() {
    client.put("a", "1");
    client.put("b", "1");
    assertThat(replica.machine.read(new Query.Get(bytes("none"))))
        .isEqualTo(new Query.KeyAnswer(null, 2));
    assertThat(replica.machine.read(new Query.ListKeys(bytes("x"), bytes(""), 1)).revision())
        .isEqualTo(2);
    assertThat(replica.machine.read(new Query.ListKeys(bytes(""), bytes(""), 1)).revision())
        .isEqualTo(2);
  }

  private Result putIf(Condition condition, String value) {
    return client.apply(new Command.Put(bytes("a"), bytes(value), condition, false));
  }

  private String list(String prefix, String after, int limit) {
    Query query = new Query.ListKeys(bytes(prefix), bytes(after), limit);
    Query.PageAnswer page = (Query.PageAnswer) replica.machine.read(query);
    String keys =
        page.entries().stream()
            .map(entry -> new String(entry.key(), UTF_8))
            .collect(Collectors.joining(","));
    return page.more() ? keys + ",…" : keys;
  }

  private static Result.Applied applied(long revision, long version) {
    return new Result.Applied(revision, version, null);
  }
}
