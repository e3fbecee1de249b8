package synod.node;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.javadsl.Adapter;
import akka.serialization.Serialization;
import akka.serialization.SerializationExtension;
import akka.serialization.Serializer;
import akka.serialization.Serializers;
import akka.serialization.jackson.JacksonCborSerializer;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import synod.kv.KvLimits;
import synod.paxos.Ballot;
import synod.paxos.Entry;
import synod.paxos.Formation;
import synod.paxos.Message;
import synod.paxos.Snapshot;

/**
 * Every message travels as it was sent, at its smallest and at its largest, and never in a frame
 * that is too large.
 */
class MessageSerializationTest {
  private static final Config CONFIG =
      ConfigFactory.parseString("akka.actor.provider = local").withFallback(ConfigFactory.load());
  private static final ActorTestKit KIT = ActorTestKit.create("serialization", CONFIG);
  private static final Serialization SERIALIZATION =
      SerializationExtension.get(Adapter.toClassic(KIT.system()));
  private static final int PART_BYTES = CONFIG.getBytes("synod.limits.part-bytes").intValue();
  private static final int FRAME_BYTES =
      CONFIG.getBytes("akka.remote.artery.advanced.maximum-frame-size").intValue();
  private static final int BATCH_BYTES = CONFIG.getBytes("synod.limits.max-batch-bytes").intValue();

  private static final Ballot LARGE = new Ballot(Long.MAX_VALUE, "n".repeat(255), Long.MIN_VALUE);

  /** A batch that was almost full when the largest value came. */
  private static final byte[] LARGEST =
      filled(BATCH_BYTES + KvLimits.MAX_VALUE_BYTES + KvLimits.MAX_KEY_BYTES + 1024);

  private static final Snapshot SNAPSHOT =
      new Snapshot(Long.MAX_VALUE, "f".repeat(64), Long.MAX_VALUE);

  @AfterAll
  static void end() {
    KIT.shutdownTestKit();
  }

  private static byte[] filled(int size) {
    byte[] bytes = new byte[size];
    Arrays.fill(bytes, (byte) 0xff);
    return bytes;
  }

  static Stream<Message> messages() {
    Entry largest = new Entry(Long.MAX_VALUE, LARGE, LARGEST);
    Entry noOp = new Entry(1, Ballot.NONE, Entry.NO_OP);
    return Stream.of(
        new Message.Prepare(LARGE, Long.MAX_VALUE),
        new Message.Promise(LARGE, 1, List.of(), 0, 1),
        new Message.Promise(LARGE, 1, List.of(noOp, largest), Long.MAX_VALUE, Long.MAX_VALUE),
        new Message.Accept(LARGE, Long.MAX_VALUE, LARGEST),
        new Message.Accept(LARGE, 1, Entry.NO_OP),
        new Message.Accepted(LARGE, Long.MAX_VALUE),
        new Message.Rejected(LARGE, LARGE),
        new Message.Heartbeat(LARGE, Long.MAX_VALUE),
        new Message.HeartbeatAck(LARGE, Long.MAX_VALUE, LARGE),
        new Message.PreCampaign(Long.MAX_VALUE),
        new Message.PreCampaignReply(Long.MAX_VALUE, true, LARGE),
        new Message.Handover(LARGE),
        new Message.Chosen(LARGE, Long.MAX_VALUE - 1, Long.MAX_VALUE),
        new Message.FetchAccepted(Long.MAX_VALUE),
        new Message.AcceptedEntries(List.of(noOp, largest)),
        new Message.ChosenHere(Long.MAX_VALUE, LARGEST),
        new Message.FetchChosen(Long.MAX_VALUE),
        new Message.ChosenValues(Long.MAX_VALUE, new ArrayList<>(Collections.nCopies(3, LARGEST))),
        new Message.ChosenValues(1, List.of()),
        new Message.SnapshotOffer(SNAPSHOT),
        new Message.FetchSnapshot(SNAPSHOT, Long.MAX_VALUE, Integer.MAX_VALUE),
        new Message.SnapshotPart(SNAPSHOT, Long.MAX_VALUE, LARGEST),
        new Message.SnapshotGone(SNAPSHOT),
        new Message.Durable(Long.MAX_VALUE),
        new Message.Trimmed(LARGE, Long.MAX_VALUE - 1, Long.MAX_VALUE),
        new Message.ProgressQuery(),
        new Message.Progress(Long.MAX_VALUE),
        new Message.LeaderKnown(LARGE),
        new Message.Submit(Long.MAX_VALUE, Long.MAX_VALUE, LARGEST),
        new Message.ReadIndexRequest(Long.MAX_VALUE, Long.MAX_VALUE),
        new Message.ReadIndex(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE),
        new Message.NotLeader(Long.MAX_VALUE, Long.MAX_VALUE, LARGE));
  }

  @Test
  void noMessageOfTheProtocolIsLeftOut() {
    Set<Class<?>> tested = messages().map(Object::getClass).collect(Collectors.toSet());
    assertThat(tested).containsExactlyInAnyOrder(Message.class.getPermittedSubclasses());
  }

  @ParameterizedTest
  @MethodSource("messages")
  void aMessageArrivesAsItWasSent(Message message) {
    Envelope sent = new Envelope(Envelope.VERSION, "0123456789abcdef", "cluster", "n1", message);

    assertSame(transported(sent), sent);
  }

  /** All but the one with a value that only passes between two roles of a node. */
  static Stream<Message> messagesBetweenNodes() {
    return messages().filter(message -> !(message instanceof Message.ChosenHere));
  }

  @ParameterizedTest
  @MethodSource("messagesBetweenNodes")
  void aMessageOfAnySizeTravelsInFramesThatPass(Message message) {
    Envelope sent = new Envelope(Envelope.VERSION, "0123456789abcdef", "cluster", "n1", message);
    TestProbe<CborSerializable> wire = KIT.createTestProbe();
    new Parts(KIT.system(), PART_BYTES).send(wire.getRef(), sent, Peers.size(message));

    Assembler assembler = new Assembler(KIT.system());
    Optional<Object> whole = Optional.empty();
    while (whole.isEmpty()) {
      CborSerializable frame = wire.receiveMessage();
      assertThat(SERIALIZATION.serialize(frame).get().length).isLessThan(FRAME_BYTES - 4_096);
      whole =
          frame instanceof Part part
              ? assembler.add((Part) transported(part))
              : Optional.of(transported(frame));
    }
    assertSame(whole.get(), sent);
  }

  @Test
  void partsOfSeveralMessagesMayComeInAnyOrderAndTwice() {
    TestProbe<CborSerializable> wire = KIT.createTestProbe();
    Parts parts = new Parts(KIT.system(), PART_BYTES);
    for (long id = 1; id <= 3; id++) {
      Message.Submit submit = new Message.Submit(1, id, LARGEST);
      parts.send(
          wire.getRef(), new Envelope(Envelope.VERSION, "f", "c", "n1", submit), LARGEST.length);
    }
    int each = (LARGEST.length + 1_024) / PART_BYTES + 1;
    List<CborSerializable> frames = new ArrayList<>(wire.receiveSeveralMessages(3 * each));
    frames.addAll(frames.subList(0, each - 1));
    Collections.reverse(frames);

    Assembler assembler = new Assembler(KIT.system());
    List<Long> ids = new ArrayList<>();
    for (CborSerializable frame : frames) {
      assembler
          .add((Part) frame)
          .map(Envelope.class::cast)
          .ifPresent(whole -> ids.add(((Message.Submit) whole.message()).id()));
    }
    assertThat(ids).containsExactlyInAnyOrder(1L, 2L, 3L);
  }

  @Test
  void partsThatMakeNoSenseAreDropped() {
    Assembler assembler = new Assembler(KIT.system());
    assertThat(assembler.add(part(-1, 2))).isEmpty();
    assertThat(assembler.add(part(2, 2))).isEmpty();
    assertThat(assembler.add(part(0, 0))).isEmpty();
    assertThat(assembler.add(part(0, Integer.MAX_VALUE))).isEmpty();
  }

  private static Part part(int index, int count) {
    return new Part("s", 1, index, count, 1, "", new byte[] {1});
  }

  @Test
  void theOtherMessagesBetweenNodesArriveAsTheyWereSent() {
    List.of(
            new FormationActor.Ask("f", "n1", Long.MAX_VALUE),
            new FormationActor.Answer("f", "n2", 1, Formation.Standing.UNFORMED, null, ""),
            new FormationActor.Answer("f", "n2", 1, Formation.Standing.MEMBER, "cluster", "ab"),
            new UpkeepActor.OverQuota("f", "n1"),
            new GatewayMessage.ClientRequests("akka://c@127.0.0.1:1/user/client", LARGEST),
            new GatewayMessage.ClientReplies("n2", LARGEST))
        .forEach(sent -> assertThat(transported(sent)).usingRecursiveComparison().isEqualTo(sent));
  }

  /** Field by field; without a description of megabytes if they differ. */
  private static void assertSame(Object arrived, Object sent) {
    try {
      assertThat(difference(arrived, sent, "message")).isEmpty();
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  private static String difference(Object a, Object b, String where)
      throws ReflectiveOperationException {
    if (a == null || b == null || a.getClass() != b.getClass() && !(a instanceof List)) {
      return a == b ? "" : where;
    }
    if (a instanceof byte[] bytes) {
      return Arrays.equals(bytes, (byte[]) b) ? "" : where;
    }
    if (a instanceof List<?> list) {
      List<?> other = (List<?>) b;
      for (int i = 0; i < Math.min(list.size(), other.size()); i++) {
        String inside = difference(list.get(i), other.get(i), where + "[" + i + "]");
        if (!inside.isEmpty()) {
          return inside;
        }
      }
      return list.size() == other.size() ? "" : where + ".size";
    }
    if (a instanceof Record) {
      for (RecordComponent component : a.getClass().getRecordComponents()) {
        component.getAccessor().setAccessible(true);
        String inside =
            difference(
                component.getAccessor().invoke(a),
                component.getAccessor().invoke(b),
                where + "." + component.getName());
        if (!inside.isEmpty()) {
          return inside;
        }
      }
      return "";
    }
    return a.equals(b) ? "" : where + ": " + a + " is not " + b;
  }

  private static Object transported(Object message) {
    Serializer serializer = SERIALIZATION.findSerializerFor(message);
    assertThat(serializer).isInstanceOf(JacksonCborSerializer.class);
    return SERIALIZATION
        .deserialize(
            serializer.toBinary(message),
            serializer.identifier(),
            Serializers.manifestFor(serializer, message))
        .get();
  }
}
