package synod.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

class SoakReportTest {
  @TempDir private Path directory;
  private final SoakReport report = report();

  static SoakReport report() {
    return new SoakReport(
        new BenchReport.Setting(
            new Machine("a processor", 2, OptionalLong.empty(), "Linux 6", "JVM 17", "ext4", 112),
            List.of("synod 1"),
            "words",
            Map.of("keys", 5)));
  }

  /** Ten samples, one each minute; the log grows by 10 % of its first size a minute. */
  private void tenMinutes() {
    for (int minute = 1; minute <= 10; minute++) {
      report.add(
          new SoakSample(
              60 * minute,
              Map.of(Figure.RATE, 1_000.0, Figure.FAILED, 1.0),
              Map.of(
                  "n1",
                  Map.of(Figure.DISK, 50.0, Figure.LOG_SLOTS, 90.0 + 10 * minute),
                  "n2",
                  minute == 5 ? Map.of() : Map.of(Figure.DISK, 60.0, Figure.SNAPSHOTS, 7.0))));
    }
    report.elections(OptionalLong.of(1), OptionalLong.of(3));
  }

  private List<String> printed() {
    StringWriter out = new StringWriter();
    report.print(new PrintWriter(out));
    return out.toString().lines().toList();
  }

  @Test
  void whatGrowsShowsInItsDrift() {
    tenMinutes();
    SoakSeries slots = SoakSeries.of(report.samples(), Figure.LOG_SLOTS).get(0);

    // Minutes 9 and 10 against 3 and 4.
    assertThat(slots.drift()).isCloseTo(185.0 / 125 - 1, within(1e-9));
    assertThat(printed())
        .anyMatch(line -> line.matches("LOG SLOTS +n1 +100 +140 +190 +100 +190 +\\+48.0 %"))
        .anyMatch(line -> line.matches("DISK MiB +n2 +60.0 +- +60.0 +60.0 +60.0 +\\+0.0 %"))
        .anyMatch(line -> line.matches("OPS/S +all +1,000 .*"))
        .contains("snapshots taken: n2 7; leaders elected meanwhile: 2; failed operations: 10");
  }

  @Test
  void aNodeThatDoesNotAnswerMakesTheRunPartial() {
    tenMinutes();

    assertThat(printed()).contains("PARTIAL: n2 didn't tell its figures at 1 of 10 times");
  }

  @Test
  void programsFindEverySampleInJson() throws Exception {
    tenMinutes();
    report.writeJson(directory.resolve("r.json"));

    JsonNode json = new ObjectMapper().readTree(directory.resolve("r.json").toFile());
    assertThat(json.path("partial").asBoolean()).isTrue();
    assertThat(json.path("elections").asInt()).isEqualTo(2);
    assertThat(json.path("samples")).hasSize(10);
    assertThat(json.at("/samples/9/nodes/n1/logSlots").asInt()).isEqualTo(190);
    assertThat(json.path("figures").findValuesAsText("figure"))
        .containsExactly("perSecond", "diskMiB", "diskMiB", "logSlots");
  }

  @Test
  void thePlotHasAPanelForEachFigureThatIsKnownAndGapsWhereItIsNot() throws Exception {
    tenMinutes();
    String svg = SoakPlot.draw(report.samples());

    Document drawing = BenchReportTest.parsed(svg);
    assertThat(BenchReportTest.texts(drawing))
        .contains("n1", "n2", "data directory, MiB", "slots in the log", "10 min")
        .doesNotContain("resident memory, MiB");
    // Of the disk one for n1 and two for n2; of the log's slots one; of the throughput one.
    assertThat(drawing.getElementsByTagName("polyline").getLength()).isEqualTo(5);
  }

  @Test
  void aRunWithoutAnySampleIsReportedToo() throws Exception {
    report.fallShort("interrupted");

    assertThat(printed()).contains("PARTIAL: interrupted");
    assertThat(report.toMap()).containsEntry("partial", true);
    BenchReportTest.parsed(SoakPlot.draw(report.samples()));
  }
}
