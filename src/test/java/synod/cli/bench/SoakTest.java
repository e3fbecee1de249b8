package synod.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A long run in short, on a store that is none. */
@Timeout(60)
class SoakTest {
  private static final int DIES_AT = 3;

  private final ExecutorService network = Executors.newSingleThreadExecutor();
  private final SoakReport report = SoakReportTest.report();
  private final AtomicInteger asked = new AtomicInteger();

  /** Says from the third reading of the gauges on that a process has ended. */
  private final class Store implements NoServers, Driver {
    private final boolean dies;

    private Store(boolean dies) {
      this.dies = dies;
    }

    @Override
    public void send(Operation operation, Reply reply) {
      network.execute(reply::succeeded);
    }

    @Override
    public String version() {
      return "none";
    }

    @Override
    public Optional<String> problem() {
      return dies && asked.get() >= DIES_AT
          ? Optional.of("the process of n2 has ended")
          : Optional.empty();
    }

    @Override
    public void close() {}
  }

  @AfterEach
  void end() {
    network.shutdownNow();
  }

  private void run(boolean dies) throws Exception {
    Store store = new Store(dies);
    new Soak(
            new Target("synod", store, () -> store),
            () -> Map.of("n1", Map.of(Figure.DISK, (double) asked.incrementAndGet())),
            Load.closed("put", Mix.of(Kind.PUT), 2),
            new Soak.Plan(
                dies ? Duration.ofHours(1) : Duration.ofMillis(500), Duration.ofMillis(100)),
            report,
            new ProgressBar(new PrintWriter(new StringWriter()), false))
        .run(new Workload(new Keys(10, 16), 10, Distribution.uniform(10), 1));
  }

  @Test
  void allFiguresAreReadAgainAndAgain() throws Exception {
    run(false);

    List<SoakSample> samples = report.samples();
    assertThat(samples).hasSizeBetween(1, 5);
    for (int i = 0; i < samples.size(); i++) {
      assertThat(samples.get(i).nodes().get("n1")).containsEntry(Figure.DISK, i + 1.0);
    }
    assertThat(samples).anyMatch(sample -> sample.store().get(Figure.RATE) > 0);
    assertThat(samples.get(samples.size() - 1).seconds()).isGreaterThan(0.45);
    assertThat(report.shortfalls()).isEmpty();
  }

  @Test
  void whenAProcessEndsTheRunEndsAndWhatWasReadIsKept() {
    assertThatThrownBy(() -> run(true))
        .isInstanceOf(LostException.class)
        .hasMessageContaining("the process of n2 has ended");

    assertThat(report.samples()).hasSize(DIES_AT);
  }
}
