package synod.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

class BenchReportTest {
  private static final Load PUT_1 = Load.closed("put", Mix.of(Kind.PUT), 1);
  private static final Load PUT_64 = Load.closed("put", Mix.of(Kind.PUT), 64);
  private static final Load PACED = Load.open("a<b", Mix.of(Kind.GET), 100, 2_000);

  @TempDir private Path directory;
  private final Results results = new Results();

  private void add(String target, Load load, int round, double rate, double p50) {
    Map<Figure, Double> figures = new EnumMap<>(Figure.class);
    for (Figure figure : Figure.values()) {
      figures.put(figure, 1.0);
    }
    figures.put(Figure.RATE, rate);
    figures.put(Figure.P50, p50);
    figures.put(Figure.P99, 10 * p50);
    figures.put(Figure.FLUSHES, Double.NaN);
    results.add(new Measurement(target, load, round, figures));
  }

  private void threeRounds() {
    add("synod", PUT_64, 1, 10_000, 500);
    add("etcd", PUT_64, 1, 5_000, 1_000);
    add("synod", PUT_64, 2, 30_000, 400);
    add("etcd", PUT_64, 2, 6_000, 1_200);
    add("synod", PUT_64, 3, 12_000, 450);
    add("etcd", PUT_64, 3, 2_000, 900);
    add("synod", PUT_1, 1, 1_000, 90);
  }

  private BenchReport report(String base) {
    Machine machine =
        new Machine("a processor", 2, OptionalLong.of(8L << 30), "Linux 6", "JVM 17", "ext4", 112);
    return new BenchReport(
        results,
        new BenchReport.Setting(machine, List.of("synod 1", "etcd 3"), "words", Map.of("keys", 5)),
        base);
  }

  private List<String> printed(String base) {
    StringWriter out = new StringWriter();
    report(base).print(new PrintWriter(out));
    return out.toString().lines().toList();
  }

  @Test
  void theTableHasTheMediansAndTheSpreadOfTheRounds() {
    threeRounds();
    List<String> lines = printed(null);

    assertThat(lines.get(0)).contains("2 cores (a processor), 8.0 GiB", "112 µs", "ext4");
    String synod = lines.stream().filter(line -> line.startsWith("put 64  synod")).findAny().get();
    assertThat(synod.split("\\s{2,}"))
        .startsWith("put 64", "synod", "3", "12,000", "10,000 to 30,000", "450", "1");
    assertThat(lines).noneMatch(line -> line.contains("PARTIAL") || line.contains("Against"));
  }

  @Test
  void columnsOfNumbersEndTogether() {
    threeRounds();
    List<String> lines = printed(null);
    int end = lines.get(4).indexOf("OPS/S") + "OPS/S".length();

    assertThat(lines.subList(5, 8))
        .allSatisfy(line -> assertThat(line.substring(0, end)).matches(".*\\d"))
        .allSatisfy(line -> assertThat(line.charAt(end)).isEqualTo(' '));
  }

  @Test
  void ratiosAreTakenRoundByRound() {
    threeRounds();

    Results.Spread ratio = results.ratio("synod", "etcd", PUT_64, Figure.RATE);

    assertThat(ratio).isEqualTo(new Results.Spread(5, 2, 6));
    assertThat(results.ratio("synod", "etcd", PUT_64, Figure.P50).median()).isEqualTo(0.5);
    assertThat(results.ratio("synod", "etcd", PUT_1, Figure.RATE).median()).isNaN();
    assertThat(printed("etcd"))
        .anyMatch(line -> line.matches("put 64 +synod +5\\.00x \\(2\\.00 to 6\\.00\\) .*"));
  }

  @Test
  void theMedianOfAnEvenNumberLiesBetween() {
    assertThat(Results.Spread.of(4, 1, Double.NaN, 2, 10).median()).isCloseTo(3, within(1e-9));
    assertThat(Results.Spread.of().median()).isNaN();
  }

  @Test
  void programsFindTheSameInJson() throws Exception {
    threeRounds();
    add("synod", PACED, 1, 2_000, 80);
    report("etcd").writeJson(directory.resolve("r.json"));

    JsonNode json = new ObjectMapper().readTree(directory.resolve("r.json").toFile());
    assertThat(json.path("machine").path("syncMicros").asDouble()).isEqualTo(112);
    assertThat(json.path("partial").asBoolean()).isFalse();
    assertThat(json.path("rounds")).hasSize(8);
    JsonNode median = json.path("medians").path(0);
    assertThat(median.path("outstanding").asInt()).isEqualTo(64);
    assertThat(median.path("perSecond").asDouble()).isEqualTo(12_000);
    assertThat(median.path("flushesPerOperation").isNull()).isTrue();
    assertThat(json.path("ratios").path(0).path("perSecond").path("median").asDouble())
        .isEqualTo(5);
    assertThat(json.path("medians").findValues("rate")).hasSize(1);
  }

  @Test
  void aPartialRunSaysSo() {
    threeRounds();
    results.fallShort("in round 2: etcd did nothing");

    assertThat(printed("etcd")).contains("PARTIAL: in round 2: etcd did nothing");
    assertThat(report(null).toMap()).containsEntry("partial", true);
  }

  @Test
  void aRunWithoutAnyResultIsReportedToo() {
    results.fallShort("interrupted");

    assertThat(printed("etcd")).contains("PARTIAL: interrupted");
    assertThat(Plot.draw(results)).contains("<svg");
  }

  @Test
  void figuresOfSeveralSizesStandBySize() throws Exception {
    List<Size> sizes = Size.of(List.of(3, 5), List.of(10), List.of(100));
    for (Size size : sizes) {
      add("synod", PUT_1.at(size.varied()), 1, 3_000 / size.nodes(), 300 * size.nodes());
      add("synod", PUT_64.at(size.varied()), 1, 30_000 / size.nodes(), 900 * size.nodes());
    }

    assertThat(printed(null)).anyMatch(line -> line.startsWith("put 64, 5 nodes  synod"));
    report(null).writeJson(directory.resolve("r.json"));
    JsonNode json = new ObjectMapper().readTree(directory.resolve("r.json").toFile());
    assertThat(json.path("medians").findValuesAsText("nodes")).containsExactly("3", "3", "5", "5");
    Document drawing = parsed(GrowthPlot.draw(results));
    assertThat(texts(drawing)).contains("3", "5", "nodes", "synod put 1", "synod put 64");
    assertThat(drawing.getElementsByTagName("polyline").getLength()).isEqualTo(6);
  }

  @Test
  void onlyOneSizeMayVaryAndNoneTwice() {
    assertThat(Size.of(List.of(3), List.of(10), List.of(100)))
        .containsExactly(new Size(3, 10, 100, null));
    assertThatThrownBy(() -> Size.of(List.of(3, 5), List.of(1, 2), List.of(100)))
        .hasMessageContaining("only one of --nodes, --keys and --value-bytes");
    assertThatThrownBy(() -> Size.of(List.of(3), List.of(1, 1), List.of(100)))
        .hasMessageContaining("twice");
  }

  @Test
  void thePlotIsASoundDrawingWithAPanelForEachOperation() throws Exception {
    threeRounds();
    add("synod", PACED, 1, 2_000, 80);
    String svg = Plot.draw(results);

    Document drawing = parsed(svg);
    assertThat(texts(drawing))
        .contains("put", "a<b", "synod", "etcd", "1", "64", "2,000/s", "1 ms");
    assertThat(drawing.getElementsByTagName("circle").getLength()).isEqualTo(4);
    assertThat(drawing.getElementsByTagName("polyline").getLength()).isEqualTo(6);
    assertThat(svg).contains("prefers-color-scheme: dark");
  }

  static Document parsed(String svg) throws Exception {
    assertThat(svg).doesNotContain("NaN", "Infinity");
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
  }

  static List<String> texts(Document drawing) {
    List<String> texts = new ArrayList<>();
    NodeList nodes = drawing.getElementsByTagName("text");
    for (int i = 0; i < nodes.getLength(); i++) {
      texts.add(nodes.item(i).getTextContent());
    }
    return texts;
  }
}
