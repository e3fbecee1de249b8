package synod.paxos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import synod.paxos.Formation.Report;
import synod.paxos.Formation.Standing;

class FormationTest {
  private static final SortedSet<String> THREE = new TreeSet<>(List.of("a", "b", "c"));
  private static final Report NEW = new Report(Standing.UNFORMED, null);

  @Test
  void allNewAcceptorsFormOneCluster() {
    World world = new World(THREE, List.of("d"));

    world.settle();

    assertThat(world.standing("a")).isEqualTo(Standing.MEMBER);
    assertThat(world.standing("b")).isEqualTo(Standing.MEMBER);
    assertThat(world.standing("c")).isEqualTo(Standing.MEMBER);
    assertThat(world.standing("d")).isEqualTo(Standing.LEARNER);
    assertThat(world.durable.values().stream().map(Report::clusterId).distinct()).hasSize(1);
  }

  @Test
  void aSingleAcceptorFormsItsClusterAlone() {
    World world = new World(new TreeSet<>(List.of("a")), List.of());

    world.settle();

    assertThat(world.standing("a")).isEqualTo(Standing.MEMBER);
  }

  @Test
  void aClusterDoesNotFormAsLongAsOneAcceptorIsUnheard() {
    Formation founder = new Formation("a", THREE, NEW);
    founder.heard("b", NEW);
    founder.heard("d", NEW);

    assertThat(founder.next(() -> "id")).isEmpty();
    assertThat(founder.waitingFor()).contains("c").doesNotContain("b");
  }

  @ParameterizedTest
  @EnumSource(
      value = Standing.class,
      names = {"FORMING", "JOINED", "MEMBER", "FORGOTTEN"})
  void aClusterDoesNotFormIfOneAcceptorHasRunBefore(Standing standing) {
    Formation founder = new Formation("a", THREE, NEW);
    founder.heard("b", NEW);
    founder.heard("c", new Report(standing, "old"));

    assertThat(founder.next(() -> "id"))
        .isNotEqualTo(Optional.of(new Report(Standing.FORMING, "id")));
  }

  @Test
  void aClusterFormsOnlyOfAcceptorsWithTheSameState() {
    Report restored = new Report(Standing.UNFORMED, null, "backup");
    Formation founder = new Formation("a", THREE, restored);
    founder.heard("b", restored);
    founder.heard("c", NEW);

    assertThat(founder.next(() -> "id")).isEmpty();
    assertThat(founder.waitingFor()).contains("was restored from backup", "c began empty");
    founder.heard("c", new Report(Standing.UNFORMED, null, "another"));
    assertThat(founder.next(() -> "id")).isEmpty();
    founder.heard("c", restored);
    assertThat(founder.next(() -> "id")).contains(new Report(Standing.FORMING, "id", "backup"));
  }

  @Test
  void nobodyJoinsAFounderWithAnotherState() {
    Formation other = new Formation("b", THREE, NEW);
    other.heard("a", new Report(Standing.FORMING, "drawn", "backup"));
    other.heard("c", NEW);

    assertThat(other.next(() -> "id")).isEmpty();
    assertThat(other.waitingFor()).contains("began empty", "a was restored from backup");
  }

  @Test
  void aNodeWithAnotherStateNeverBecomesAPart() {
    Report member = new Report(Standing.MEMBER, "id", "backup");
    for (String node : List.of("c", "d")) {
      Formation other = new Formation(node, THREE, new Report(Standing.UNFORMED, null, "another"));
      other.heard("a", member);
      other.heard("b", member);
      assertThat(other.next(() -> "x")).isEmpty();

      Formation empty = new Formation(node, THREE, NEW);
      empty.heard("a", member);
      assertThat(empty.next(() -> "x")).isPresent();

      Formation same = new Formation(node, THREE, new Report(Standing.UNFORMED, null, "backup"));
      same.heard("a", member);
      assertThat(same.next(() -> "x")).map(Report::restoredFrom).contains("backup");
    }
  }

  @Test
  void onlyTheFounderDrawsTheId() {
    Formation other = new Formation("b", THREE, NEW);
    other.heard("a", NEW);
    other.heard("c", NEW);

    assertThat(other.next(() -> "id")).isEmpty();
    other.heard("a", new Report(Standing.FORMING, "drawn"));
    assertThat(other.next(() -> "id")).contains(new Report(Standing.JOINED, "drawn"));
  }

  @Test
  void theFounderBecomesAMemberOnlyWhenAllOthersHaveJoinedIt() {
    Formation founder = new Formation("a", THREE, new Report(Standing.FORMING, "id"));
    founder.heard("b", new Report(Standing.JOINED, "id"));
    assertThat(founder.next(() -> "x")).isEmpty();
    founder.heard("c", new Report(Standing.JOINED, "other"));
    assertThat(founder.next(() -> "x")).isEmpty();
    founder.heard("c", new Report(Standing.JOINED, "id"));

    assertThat(founder.next(() -> "x")).contains(new Report(Standing.MEMBER, "id"));
  }

  @Test
  void whoJoinedVotesOnlyAfterAMembersWord() {
    Formation joined = new Formation("b", THREE, new Report(Standing.JOINED, "id"));
    joined.heard("a", new Report(Standing.FORMING, "id"));
    joined.heard("c", new Report(Standing.JOINED, "id"));
    assertThat(joined.next(() -> "x")).isEmpty();
    joined.heard("c", new Report(Standing.MEMBER, "other"));
    assertThat(joined.next(() -> "x")).isEmpty();
    joined.heard("c", new Report(Standing.MEMBER, "id"));

    assertThat(joined.next(() -> "x")).contains(new Report(Standing.MEMBER, "id"));
  }

  @ParameterizedTest
  @EnumSource(
      value = Standing.class,
      names = {"FORMING", "JOINED", "UNFORMED"})
  void anEmptyAcceptorThatHearsOfAnyMemberHasForgotten(Standing founder) {
    Formation empty = new Formation("b", THREE, NEW);
    empty.heard("a", new Report(founder, founder == Standing.UNFORMED ? null : "id"));
    empty.heard("c", new Report(Standing.MEMBER, "id"));

    assertThat(empty.next(() -> "x")).contains(new Report(Standing.FORGOTTEN, "id"));
  }

  @ParameterizedTest
  @EnumSource(
      value = Standing.class,
      names = {"MEMBER", "FORGOTTEN", "LEARNER"})
  void aSettledStandingNeverChanges(Standing settled) {
    Report self = new Report(settled, "id");
    for (Standing b : Standing.values()) {
      for (Standing c : Standing.values()) {
        Formation formation = new Formation("a", THREE, self);
        formation.heard("b", new Report(b, "id"));
        formation.heard("c", new Report(c, "id"));
        assertThat(formation.next(() -> "x")).isEmpty();
        assertThat(formation.waitingFor()).isEmpty();
      }
    }
  }

  @Test
  void aFounderThatForgotDoesNotFormASecondCluster() {
    World world = new World(THREE, List.of());
    world.settle();
    world.wipe("a");

    world.settle();

    assertThat(world.standing("a")).isEqualTo(Standing.FORGOTTEN);
  }

  /**
   * Questions, answers, crashes and lost disks in any order. An answer reaches only the life that
   * asked for it, as the shell sees to. As long as one member remembers, nobody who was a member
   * and lost its disk becomes one again, and there is one cluster.
   */
  @Property(tries = 2_000)
  void whoForgotNeverVotesAgainInAnyInterleaving(
      @ForAll long seed, @ForAll @IntRange(min = 2, max = 4) int acceptors) {
    SortedSet<String> names = new TreeSet<>(List.of("a", "b", "c", "d").subList(0, acceptors));
    Random random = new Random(seed);
    World world = new World(names, List.of("z"));
    List<String> members = new ArrayList<>();
    List<String> wiped = new ArrayList<>();
    for (int step = 0; step < 200; step++) {
      String node = world.any(random);
      if (random.nextInt(20) == 0) {
        world.restart(node);
      }
      boolean remembered =
          names.stream()
              .anyMatch(
                  other ->
                      !other.equals(node) && members.contains(other) && !wiped.contains(other));
      if (random.nextInt(30) == 0 && names.contains(node) && (members.isEmpty() || remembered)) {
        world.wipe(node);
        if (members.contains(node)) {
          wiped.add(node);
        }
      }
      world.step(random);
      for (String name : names) {
        if (world.standing(name) == Standing.MEMBER) {
          assertThat(wiped).doesNotContain(name);
          if (!members.contains(name)) {
            members.add(name);
          }
        }
      }
      assertThat(
              names.stream()
                  .filter(name -> world.standing(name) == Standing.MEMBER)
                  .map(name -> world.durable.get(name).clusterId())
                  .distinct())
          .hasSizeLessThanOrEqualTo(1);
    }
  }

  /** Nodes that ask each other, and whose answers are under way for any time. */
  private static final class World {
    private final SortedSet<String> acceptors;
    private final List<String> nodes;
    private final Map<String, Report> durable = new TreeMap<>();
    private final Map<String, Formation> running = new HashMap<>();
    private final Map<String, Integer> life = new HashMap<>();
    private final List<Answer> underWay = new ArrayList<>();
    private int ids;

    private record Answer(String from, String to, int lifeThatAsked, Report report) {}

    World(SortedSet<String> acceptors, List<String> others) {
      this.acceptors = acceptors;
      this.nodes = new ArrayList<>(acceptors);
      this.nodes.addAll(others);
      nodes.forEach(this::wipe);
    }

    Standing standing(String node) {
      return durable.get(node).standing();
    }

    String any(Random random) {
      return nodes.get(random.nextInt(nodes.size()));
    }

    void wipe(String node) {
      durable.put(node, NEW);
      restart(node);
    }

    void restart(String node) {
      running.put(node, new Formation(node, acceptors, durable.get(node)));
      life.merge(node, 1, Integer::sum);
    }

    /** Somebody asks, an answer arrives, or somebody takes its next step. */
    void step(Random random) {
      String node = any(random);
      switch (random.nextInt(3)) {
        case 0 -> ask(node, any(random));
        case 1 -> {
          if (!underWay.isEmpty()) {
            deliver(underWay.remove(random.nextInt(underWay.size())));
          }
        }
        default -> advance(node);
      }
    }

    void settle() {
      for (int round = 0; round < 8; round++) {
        for (String node : nodes) {
          nodes.forEach(other -> ask(node, other));
          underWay.forEach(this::deliver);
          underWay.clear();
          advance(node);
        }
      }
    }

    private void ask(String node, String other) {
      if (!node.equals(other)) {
        underWay.add(new Answer(other, node, life.get(node), durable.get(other)));
      }
    }

    private void deliver(Answer answer) {
      if (answer.lifeThatAsked() == life.get(answer.to())) {
        running.get(answer.to()).heard(answer.from(), answer.report());
      }
    }

    private void advance(String node) {
      Formation formation = running.get(node);
      formation
          .next(() -> "cluster-" + ++ids)
          .ifPresent(
              step -> {
                durable.put(node, step);
                formation.advanced(step);
              });
    }
  }
}
