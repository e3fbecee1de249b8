package synod.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
  private final StringWriter err = new StringWriter();

  @Test
  void onATerminalABarShowsHowFarTheRunIs() {
    ProgressBar bar = new ProgressBar(new PrintWriter(err), true);
    bar.begin("starting");
    assertThat(err.toString()).contains("[....", "  0 %  starting");
    bar.reach(0.5);
    bar.step("half");
    assertThat(err.toString()).contains("#####.....", " 50 %  starting: half");
    bar.expect(TimeUnit.HOURS.toNanos(1));
    bar.begin("measuring");
    assertThat(err.toString()).contains("  0 %  measuring").doesNotContain("\n");
  }

  @Test
  void elsewhereThereIsALineForEachStage() {
    ProgressBar bar = new ProgressBar(new PrintWriter(err), false);
    bar.begin("round 1");
    bar.step("put 1");
    bar.begin("round 1");
    bar.begin("round 2");
    bar.show();
    bar.clear();

    assertThat(err.toString().lines()).containsExactly("synod: round 1", "synod: round 2");
  }
}
