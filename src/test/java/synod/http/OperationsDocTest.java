package synod.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * docs/operations.md explains the metrics that a node exposes, all of them and no others; the rules
 * and the dashboard ask only for such, and every rule has its section.
 */
class OperationsDocTest {
  private static final Path OPERATIONS = Path.of("docs/operations.md");
  private static final Path ALERTS = Path.of("docs/alerts.yml");
  private static final Pattern METRIC = Pattern.compile("\\bsynod_[a-z0-9_]+");
  private static final Pattern TYPE = Pattern.compile("# TYPE (synod_\\w+) (\\w+)");
  private static final Pattern ALERT = Pattern.compile("alert: (\\w+)");
  private static final Pattern SECTION = Pattern.compile("### (Synod\\w+)");

  @TempDir static Path directory;
  private static OneNode node;

  /** The types of the metrics, by name. */
  private static final Map<String, String> EXPOSED = new TreeMap<>();

  @BeforeAll
  static void start() throws Exception {
    node = new OneNode(directory);
    // Some are there only once there is something to tell.
    node.send("PUT", "/v1/kv/a", "1");
    ServerFixture.await(
        () -> {
          read(node.send("GET", "/metrics", "").body());
          return EXPOSED.containsKey("synod_disk_used_bytes")
              && EXPOSED.containsKey("synod_acceptor_silent_seconds");
        });
  }

  @AfterAll
  static void stop() throws Exception {
    node.close();
  }

  @Test
  void everyMetricIsExplainedAndNoOther() throws IOException {
    Set<String> exposed =
        EXPOSED.keySet().stream()
            .filter(name -> !isMaximum(name))
            .collect(Collectors.toCollection(TreeSet::new));

    Set<String> explained = new TreeSet<>();
    Files.readString(OPERATIONS)
        .lines()
        .filter(line -> line.startsWith("| `synod_"))
        .forEach(row -> explained.addAll(found(METRIC, row.substring(0, row.indexOf('|', 1)))));

    assertThat(explained).isEqualTo(exposed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"operations.md", "alerts.yml", "grafana-dashboard.json"})
  void whatIsAskedForIsExposed(String file) throws IOException {
    assertThat(found(METRIC, Files.readString(Path.of("docs", file))))
        .isNotEmpty()
        .allSatisfy(name -> assertThat(EXPOSED).containsKey(family(name)));
  }

  @Test
  void everyRuleHasItsSectionAndNoOther() throws IOException {
    assertThat(found(SECTION, Files.readString(OPERATIONS)))
        .isEqualTo(found(ALERT, Files.readString(ALERTS)));
  }

  @Test
  void theDashboardIsJson() throws IOException {
    byte[] dashboard = Files.readAllBytes(Path.of("docs/grafana-dashboard.json"));
    assertThat(Json.mapper().readTree(dashboard).path("panels")).isNotEmpty();
  }

  private static void read(String metrics) {
    Matcher types = TYPE.matcher(metrics);
    while (types.find()) {
      EXPOSED.put(types.group(1), types.group(2));
    }
  }

  private static boolean isMaximum(String name) {
    return name.endsWith("_max") && isHistogram(name.substring(0, name.length() - 4));
  }

  private static boolean isHistogram(String name) {
    return "histogram".equals(EXPOSED.get(name));
  }

  /** The metric that a series belongs to. */
  private static String family(String series) {
    String family = series.replaceFirst("_(bucket|count|sum)$", "");
    return isHistogram(family) ? family : series;
  }

  private static Set<String> found(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map(result -> result.group(result.groupCount()))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
