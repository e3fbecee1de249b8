package synod.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import synod.check.SimulatedStore.Load;

/** A store that is right is never accused, whatever its clients aren't told. */
class CorrectStoreHistoriesTest {
  @Property(tries = 1_000)
  void areLinearizable(
      @ForAll Random random,
      @ForAll @IntRange(min = 1, max = 300) int operations,
      @ForAll @IntRange(min = 1, max = 5) int keys,
      @ForAll @IntRange(min = 1, max = 12) int processes) {
    double lost = random.nextInt(4) * 0.15;
    double conditional = random.nextInt(3) * 0.4;
    double stale = random.nextInt(3) * 0.4;
    Verdict verdict =
        LinearizabilityChecker.check(
            SimulatedStore.run(
                random, new Load(operations, keys, processes, lost, conditional, stale)));
    assertThat(verdict.status()).as(verdict::toString).isEqualTo(Verdict.Status.OK);
  }

  /** As a minute of sixteen clients makes it that send 500 operations a second to 16 keys. */
  @Test
  void areCheckedInLinearTimeWhenTheyAreLong() {
    History history = SimulatedStore.run(new Random(7), new Load(30_000, 16, 16, 0.02, 0.2, 0.1));
    long begun = System.nanoTime();
    Verdict verdict = LinearizabilityChecker.check(history);
    System.out.printf("%s, %d ms%n", verdict, (System.nanoTime() - begun) / 1_000_000);
    assertThat(verdict.status()).as(verdict::toString).isEqualTo(Verdict.Status.OK);
    assertThat(verdict.open()).isGreaterThan(300);
    assertThat(verdict.steps()).isLessThan(10L * history.size());
  }

  /** A stale read near the end of a long history is found and explained by a few operations. */
  @Test
  void areRejectedForOneStaleReadAmongMany() {
    History history = SimulatedStore.run(new Random(7), new Load(30_000, 16, 16, 0.02, 0.2, 0));
    History.Entry first =
        history.entries().stream()
            .filter(entry -> entry.outcome() instanceof Outcome.Applied)
            .filter(entry -> entry.operation() instanceof Operation.Put)
            .findFirst()
            .orElseThrow();
    Operation.Put put = (Operation.Put) first.operation();
    long late = 2 * history.entries().get(history.size() - 1).invokedAt();
    long id = history.invoke("late", "n1", new Operation.Get(put.key()), late);
    long revision = ((Outcome.Applied) first.outcome()).revision();
    history.complete(id, new Outcome.Read(new Seen(put.value(), revision)), late + 1);
    Verdict verdict = LinearizabilityChecker.check(history);
    System.out.println(verdict);
    assertThat(verdict.status()).isEqualTo(Verdict.Status.VIOLATION);
    assertThat(verdict.explanation()).contains("late").contains("these 2 operations");
  }
}
