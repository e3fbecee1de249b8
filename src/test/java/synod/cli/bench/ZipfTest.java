package synod.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ZipfTest {
  private static final int DRAWS = 200_000;

  @ParameterizedTest
  @CsvSource({"10, 0.99", "10, 1.0", "1000, 0.99", "1000, 0.5", "3, 2.5", "1, 1.0"})
  void eachNumberIsDrawnAsOftenAsItsRankDemands(int elements, double exponent) {
    Zipf zipf = new Zipf(elements, exponent);
    SplittableRandom random = new SplittableRandom(7);
    int[] counts = new int[elements];
    for (int i = 0; i < DRAWS; i++) {
      counts[zipf.next(random)]++;
    }

    double sum = IntStream.rangeClosed(1, elements).mapToDouble(k -> Math.pow(k, -exponent)).sum();
    for (int rank = 1; rank <= elements; rank++) {
      double share = Math.pow(rank, -exponent) / sum;
      double fiveSigma = 5 * Math.sqrt(share * (1 - share) * DRAWS) + 1;
      assertThat((double) counts[rank - 1]).isCloseTo(share * DRAWS, within(fiveSigma));
    }
  }

  @Test
  void theSameSeedDrawsTheSame() {
    Zipf zipf = new Zipf(1_000_000, 0.99);

    assertThat(draw(zipf, 3)).isEqualTo(draw(zipf, 3)).isNotEqualTo(draw(zipf, 4));
  }

  private static int[] draw(Zipf zipf, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return IntStream.range(0, 100).map(i -> zipf.next(random)).toArray();
  }
}
