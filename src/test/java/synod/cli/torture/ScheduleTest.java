package synod.cli.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which fault comes when. */
class ScheduleTest {
  private record Named(Kind kind, String variant) implements Fault {
    @Override
    public Strike strike(Random random) {
      throw new UnsupportedOperationException();
    }
  }

  private static final List<Fault> FAULTS =
      List.of(
          new Named(Kind.KILL, "one"),
          new Named(Kind.KILL, "two"),
          new Named(Kind.KILL, "all"),
          new Named(Kind.PARTITION, "halves"),
          new Named(Kind.PARTITION, "ring"),
          new Named(Kind.PAUSE, ""));

  private static List<Fault> take(int count, long seed) {
    Schedule schedule = new Schedule(FAULTS, new Random(seed));
    return Stream.generate(schedule::next).limit(count).toList();
  }

  @Test
  void theFirstFaultsAreOneOfEachKind() {
    for (long seed = 0; seed < 20; seed++) {
      assertThat(take(3, seed).stream().map(Fault::kind))
          .containsExactlyInAnyOrder(Kind.KILL, Kind.PARTITION, Kind.PAUSE);
    }
  }

  @Test
  void everyRoundHasEveryFaultOnce() {
    List<Fault> rounds = take(3 * FAULTS.size(), 1);
    for (int i = 0; i < rounds.size(); i += FAULTS.size()) {
      assertThat(rounds.subList(i, i + FAULTS.size())).containsExactlyInAnyOrderElementsOf(FAULTS);
    }
  }

  @Test
  void theSeedDecidesTheOrder() {
    assertThat(take(30, 5)).isEqualTo(take(30, 5));
    List<List<Fault>> orders = IntStream.range(0, 10).mapToObj(seed -> take(12, seed)).toList();
    assertThat(new HashSet<>(new ArrayList<>(orders))).hasSizeGreaterThan(5);
  }
}
