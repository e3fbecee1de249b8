package synod.paxos;

import static org.assertj.core.api.Assertions.assertThat;
import static synod.paxos.Effects.ballot;
import static synod.paxos.Effects.messages;
import static synod.paxos.Effects.value;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class Phase1Test {
  private static final Ballot MINE = ballot(9, "a");
  private static final Quorums THREE = Quorums.majority(List.of("a", "b", "c"));

  private final Phase1 phase1 = new Phase1(MINE, 5, THREE);

  @Test
  void everybodyIsAskedFromTheFirstUnchosenSlotOn() {
    assertThat(phase1.prepares())
        .extracting(Effect.Send::node, Effect.Send::message)
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple("a", new Message.Prepare(MINE, 5)),
            org.assertj.core.groups.Tuple.tuple("b", new Message.Prepare(MINE, 5)),
            org.assertj.core.groups.Tuple.tuple("c", new Message.Prepare(MINE, 5)));
  }

  @Test
  void onlyThoseWhosePromiseIsNotWholeAreAskedAgain() {
    whole("b");

    assertThat(phase1.prepares()).extracting(Effect.Send::node).containsExactly("a", "c");
  }

  @Test
  void aQuorumOfWholePromisesCompletesIt() {
    whole("a");
    assertThat(phase1.isComplete()).isFalse();
    whole("c");
    assertThat(phase1.isComplete()).isTrue();
    assertThat(phase1.promisedBy()).containsExactlyInAnyOrder("a", "c");
  }

  @Test
  void anAcceptorCountsOnceHoweverOftenItsPromiseArrives() {
    whole("a");
    whole("a");
    whole("a");

    assertThat(phase1.isComplete()).isFalse();
  }

  @Test
  void promisesForAnotherBallotDoNotCount() {
    phase1.promise("a", new Message.Promise(ballot(8, "a"), 5, List.of(), 0, 1));
    phase1.promise("b", new Message.Promise(new Ballot(9, "a", 8), 5, List.of(), 0, 1));

    assertThat(phase1.promisedBy()).isEmpty();
  }

  @Test
  void whoIsNoConfiguredAcceptorDoesNotCount() {
    whole("a");
    whole("x");

    assertThat(phase1.isComplete()).isFalse();
  }

  @Test
  void aPartialPromiseCountsOnlyWithItsLastPart() {
    whole("a");
    List<Effect> next =
        phase1.promise("b", new Message.Promise(MINE, 5, List.of(entry(5, 1, "x")), 6, 1));

    assertThat(phase1.isComplete()).isFalse();
    assertThat(phase1.highest()).isEmpty();
    assertThat(messages(next, Message.Prepare.class)).containsExactly(new Message.Prepare(MINE, 6));

    phase1.promise("b", new Message.Promise(MINE, 6, List.of(entry(6, 1, "y")), 0, 1));
    assertThat(phase1.isComplete()).isTrue();
    assertThat(phase1.highest()).containsOnlyKeys(5L, 6L);
  }

  @Test
  void aRepeatedOrOvertakenPartIsNotTakenForTheNextOne() {
    Message.Promise first = new Message.Promise(MINE, 5, List.of(entry(5, 1, "x")), 6, 1);
    Message.Promise third = new Message.Promise(MINE, 7, List.of(entry(7, 1, "z")), 0, 1);
    phase1.promise("b", first);
    phase1.promise("b", first);
    phase1.promise("b", third);

    assertThat(phase1.promisedBy()).isEmpty();
    assertThat(phase1.prepares())
        .filteredOn(send -> send.node().equals("b"))
        .extracting(Effect.Send::message)
        .containsExactly(new Message.Prepare(MINE, 6));
  }

  @Test
  void theHighestBallotsValueIsTakenSlotBySlotInWhateverOrderPromisesCome() {
    List<Entry> ofA = List.of(entry(5, 3, "five"), entry(6, 1, "old"));
    List<Entry> ofC = List.of(entry(5, 2, "old"), entry(6, 4, "six"), entry(8, 1, "eight"));
    for (boolean aFirst : List.of(true, false)) {
      Phase1 campaign = new Phase1(MINE, 5, THREE);
      campaign.promise(aFirst ? "a" : "c", promise(aFirst ? ofA : ofC));
      campaign.promise(aFirst ? "c" : "a", promise(aFirst ? ofC : ofA));

      assertThat(campaign.highest())
          .containsOnlyKeys(5L, 6L, 8L)
          .containsEntry(5L, entry(5, 3, "five"))
          .containsEntry(6L, entry(6, 4, "six"));
    }
  }

  @Test
  void whatLiesBelowATrimPointIsNeitherReportedNorToBeProposed() {
    phase1.promise(
        "a", new Message.Promise(MINE, 5, List.of(entry(7, 1, "lost"), entry(8, 1, "x")), 0, 1));
    phase1.promise("b", new Message.Promise(MINE, 5, List.of(), 0, 8));

    assertThat(phase1.isComplete()).isTrue();
    assertThat(phase1.from()).isEqualTo(8);
    assertThat(phase1.highest()).containsOnlyKeys(8L);
  }

  @Test
  void aTrimBetweenTwoPartsOfAPromiseCounts() {
    whole("a");
    phase1.promise("b", new Message.Promise(MINE, 5, List.of(entry(5, 1, "x")), 6, 1));
    phase1.promise("b", new Message.Promise(MINE, 6, List.of(entry(9, 1, "y")), 0, 9));

    assertThat(phase1.from()).isEqualTo(9);
    assertThat(phase1.highest()).containsOnlyKeys(9L);
  }

  @Test
  void aTrimPointOfAPromiseThatIsNotWholeDoesNotCount() {
    phase1.promise("a", new Message.Promise(MINE, 5, List.of(entry(8, 1, "x")), 9, 8));

    assertThat(phase1.from()).isEqualTo(5);
  }

  @Property(tries = 200)
  void whateverAQuorumMayHaveChosenIsReported(@ForAll long seed) {
    Random random = new Random(seed);
    List<String> names = List.of("a", "b", "c", "d", "e");
    int q2 = 1 + random.nextInt(5);
    int q1 = 5 - q2 + 1;
    Entry chosen = entry(1, 5, "chosen");
    List<String> acceptors = new ArrayList<>(names);
    Collections.shuffle(acceptors, random);
    Map<String, Entry> held = new HashMap<>();
    for (int i = 0; i < 5; i++) {
      boolean voted = i < q2;
      Entry other = entry(1, 1 + random.nextInt(4), "other");
      if (voted || random.nextBoolean()) {
        held.put(acceptors.get(i), voted ? chosen : other);
      }
    }

    Phase1 campaign = new Phase1(MINE, 1, new Quorums(names, q1, q2));
    Collections.shuffle(acceptors, random);
    for (String acceptor : acceptors) {
      if (!campaign.isComplete()) {
        Entry entry = held.get(acceptor);
        campaign.promise(
            acceptor,
            new Message.Promise(MINE, 1, entry == null ? List.of() : List.of(entry), 0, 1));
      }
    }

    assertThat(campaign.highest()).containsEntry(1L, chosen);
  }

  private void whole(String acceptor) {
    phase1.promise(acceptor, promise(List.of()));
  }

  private static Message.Promise promise(List<Entry> entries) {
    return new Message.Promise(MINE, 5, entries, 0, 1);
  }

  private static Entry entry(long slot, long round, String value) {
    return new Entry(slot, ballot(round, "b"), value(value));
  }
}
