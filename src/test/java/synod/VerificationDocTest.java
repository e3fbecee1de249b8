package synod;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import synod.sim.Mistake;

/** docs/verification.md names a test for every known mistake, and names only tests that exist. */
class VerificationDocTest {
  private static final int MISTAKES = 29;
  private static final Pattern ROW = Pattern.compile("\\| (\\d+) \\|.*\\| ([^|]*) \\|");
  private static final Pattern TEST = Pattern.compile("`(\\w+)\\.(\\w+)`");
  private static final Pattern MUTANT = Pattern.compile("\"([^\"]+)\"");

  @Test
  void everyMistakeHasARowWithItsTests() throws IOException {
    Map<Integer, String> rows = rows();

    assertThat(rows.keySet())
        .containsExactlyElementsOf(IntStream.rangeClosed(1, MISTAKES).boxed().toList());
    rows.forEach(
        (row, tests) ->
            assertThat(TEST.matcher(tests).find() || MUTANT.matcher(tests).find())
                .as("row %d names a test", row)
                .isTrue());
  }

  @Test
  void theTestsThatAreNamedExist() throws IOException {
    Map<String, Path> sources = sources();
    for (String tests : rows().values()) {
      Matcher named = TEST.matcher(tests);
      while (named.find()) {
        assertThat(sources).containsKey(named.group(1));
        assertThat(Files.readString(sources.get(named.group(1))))
            .contains("void " + named.group(2) + "(");
      }
    }
  }

  @Test
  void theRowsNameJustTheMutantsThatThereAre() throws IOException {
    List<String> named = new ArrayList<>();
    rows()
        .forEach(
            (row, tests) -> {
              Matcher mutant = MUTANT.matcher(tests);
              while (mutant.find()) {
                named.add(row + " " + mutant.group(1));
              }
            });

    assertThat(named)
        .containsExactlyInAnyOrderElementsOf(
            Mistake.ALL.stream().map(mistake -> mistake.row() + " " + mistake.name()).toList());
  }

  private static Map<Integer, String> rows() throws IOException {
    Map<Integer, String> rows = new TreeMap<>();
    String document = Files.readString(Path.of("docs", "verification.md"));
    String table = document.substring(document.indexOf("## What goes wrong in Paxos stores"));
    table
        .lines()
        .takeWhile(line -> !line.startsWith("## ") || rows.isEmpty())
        .forEach(
            line -> {
              Matcher row = ROW.matcher(line);
              if (row.matches()) {
                rows.merge(Integer.parseInt(row.group(1)), row.group(2), (one, two) -> "twice");
              }
            });
    return rows;
  }

  private static Map<String, Path> sources() throws IOException {
    Map<String, Path> sources = new TreeMap<>();
    try (Stream<Path> files = Files.walk(Path.of("src", "test", "java"))) {
      files
          .filter(file -> file.toString().endsWith("Test.java"))
          .forEach(file -> sources.put(file.getFileName().toString().replace(".java", ""), file));
    }
    return sources;
  }
}
