package synod.paxos;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class BallotTest {
  @Test
  void theRoundDecidesThenTheProposerThenTheIncarnation() {
    assertThat(new Ballot(2, "a", 1)).isGreaterThan(new Ballot(1, "z", 9));
    assertThat(new Ballot(1, "b", 1)).isGreaterThan(new Ballot(1, "a", 9));
    assertThat(new Ballot(1, "a", 2)).isGreaterThan(new Ballot(1, "a", 1));
  }

  @Test
  void everyBallotInUseIsAboveNone() {
    assertThat(new Ballot(1, "a", Long.MIN_VALUE).isAbove(Ballot.NONE)).isTrue();
    assertThat(Ballot.NONE.isBelow(new Ballot(1, "a", Long.MIN_VALUE))).isTrue();
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void differentBallotsAreNeverEqualInOrder(
      @ForAll("ballots") Ballot a, @ForAll("ballots") Ballot b) {
    assertThat(a.compareTo(b) == 0).isEqualTo(a.equals(b));
    assertThat(a.isBelow(b)).isEqualTo(b.isAbove(a));
    assertThat(a.isAbove(b) && a.isBelow(b)).isFalse();
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void theOrderIsTransitive(
      @ForAll("ballots") Ballot a, @ForAll("ballots") Ballot b, @ForAll("ballots") Ballot c) {
    if (a.isBelow(b) && b.isBelow(c)) {
      assertThat(a.isBelow(c)).isTrue();
    }
  }

  @Provide
  Arbitrary<Ballot> ballots() {
    return Combinators.combine(
            Arbitraries.longs().between(0, 3),
            Arbitraries.of("a", "b", "c"),
            Arbitraries.longs().between(-1, 1))
        .as(Ballot::new);
  }
}
