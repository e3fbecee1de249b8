package synod.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import synod.kv.CodecException;
import synod.kv.Command;
import synod.kv.Command.Condition;
import synod.kv.KeyValue;
import synod.kv.KvLimits;
import synod.kv.Query;
import synod.kv.Result;
import synod.kv.SessionId;

/** Requests and replies come out of the codec as they went in, and nothing else comes out. */
class ClientCodecTest {
  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void requestsComeOutAsTheyWentIn(@ForAll("requests") List<Request> requests) {
    byte[] bytes = ClientCodec.encodeRequests(requests);
    assertThat(ClientCodec.decodeRequests(bytes))
        .usingRecursiveFieldByFieldElementComparator()
        .isEqualTo(requests);
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void repliesComeOutAsTheyWentIn(@ForAll("replies") List<Reply> replies) {
    byte[] bytes = ClientCodec.encodeReplies(replies);
    assertThat(ClientCodec.decodeReplies(bytes))
        .usingRecursiveFieldByFieldElementComparator()
        .isEqualTo(replies);
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void requestsOfAnyOtherLengthAreRefused(
      @ForAll("requests") List<Request> requests, @ForAll byte more) {
    assertOtherLengthsAreRefused(
        ClientCodec.encodeRequests(requests), more, ClientCodec::decodeRequests);
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void repliesOfAnyOtherLengthAreRefused(
      @ForAll("replies") List<Reply> replies, @ForAll byte more) {
    assertOtherLengthsAreRefused(
        ClientCodec.encodeReplies(replies), more, ClientCodec::decodeReplies);
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void damagedRequestsAreReadOrRefusedButDoNoHarm(
      @ForAll("requests") List<Request> requests, @ForAll int at, @ForAll byte value) {
    byte[] bytes = ClientCodec.encodeRequests(requests);
    bytes[Math.floorMod(at, bytes.length)] = value;
    assertReadOrRefused(bytes, ClientCodec::decodeRequests);
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void damagedRepliesAreReadOrRefusedButDoNoHarm(
      @ForAll("replies") List<Reply> replies, @ForAll int at, @ForAll byte value) {
    byte[] bytes = ClientCodec.encodeReplies(replies);
    bytes[Math.floorMod(at, bytes.length)] = value;
    assertReadOrRefused(bytes, ClientCodec::decodeReplies);
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void garbageIsReadOrRefusedButDoesNoHarm(@ForAll byte[] garbage) {
    assertReadOrRefused(garbage, ClientCodec::decodeRequests);
    assertReadOrRefused(garbage, ClientCodec::decodeReplies);
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void theSizeOfAnOperationIsNeverBelowWhatItAddsToAMessage(
      @ForAll("requests") List<Request> requests) {
    int estimate = 16 + requests.stream().mapToInt(r -> ClientCodec.sizeOf(r.operation())).sum();
    assertThat(ClientCodec.encodeRequests(requests)).hasSizeLessThanOrEqualTo(estimate);
  }

  @Example
  void anotherFormatVersionIsNamed() {
    byte[] bytes = ClientCodec.encodeRequests(List.of());
    bytes[0] = 99;
    assertThatThrownBy(() -> ClientCodec.decodeRequests(bytes))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("a list of requests")
        .hasMessageContaining("99");
  }

  @Example
  void theLargestPutAndItsPreviousValueComeOutAsTheyWentIn() {
    byte[] key = new byte[KvLimits.MAX_KEY_BYTES];
    byte[] value = new byte[KvLimits.MAX_VALUE_BYTES];
    Arrays.fill(value, (byte) -1);
    Command put = new Command.Put(key, value, Condition.NONE, true);
    Request request = new Request(1, new Operation.Write(put), null, 5000);
    byte[] requests = ClientCodec.encodeRequests(List.of(request));
    Operation.Write write =
        (Operation.Write) ClientCodec.decodeRequests(requests).get(0).operation();
    assertThat(((Command.Put) write.command()).key()).isEqualTo(key);
    assertThat(((Command.Put) write.command()).value()).isEqualTo(value);

    KeyValue previous = new KeyValue(key, value, 1, 1, 1);
    Reply reply = new Reply(1, new Outcome.Written(new Result.Applied(2, 2, previous), 17));
    byte[] replies = ClientCodec.encodeReplies(List.of(reply));
    assertThat(ClientCodec.decodeReplies(replies)).containsExactly(reply);
  }

  private static void assertOtherLengthsAreRefused(
      byte[] bytes, byte more, Function<byte[], ?> decode) {
    for (int length = 0; length < bytes.length; length += 1 + length / 16) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> decode.apply(cut)).isInstanceOf(CodecException.class);
    }
    byte[] shorter = Arrays.copyOf(bytes, bytes.length - 1);
    assertThatThrownBy(() -> decode.apply(shorter)).isInstanceOf(CodecException.class);
    byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
    longer[bytes.length] = more;
    assertThatThrownBy(() -> decode.apply(longer)).isInstanceOf(CodecException.class);
  }

  private static void assertReadOrRefused(byte[] bytes, Function<byte[], List<?>> decode) {
    try {
      assertThat(decode.apply(bytes)).doesNotContainNull();
    } catch (CodecException e) {
      assertThat(e).hasMessageMatching("(?s).*(malformed|format version).*");
    }
  }

  @Provide
  Arbitrary<List<Request>> requests() {
    Arbitrary<Request.Stamp> stamps =
        Combinators.combine(sessions(), numbers(), numbers()).as(Request.Stamp::new);
    return Combinators.combine(numbers(), operations(), stamps.injectNull(0.3), numbers())
        .as(Request::new)
        .list()
        .ofMaxSize(8);
  }

  @Provide
  Arbitrary<List<Reply>> replies() {
    return Combinators.combine(numbers(), outcomes()).as(Reply::new).list().ofMaxSize(8);
  }

  private static Arbitrary<Operation> operations() {
    Arbitrary<Operation> writes = commands().map(Operation.Write::new);
    Arbitrary<Operation> reads = queries().map(Operation.LinearizableRead::new);
    Arbitrary<Operation> stale =
        Combinators.combine(queries(), numbers()).as(Operation.StaleRead::new);
    return Arbitraries.oneOf(writes, reads, stale);
  }

  private static Arbitrary<Command> commands() {
    Arbitrary<Boolean> flags = Arbitraries.of(true, false);
    Arbitrary<Command> puts =
        Combinators.combine(bytes(), bytes(), conditions(), flags).as(Command.Put::new);
    Arbitrary<Command> deletes =
        Combinators.combine(bytes(), conditions(), flags).as(Command.Delete::new);
    Arbitrary<Command> opens = numbers().map(Command.OpenSession::new);
    Arbitrary<Command> others = Arbitraries.of(new Command.KeepAlive(), new Command.CloseSession());
    return Arbitraries.oneOf(puts, deletes, opens, others);
  }

  private static Arbitrary<Condition> conditions() {
    Arbitrary<Condition> revisions = numbers().map(Condition.ModRevision::new);
    return Arbitraries.oneOf(
        revisions, Arbitraries.of(Condition.NONE, Condition.ABSENT, Condition.PRESENT));
  }

  private static Arbitrary<Query> queries() {
    Arbitrary<Query> gets = bytes().map(Query.Get::new);
    Arbitrary<Query> lists =
        Combinators.combine(bytes(), bytes(), Arbitraries.integers().greaterOrEqual(0))
            .as(Query.ListKeys::new);
    return Arbitraries.oneOf(gets, lists);
  }

  private static Arbitrary<Outcome> outcomes() {
    Arbitrary<Outcome> written = results().map(result -> new Outcome.Written(result, 17));
    Arbitrary<Outcome> answered =
        Combinators.combine(answers(), numbers()).as(Outcome.Answered::new);
    Arbitrary<Outcome> refused =
        Combinators.combine(Arbitraries.of(Outcome.Reason.class), details())
            .as(Outcome.Refused::new);
    Arbitrary<Outcome> unknown = details().map(Outcome.Unknown::new);
    return Arbitraries.oneOf(written, answered, refused, unknown);
  }

  private static Arbitrary<Result> results() {
    Arbitrary<Result> applied =
        Combinators.combine(numbers(), numbers(), keyValues().injectNull(0.3))
            .as(Result.Applied::new);
    Arbitrary<Result> failed = numbers().map(Result.ConditionFailed::new);
    Arbitrary<Result> opened =
        Combinators.combine(sessions(), numbers()).as(Result.SessionOpened::new);
    Arbitrary<Result> others =
        Arbitraries.of(
            new Result.NotFound(),
            new Result.Done(),
            new Result.SessionExpired(),
            new Result.AlreadyAcknowledged(),
            new Result.TooManySessions(),
            new Result.OutsideWindow());
    return Arbitraries.oneOf(applied, failed, opened, others);
  }

  private static Arbitrary<Query.Answer> answers() {
    Arbitrary<Query.Answer> keys =
        Combinators.combine(keyValues().injectNull(0.3), numbers()).as(Query.KeyAnswer::new);
    Arbitrary<Query.Answer> pages =
        Combinators.combine(keyValues().list().ofMaxSize(4), Arbitraries.of(true, false), numbers())
            .as(Query.PageAnswer::new);
    return Arbitraries.oneOf(keys, pages);
  }

  private static Arbitrary<KeyValue> keyValues() {
    return Combinators.combine(bytes(), bytes(), numbers(), numbers(), numbers()).as(KeyValue::new);
  }

  private static Arbitrary<SessionId> sessions() {
    return Combinators.combine(numbers(), Arbitraries.integers().greaterOrEqual(0))
        .as(SessionId::new);
  }

  private static Arbitrary<Long> numbers() {
    return Arbitraries.oneOf(
        Arbitraries.longs(),
        Arbitraries.of(0L, 1L, 127L, 128L, -1L, Long.MAX_VALUE, Long.MIN_VALUE));
  }

  private static Arbitrary<byte[]> bytes() {
    return Arbitraries.bytes().array(byte[].class).ofMaxSize(40);
  }

  private static Arbitrary<String> details() {
    return Arbitraries.strings().ofMaxLength(20).filter(ClientCodecTest::isText);
  }

  /** Lone surrogates have no UTF-8 form. */
  private static boolean isText(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }
}
