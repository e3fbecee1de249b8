package synod.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The checker agrees with the known verdict on every history that was recorded from others. */
class RecordedHistoriesTest {
  static Stream<Arguments> histories() throws IOException, URISyntaxException {
    Map<Path, Boolean> verdicts = new TreeMap<>();
    List<String> register = Files.readAllLines(folder().resolve("jepsen/verdicts.csv"));
    for (String line : register.subList(1, register.size())) {
      String[] cells = line.split(",");
      verdicts.put(folder().resolve("jepsen").resolve(cells[0]), Boolean.valueOf(cells[1]));
    }
    try (Stream<Path> files = Files.list(folder().resolve("kv"))) {
      files.forEach(file -> verdicts.put(file, file.toString().endsWith("-ok.txt")));
    }
    return verdicts.entrySet().stream()
        .map(each -> Arguments.of(each.getKey().getFileName(), each.getKey(), each.getValue()));
  }

  private static Path folder() throws URISyntaxException {
    return Path.of(RecordedHistoriesTest.class.getResource("/histories").toURI());
  }

  @ParameterizedTest(name = "{0}: {2}")
  @MethodSource("histories")
  void getsItsKnownVerdict(Path name, Path file, boolean linearizable) throws IOException {
    long begun = System.nanoTime();
    Verdict verdict = HistoryFiles.check(file);
    long millis = (System.nanoTime() - begun) / 1_000_000;
    System.out.printf("%s: %s, %d ms%n", name, verdict.summary(), millis);
    assertThat(verdict.status())
        .as(verdict::toString)
        .isEqualTo(linearizable ? Verdict.Status.OK : Verdict.Status.VIOLATION);
    assertThat(verdict.explanation().isEmpty()).isEqualTo(linearizable);
  }

  @Test
  void areAllThere() throws IOException, URISyntaxException {
    assertThat(histories().map(each -> each.get()[1]).map(Path.class::cast))
        .hasSize(52 + 6)
        .allMatch(Files::exists);
  }
}
