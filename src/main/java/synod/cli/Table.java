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
    return renderNumbers(lines, Integer.MAX_VALUE);
  }

  /**
   * The same with columns of numbers, whose ends are aligned.
   *
   * @param from the first of them, from 0; the others are to the right of it
   */
  public static String renderNumbers(List<List<String>> lines, int from) {
    int[] widths = new int[lines.get(0).size()];
    for (List<String> line : lines) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], line.get(i).length());
      }
    }
    return lines.stream()
        .map(line -> render(line, widths, from))
        .collect(Collectors.joining(System.lineSeparator()));
  }

  private static String render(List<String> line, int[] widths, int numbersFrom) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String space = " ".repeat(widths[i] - line.get(i).length());
      text.append(i < numbersFrom ? line.get(i) + space : space + line.get(i)).append(GAP);
    }
    return text.toString().stripTrailing();
  }
}
