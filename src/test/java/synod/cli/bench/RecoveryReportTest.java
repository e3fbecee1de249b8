package synod.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecoveryReportTest {
  @TempDir private static Path directory;
  private RecoveryReport report;

  @BeforeEach
  void create() {
    report = new RecoveryReport(Machine.look(directory), "3 nodes");
  }

  private String printed() {
    StringWriter out = new StringWriter();
    report.print(new PrintWriter(out));
    return out.toString();
  }

  @Test
  void aGoalIsJudgedByTheMedianAndTheWorstStandsBeside() {
    report.add(RecoveryFigure.CHECKPOINT_PAUSE, 20);
    report.add(RecoveryFigure.CHECKPOINT_PAUSE, 90);
    report.add(RecoveryFigure.CHECKPOINT_PAUSE, 30);
    report.add(RecoveryFigure.CATCH_UP_RATE, 60);
    report.add(RecoveryFigure.CATCH_UP_RATE, 40);
    report.add(RecoveryFigure.CATCH_UP_RATE, 45);

    assertThat(printed())
        .containsPattern("with snapshots +at most 50 +yes +3 +30.0 +20.0 +90.0")
        .containsPattern("MB/s +at least 50 +no +3 +45.0 +60.0 +40.0");
  }

  @Test
  void whatIsMissingMakesARunPartial() {
    for (RecoveryFigure figure : RecoveryFigure.values()) {
      assertThat(report.isComplete()).isFalse();
      report.add(figure, 1);
    }
    assertThat(report.isComplete()).isTrue();

    report.fallShort("n2 isn't ready");

    assertThat(report.isComplete()).isFalse();
    assertThat(printed()).contains("PARTIAL: n2 isn't ready");
  }
}
