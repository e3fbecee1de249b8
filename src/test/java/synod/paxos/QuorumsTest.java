package synod.paxos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuorumsTest {
  @ParameterizedTest
  @CsvSource({"1,1", "2,2", "3,2", "4,3", "5,3", "6,4", "7,4"})
  void aMajorityIsMoreThanHalfOfTheConfiguredAcceptors(int n, int majority) {
    Quorums quorums = Quorums.majority(names(n));

    assertThat(quorums.phase1()).isEqualTo(majority);
    assertThat(quorums.phase2()).isEqualTo(majority);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6})
  void sizesAreRefusedExactlyIfSomeQuorumsNeedNotMeet(int n) {
    for (int q1 = -1; q1 <= n + 1; q1++) {
      for (int q2 = -1; q2 <= n + 1; q2++) {
        boolean inRange = q1 >= 1 && q1 <= n && q2 >= 1 && q2 <= n;
        if (inRange && allMeet(n, q1, q2)) {
          assertThat(new Quorums(names(n), q1, q2).phase1()).isEqualTo(q1);
        } else {
          int phase1 = q1;
          int phase2 = q2;
          assertThatThrownBy(() -> new Quorums(names(n), phase1, phase2))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageContaining("phase1")
              .hasMessageContaining("phase2");
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6})
  void phase1IsBlockedExactlyByASetThatMeetsEveryPhase1Quorum(int n) {
    for (int q1 = 1; q1 <= n; q1++) {
      Quorums quorums = new Quorums(names(n), q1, n);
      for (Set<String> votes : subsets(n)) {
        boolean meetsAll =
            subsets(n).stream().filter(quorums::isPhase1).allMatch(quorum -> meet(quorum, votes));
        assertThat(quorums.blocksPhase1(votes)).isEqualTo(meetsAll);
      }
    }
  }

  @Test
  void whoIsNotConfiguredDoesNotCount() {
    Quorums quorums = Quorums.majority(List.of("a", "b", "c"));

    assertThat(quorums.isPhase1(Set.of("a", "x", "y", "z"))).isFalse();
    assertThat(quorums.isPhase2(Set.of("a", "x", "y", "z"))).isFalse();
    assertThat(quorums.blocksPhase1(Set.of("a", "x", "y", "z"))).isFalse();
    assertThat(quorums.isPhase2(Set.of("a", "x", "b"))).isTrue();
  }

  @Test
  void anEmptyListAndARepeatedNameAreRefused() {
    assertThatThrownBy(() -> Quorums.majority(List.of())).hasMessageContaining("empty");
    assertThatThrownBy(() -> Quorums.majority(List.of("a", "b", "a")))
        .hasMessageContaining("twice");
  }

  private static boolean allMeet(int n, int q1, int q2) {
    List<Set<String>> ones = subsets(n).stream().filter(set -> set.size() == q1).toList();
    List<Set<String>> twos = subsets(n).stream().filter(set -> set.size() == q2).toList();
    return ones.stream().allMatch(one -> twos.stream().allMatch(two -> meet(one, two)));
  }

  private static boolean meet(Set<String> a, Set<String> b) {
    return a.stream().anyMatch(b::contains);
  }

  private static List<Set<String>> subsets(int n) {
    List<Set<String>> subsets = new ArrayList<>();
    for (int bits = 0; bits < 1 << n; bits++) {
      int chosen = bits;
      subsets.add(
          new HashSet<>(
              IntStream.range(0, n)
                  .filter(i -> (chosen & 1 << i) != 0)
                  .mapToObj(QuorumsTest::name)
                  .toList()));
    }
    return subsets;
  }

  private static List<String> names(int n) {
    return IntStream.range(0, n).mapToObj(QuorumsTest::name).toList();
  }

  private static String name(int i) {
    return "n" + i;
  }
}
