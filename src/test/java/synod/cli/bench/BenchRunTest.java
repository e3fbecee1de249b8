package synod.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class BenchRunTest {
  private static final Load PUT = Load.closed("put", Mix.of(Kind.PUT), 2);
  private static final Load GET = Load.closed("get", Mix.of(Kind.GET), 3);

  private final ExecutorService network = Executors.newSingleThreadExecutor();
  private final Results results = new Results();
  private final StringWriter err = new StringWriter();
  private final AtomicInteger gets = new AtomicInteger();
  private volatile boolean lost;

  @AfterEach
  void end() {
    network.shutdownNow();
  }

  /** Answers at once; from the third of its windows with gets on, only with refusals. */
  private final class Dying implements Driver {
    private final boolean dies;

    private Dying(boolean dies) {
      this.dies = dies;
    }

    @Override
    public void prepare(int outstanding) {
      lost |= dies && outstanding == GET.outstanding() && gets.incrementAndGet() == 3;
    }

    @Override
    public void send(Operation operation, Reply reply) {
      network.execute(dies && lost ? () -> reply.failed("no quorum") : reply::succeeded);
    }

    @Override
    public void close() {}
  }

  @Test
  void aTargetThatStopsServingIsLeftOutAndWhatWasMeasuredIsKept() throws Exception {
    Target steady = new Target("steady", NoServers.of("a"), () -> new Dying(false));
    Target dying = new Target("dying", NoServers.of("b"), () -> new Dying(true));
    new BenchRun(
            List.of(dying, steady),
            List.of(PUT, GET),
            new BenchRun.Plan(3, Duration.ofMillis(100), Duration.ofMillis(200)),
            new Workload(new Keys(10, 16), 10, Distribution.uniform(10), 1),
            results,
            new ProgressBar(new PrintWriter(err), false))
        .play();

    // The warm-up has the first window with gets, so the third is that of round 2.
    assertThat(results.rounds("dying", PUT)).extracting(Measurement::round).containsExactly(1, 2);
    assertThat(results.rounds("dying", GET)).extracting(Measurement::round).containsExactly(1);
    assertThat(results.rounds("steady", GET))
        .extracting(Measurement::round)
        .containsExactly(1, 2, 3);
    assertThat(results.shortfalls())
        .singleElement()
        .asString()
        .contains("round 2 of 3 at get 3", "dying did nothing", "no quorum", "left out");
    assertThat(results.measurements().subList(0, 4))
        .extracting(Measurement::target)
        .containsExactly("dying", "steady", "dying", "steady");
    assertThat(results.spread("steady", PUT, Figure.RATE).least()).isPositive();
    assertThat(results.spread("steady", PUT, Figure.SERVER_CPU).median()).isNaN();
  }
}
