package synod.cli;

import java.util.List;
import java.util.stream.Collectors;

/** Text in columns. */
public final class Table {
  private static final String GAP = "  ";

  private Table() {}

  /**
   * Lines of equally many cells, each column as wide as its widest cell; no line break at the end.
   */
  public static String render(List<List<String>> lines) {
    int[] widths = new int[lines.get(0).size()];
    for (List<String> line : lines) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], line.get(i).length());
      }
    }
    return lines.stream()
        .map(line -> render(line, widths))
        .collect(Collectors.joining(System.lineSeparator()));
  }

  private static String render(List<String> line, int[] widths) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      text.append(line.get(i)).append(" ".repeat(widths[i] - line.get(i).length())).append(GAP);
    }
    return text.toString().stripTrailing();
  }
}
