package synod.check;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Reads what {@link HistoryWriter} recorded. */
public final class HistoryReader {
  private final History history = new History();
  private final Map<Long, Long> pending = new HashMap<>();
  private boolean headerSeen;
  private long lastId = -1;

  private HistoryReader() {}

  /**
   * The whole history. A last line that was cut off is left out, and the verdict will say so.
   *
   * @throws HistoryFormatException naming file and line if any other line can't be understood
   */
  public static History read(Path file) throws IOException {
    HistoryReader reader = new HistoryReader();
    Optional<String> note = Lines.read(file, (text, number) -> reader.line(text));
    if (!reader.headerSeen) {
      throw new HistoryFormatException(file, "no history in it, the header line is missing");
    }
    note.ifPresent(reader.history::note);
    return reader.history;
  }

  private void line(String text) {
    Fields fields = new Fields(text);
    if (!headerSeen) {
      HistoryCodec.checkHeader(fields);
      headerSeen = true;
      return;
    }
    String event = fields.text("event");
    long id = fields.number("id");
    long time = fields.number("time");
    switch (event) {
      case "invoke" -> invoke(fields, id, time);
      case "complete" -> complete(fields, id, time);
      default -> throw new IllegalArgumentException("unknown event \"" + event + "\"");
    }
  }

  private void invoke(Fields fields, long id, long time) {
    String process = fields.text("process");
    String node = fields.text("node");
    Operation operation = HistoryCodec.operation(fields);
    fields.end();
    if (id <= lastId) {
      throw new IllegalArgumentException("operation " + id + " begins after operation " + lastId);
    }
    lastId = id;
    pending.put(id, history.invoke(process, node, operation, time));
  }

  private void complete(Fields fields, long id, long time) {
    Outcome outcome = HistoryCodec.outcome(fields);
    fields.end();
    Long operation = pending.get(id);
    if (operation == null) {
      throw new IllegalArgumentException("operation " + id + " ends, but isn't under way");
    }
    history.complete(operation, outcome, time);
    pending.remove(id);
  }
}
