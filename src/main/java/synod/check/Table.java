package synod.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Operations as a table for people: times, process, node, what was done and how it ended. */
final class Table {
  private Table() {}

  /** A row a line under a header; columns in which nothing stands are left out. */
  static String of(List<Subject.Line> lines, String timeUnit) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("from (" + timeUnit + ")", "to", "process", "node", "operation"));
    for (Subject.Line line : lines) {
      rows.add(List.of(line.from(), line.to(), line.process(), line.node(), line.text()));
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      text.append(text.isEmpty() ? " " : "\n ");
      for (int column = 0; column < row.size(); column++) {
        text.append(cell(rows, column, row.get(column)));
      }
    }
    return text.toString().replaceAll(" +(\n|$)", "$1");
  }

  private static String cell(List<List<String>> rows, int column, String content) {
    int width = 0;
    for (List<String> row : rows.subList(1, rows.size())) {
      width = Math.max(width, row.get(column).length());
    }
    if (width == 0) {
      return "";
    }
    width = Math.max(width, rows.get(0).get(column).length());
    return (" %" + (column < 2 ? "" : "-") + width + "s ").formatted(content);
  }

  /** Nanoseconds as seconds from the origin; nothing for {@link History#NEVER}. */
  static String seconds(long nanos, long origin) {
    return nanos == History.NEVER ? "" : String.format(Locale.ROOT, "%.6f", (nanos - origin) / 1e9);
  }

  /** An operation of a history. */
  static Subject.Line line(History.Entry entry, long origin) {
    return new Subject.Line(
        seconds(entry.invokedAt(), origin),
        seconds(entry.completedAt(), origin),
        entry.process(),
        entry.node(),
        entry.operation() + " -> " + entry.outcome());
  }
}
