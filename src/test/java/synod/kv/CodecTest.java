package synod.kv;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static synod.kv.Replica.bytes;
import static synod.kv.Replica.opening;
import static synod.kv.Replica.put;
import static synod.kv.Replica.sent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import synod.kv.Command.Condition;

@PropertyDefaults(edgeCases = EdgeCasesMode.NONE)
class CodecTest {
  private static final HexFormat HEX = HexFormat.ofDelimiter(" ");

  @Property(edgeCases = EdgeCasesMode.MIXIN)
  void anyLongComesBackFromAVarintOfThePredictedSize(@ForAll long value) {
    byte[] encoded = new ByteWriter().varint(value).toBytes();
    assertThat(encoded).hasSize(ByteWriter.sizeOfVarint(value));
    assertThat(new ByteReader(encoded).varint()).isEqualTo(value);
  }

  @Example
  void aNumberHasOneFormOnly() {
    // Two bytes where one would do, and more bits than a long has.
    for (String wrong : List.of("80 00", "ff ff ff ff ff ff ff ff ff 02")) {
      assertThatThrownBy(() -> new ByteReader(HEX.parseHex(wrong)).varint())
          .isInstanceOf(CodecException.class)
          .hasMessageContaining("not a number");
    }
  }

  @Property
  void textComesBack(@ForAll String text) {
    String valid = new String(bytes(text), UTF_8);
    assertThat(new ByteReader(new ByteWriter().string(valid).toBytes()).string()).isEqualTo(valid);
  }

  @Example
  void textThatIsNotUtf8IsRefused() {
    assertThatThrownBy(() -> new ByteReader(HEX.parseHex("01 ff")).string())
        .isInstanceOf(CodecException.class)
        .hasMessage("malformed bytes, at 2 of 2: not UTF-8");
  }

  @Example
  void aLengthBeyondTheBytesAllocatesNothing() {
    byte[] twoGibibytes = HEX.parseHex("ff ff ff ff 07 00");
    List<Function<ByteReader, Object>> readers =
        List.of(
            ByteReader::bytes,
            ByteReader::part,
            ByteReader::string,
            reader -> reader.list(ByteReader::oneByte));
    for (Function<ByteReader, Object> read : readers) {
      assertThatThrownBy(() -> read.apply(new ByteReader(twoGibibytes)))
          .isInstanceOf(CodecException.class)
          .hasMessage("malformed bytes, at 5 of 6: the bytes end too early");
    }
  }

  /** What is stored and sent must be readable by later versions: these bytes don't change. */
  @Example
  void theFormatIsTheOneThatIsStored() {
    SessionId session = new SessionId(300, 2);
    Command conditional =
        new Command.Put(bytes("k"), bytes("v"), new Condition.ModRevision(5), true);
    byte[] batch =
        CommandCodec.encode(
            9,
            "n1",
            List.of(
                opening(1000),
                sent(session, 7, 4, conditional),
                sent(session, 8, 4, Replica.delete("k"))));
    assertThat(HEX.formatHex(batch))
        .isEqualTo(
            "01 09 02 6e 31 03"
                + " 00 00 00 00 03 e8 07"
                + " 07 01 ac 02 02 07 03 01 01 6b 01 76 01 05 01"
                + " 08 02 08 04 02 01 6b 00 00");
    assertThat(HEX.formatHex(EntryCodec.encode(1000, List.of(new byte[] {1, 2}, new byte[] {3}))))
        .isEqualTo("01 e8 07 02 02 01 02 01 03");
  }

  @Property(tries = 200)
  void batchesComeBack(
      @ForAll long incarnation,
      @ForAll("names") String origin,
      @ForAll("sessionCommands") List<SessionCommand> commands) {
    byte[] encoded = CommandCodec.encode(incarnation, origin, commands);
    CommandCodec.Batch decoded = CommandCodec.decode(encoded);

    assertThat(decoded)
        .usingRecursiveComparison()
        .isEqualTo(new CommandCodec.Batch(incarnation, origin, commands));
    assertThat(CommandCodec.encode(incarnation, origin, decoded.commands())).isEqualTo(encoded);
  }

  @Property(tries = 200)
  void entriesComeBack(
      @ForAll("timestamps") long timestamp,
      @ForAll("sessionCommands") List<SessionCommand> first,
      @ForAll("sessionCommands") List<SessionCommand> second) {
    byte[] encoded =
        EntryCodec.encode(
            timestamp,
            List.of(CommandCodec.encode(1, "n1", first), CommandCodec.encode(2, "n2", second)));
    assertThat(EntryCodec.decode(encoded))
        .usingRecursiveComparison()
        .isEqualTo(
            new EntryCodec.Contents(
                timestamp,
                List.of(
                    new CommandCodec.Batch(1, "n1", first),
                    new CommandCodec.Batch(2, "n2", second))));
  }

  @Property(tries = 300)
  void resultsQueriesAndAnswersComeBack(
      @ForAll("results") Result result,
      @ForAll("queries") Query query,
      @ForAll("answers") Query.Answer answer) {
    ByteWriter to = new ByteWriter();
    KvCodec.writeResult(to, result);
    KvCodec.writeQuery(to, query);
    KvCodec.writeAnswer(to, answer);
    ByteReader from = new ByteReader(to.toBytes());

    assertThat(KvCodec.readResult(from)).isEqualTo(result);
    assertThat(KvCodec.readQuery(from)).usingRecursiveComparison().isEqualTo(query);
    assertThat(KvCodec.readAnswer(from)).isEqualTo(answer);
    from.end();
  }

  @Example
  void theLargestKeysAndValuesComeBack() {
    byte[] key = new byte[KvLimits.MAX_KEY_BYTES];
    byte[] value = new byte[KvLimits.MAX_VALUE_BYTES];
    Arrays.fill(key, (byte) 0xff);
    Arrays.fill(value, (byte) 0x80);
    Command largest = new Command.Put(key, value, Condition.PRESENT, true);
    SessionCommand sent = sent(new SessionId(1, 0), Long.MAX_VALUE, 0, largest);
    KeyValue entry = new KeyValue(key, value, 1, Long.MAX_VALUE, Long.MAX_VALUE);
    Result result = new Result.Applied(Long.MAX_VALUE, Long.MAX_VALUE, entry);
    ByteWriter to = new ByteWriter();
    KvCodec.writeResult(to, result);

    byte[] batch = CommandCodec.encode(Long.MIN_VALUE, "n", List.of(sent));
    assertThat(batch.length).isLessThan(key.length + value.length + 64);
    Command decoded = CommandCodec.decode(batch).commands().get(0).command();
    assertThat(((Command.Put) decoded).key()).isEqualTo(key);
    assertThat(((Command.Put) decoded).value()).isEqualTo(value);
    assertThat(KvCodec.readResult(new ByteReader(to.toBytes()))).isEqualTo(result);
  }

  @Property(tries = 500)
  void damageIsReportedByOneExceptionOnly(
      @ForAll("sessionCommands") List<SessionCommand> commands, @ForAll("damages") Damage damage) {
    byte[] batch = CommandCodec.encode(1, "n1", commands);
    byte[] entry = EntryCodec.encode(1_700_000_000_000L, List.of(batch, batch));
    readsOrRefuses(() -> EntryCodec.decode(damage.applyTo(entry)));
    readsOrRefuses(() -> CommandCodec.decode(damage.applyTo(batch)));
  }

  @Property(tries = 500)
  void damagedResultsAndAnswersAreReportedByOneExceptionOnly(
      @ForAll("results") Result result,
      @ForAll("queries") Query query,
      @ForAll("answers") Query.Answer answer,
      @ForAll("damages") Damage damage) {
    ByteWriter to = new ByteWriter();
    KvCodec.writeResult(to, result);
    KvCodec.writeQuery(to, query);
    KvCodec.writeAnswer(to, answer);
    ByteReader from = new ByteReader(damage.applyTo(to.toBytes()));
    readsOrRefuses(
        () -> {
          KvCodec.readResult(from);
          KvCodec.readQuery(from);
          KvCodec.readAnswer(from);
          from.end();
        });
  }

  @Property(tries = 1000)
  void noiseIsReportedByOneExceptionOnly(@ForAll byte[] noise) {
    readsOrRefuses(() -> EntryCodec.decode(noise));
    readsOrRefuses(() -> CommandCodec.decode(noise));
    readsOrRefuses(() -> KvCodec.readCommand(new ByteReader(noise)));
    readsOrRefuses(() -> KvCodec.readResult(new ByteReader(noise)));
    readsOrRefuses(() -> KvCodec.readQuery(new ByteReader(noise)));
    readsOrRefuses(() -> KvCodec.readAnswer(new ByteReader(noise)));
  }

  @Property(tries = 50)
  void everyCutIsRefused(@ForAll("sessionCommands") List<SessionCommand> commands) {
    byte[] batch = CommandCodec.encode(1, "n1", commands);
    byte[] entry = EntryCodec.encode(1_700_000_000_000L, List.of(batch));
    for (int length = 0; length < entry.length; length++) {
      byte[] cut = Arrays.copyOf(entry, length);
      assertThatThrownBy(() -> EntryCodec.decode(cut)).isInstanceOf(CodecException.class);
    }
    byte[] longer = Arrays.copyOf(entry, entry.length + 1);
    assertThatThrownBy(() -> EntryCodec.decode(longer))
        .isInstanceOf(CodecException.class)
        .hasMessageEndingWith("1 bytes too many");
    byte[] longerBatch = Arrays.copyOf(batch, batch.length + 1);
    assertThatThrownBy(() -> CommandCodec.decode(longerBatch)).isInstanceOf(CodecException.class);
  }

  @Example
  void foreignVersionsAndKindsAreNamed() {
    byte[] batch = CommandCodec.encode(1, "n1", List.of(opening(1000)));
    batch[0] = 2;
    assertThatThrownBy(() -> CommandCodec.decode(batch))
        .hasMessage("a batch of commands has format version 2; this program reads version 1");
    assertThatThrownBy(() -> KvCodec.readCommand(new ByteReader(new byte[] {99})))
        .hasMessage("malformed bytes, at 1 of 1: no command of kind 99 is known");
  }

  @Example
  void aCommandWithoutASessionIsOneThatOpensIt() {
    assertThatThrownBy(() -> new SessionCommand(1, null, 1, 0, put("a", "1")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> new SessionCommand(1, new SessionId(1, 0), 1, 0, new Command.OpenSession(1000)))
        .isInstanceOf(IllegalArgumentException.class);
    // The session's kind is the byte behind the tag of the only command.
    byte[] batch = CommandCodec.encode(1, "n1", List.of(opening(1000)));
    batch[7] = 2;
    assertThatThrownBy(() -> CommandCodec.decode(batch)).isInstanceOf(CodecException.class);
    byte[] closing =
        CommandCodec.encode(
            1, "n1", List.of(sent(new SessionId(0, 0), 1, 0, new Command.CloseSession())));
    byte[] withoutSession = HEX.parseHex("01 01 02 6e 31 01 01 00 01 01 05");
    assertThat(closing).isEqualTo(HEX.parseHex("01 01 02 6e 31 01 01 01 00 00 01 01 05"));
    assertThatThrownBy(() -> CommandCodec.decode(withoutSession))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("without its session");
  }

  @Example
  void timestampsAreBounded() {
    long max = EntryCodec.MAX_TIMESTAMP_MILLIS;
    assertThat(EntryCodec.decode(EntryCodec.encode(max, List.of())).timestampMillis())
        .isEqualTo(max);
    for (long wrong : new long[] {-1, max + 1}) {
      assertThatThrownBy(() -> EntryCodec.encode(wrong, List.of()))
          .isInstanceOf(IllegalArgumentException.class);
      byte[] encoded = new ByteWriter().oneByte(1).varint(wrong).varint(0).toBytes();
      assertThatThrownBy(() -> EntryCodec.decode(encoded)).isInstanceOf(CodecException.class);
    }
  }

  private static void readsOrRefuses(Runnable reading) {
    try {
      reading.run();
    } catch (CodecException e) {
      assertThat(e).hasMessageMatching("(?s).+");
    }
  }

  /** A byte changed, bytes cut off, and some inserted. */
  record Damage(double place, int xor, double keep, byte[] inserted) {
    byte[] applyTo(byte[] bytes) {
      int at = (int) (place * bytes.length);
      byte[] changed = bytes.clone();
      changed[at] ^= (byte) xor;
      ByteWriter to = new ByteWriter();
      to.raw(Arrays.copyOf(changed, at)).raw(inserted);
      to.raw(Arrays.copyOfRange(changed, at, changed.length));
      byte[] all = to.toBytes();
      return Arrays.copyOf(all, (int) Math.ceil(keep * all.length));
    }
  }

  @Provide
  Arbitrary<Damage> damages() {
    return Combinators.combine(
            Arbitraries.doubles().between(0, true, 1, false),
            Arbitraries.integers().between(0, 255),
            Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.just(1.0)),
                Tuple.of(1, Arbitraries.doubles().between(0, 1))),
            Arbitraries.bytes().array(byte[].class).ofMaxSize(3))
        .as(Damage::new);
  }

  @Provide
  Arbitrary<Long> timestamps() {
    return Arbitraries.longs().between(0, EntryCodec.MAX_TIMESTAMP_MILLIS);
  }

  @Provide
  Arbitrary<String> names() {
    return Arbitraries.strings().alpha().numeric().withChars('-', 'ä', '€').ofMaxLength(12);
  }

  @Provide
  Arbitrary<List<SessionCommand>> sessionCommands() {
    Arbitrary<SessionCommand> inSession =
        Combinators.combine(longs(), sessionIds(), longs(), longs(), commands())
            .as(SessionCommand::new);
    Arbitrary<SessionCommand> opening = longs().map(Replica::opening);
    Arbitrary<List<SessionCommand>> any = Arbitraries.oneOf(inSession, opening).list().ofMaxSize(8);
    return any.map(CodecTest::repeatSessions);
  }

  /** Gives every second command its predecessor's session, as is usual. */
  private static List<SessionCommand> repeatSessions(List<SessionCommand> commands) {
    List<SessionCommand> repeated = new ArrayList<>(commands);
    for (int i = 1; i < repeated.size(); i += 2) {
      SessionId before = repeated.get(i - 1).session();
      SessionCommand command = repeated.get(i);
      if (before != null && command.session() != null) {
        repeated.set(i, sent(before, command.sequence(), 0, command.command()));
      }
    }
    return repeated;
  }

  private static Arbitrary<Command> commands() {
    Arbitrary<Condition> conditions =
        Arbitraries.oneOf(
            Arbitraries.of(Condition.NONE, Condition.ABSENT, Condition.PRESENT),
            longs().map(Condition.ModRevision::new));
    Arbitrary<Boolean> previous = Arbitraries.of(true, false);
    return Arbitraries.oneOf(
        Combinators.combine(blobs(), blobs(), conditions, previous).as(Command.Put::new),
        Combinators.combine(blobs(), conditions, previous).as(Command.Delete::new),
        Arbitraries.of(new Command.KeepAlive(), new Command.CloseSession()),
        longs().map(Command.Compact::new),
        Arbitraries.integers().between(0, Integer.MAX_VALUE).map(Command.RaiseVersion::new),
        Combinators.combine(longs(), longs()).as(Command.ReportState::new));
  }

  @Provide
  Arbitrary<Result> results() {
    Arbitrary<Long> longs = longs();
    return Arbitraries.oneOf(
        Combinators.combine(longs, longs, keyValues().injectNull(0.5)).as(Result.Applied::new),
        longs.map(Result.ConditionFailed::new),
        Combinators.combine(sessionIds(), longs).as(Result.SessionOpened::new),
        longs.map(Result.Compacted::new),
        longs.map(Result.FutureRevision::new),
        Arbitraries.of(new Result.VersionTooLow(1, 2), new Result.VersionTooLow(0, 300)),
        Arbitraries.of(
            new Result.NotFound(),
            new Result.Done(),
            new Result.SessionExpired(),
            new Result.AlreadyAcknowledged(),
            new Result.TooManySessions(),
            new Result.OutsideWindow()));
  }

  @Provide
  Arbitrary<Query> queries() {
    return Arbitraries.oneOf(
        blobs().map(Query.Get::new),
        Combinators.combine(blobs(), blobs(), Arbitraries.integers()).as(Query.ListKeys::new),
        Combinators.combine(blobs(), longs(), Arbitraries.integers()).as(Query.ListChanges::new));
  }

  @Provide
  Arbitrary<Query.Answer> answers() {
    return Arbitraries.oneOf(
        Combinators.combine(keyValues().injectNull(0.3), longs()).as(Query.KeyAnswer::new),
        Combinators.combine(keyValues().list().ofMaxSize(4), Arbitraries.of(true, false), longs())
            .as(Query.PageAnswer::new),
        Combinators.combine(changes().list().ofMaxSize(4), longs(), longs(), longs())
            .as(Query.ChangesAnswer::new));
  }

  private static Arbitrary<KeyChange> changes() {
    Arbitrary<Long> longs = longs();
    return Arbitraries.oneOf(
        Combinators.combine(longs, blobs(), blobs(), longs, longs).as(KeyChange::new),
        Combinators.combine(longs, blobs())
            .as((revision, key) -> new KeyChange(revision, key, null, 0, 0)));
  }

  private static Arbitrary<KeyValue> keyValues() {
    Arbitrary<Long> longs = longs();
    return Combinators.combine(blobs(), blobs(), longs, longs, longs).as(KeyValue::new);
  }

  private static Arbitrary<SessionId> sessionIds() {
    return Combinators.combine(longs(), Arbitraries.integers().between(0, Integer.MAX_VALUE))
        .as(SessionId::new);
  }

  private static Arbitrary<byte[]> blobs() {
    return Arbitraries.bytes().array(byte[].class).ofMaxSize(300);
  }

  /** Small and large ones, and the extremes often. */
  private static Arbitrary<Long> longs() {
    return Arbitraries.oneOf(
        Arbitraries.longs(),
        Arbitraries.of(0L, 1L, 127L, 128L, -1L, Long.MAX_VALUE, Long.MIN_VALUE));
  }
}
