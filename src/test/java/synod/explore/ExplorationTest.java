package synod.explore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import synod.explore.Explorer.Exploration;

/**
 * Every state of small worlds keeps every rule, and every known mistake shows in one of them.
 * scripts/explore does the same with larger worlds.
 */
class ExplorationTest {
  private static final int LIMIT = 5_000_000;

  static List<World> smallWorlds() {
    return Worlds.SMALL;
  }

  static List<Mutants> mutants() {
    return Mutants.ALL;
  }

  static Stream<Mutants> harmfulMutants() {
    return Mutants.ALL.stream().filter(mistake -> mistake.stepsToHarm() > 0);
  }

  @ParameterizedTest
  @MethodSource("smallWorlds")
  void everyStateOfASmallWorldKeepsEveryRule(World world) {
    Exploration found = explore(world, Mutant.NONE, true);

    assertThat(found.counterexample()).isEmpty();
    assertThat(found.closed()).isTrue();
    assertThat(found.states()).isGreaterThan(400);
  }

  @ParameterizedTest
  @MethodSource("smallWorlds")
  void statesThatCountAsOneAreJustThoseWithOtherNames(World world) {
    Exploration alike = explore(world, Mutant.NONE, true);
    Exploration named = explore(world, Mutant.NONE, false);

    assertThat(named.states()).isEqualTo(alike.named());
    assertThat(named.depth()).isEqualTo(alike.depth());
  }

  @ParameterizedTest
  @MethodSource("mutants")
  void aMistakeIsFoundByAShortestWay(Mutants mistake) {
    Exploration found = explore(mistake.world(), mistake.mutant(), false);

    assertThat(found.counterexample()).last().asString().startsWith("=> " + mistake.rule());
    assertThat(found.steps()).isEqualTo(mistake.steps());
  }

  @ParameterizedTest
  @MethodSource("harmfulMutants")
  void aMistakeLeadsToTwoValuesAtOneSlot(Mutants mistake) {
    World world = mistake.world().with(World.Option.HARM_ONLY);

    Exploration found = explore(world, mistake.mutant(), false);

    assertThat(found.counterexample()).last().asString().startsWith("=> one value per slot");
    assertThat(found.steps()).isEqualTo(mistake.stepsToHarm());
  }

  private static Exploration explore(World world, Mutant mutant, boolean alike) {
    return Explorer.explore(world, mutant, alike, LIMIT, System.out::println);
  }
}
