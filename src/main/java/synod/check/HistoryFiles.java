package synod.check;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Judges history files of three formats, which it tells apart by their content: Synod's own (see
 * {@link HistoryWriter}), Jepsen's logs of one register, and porcupine's logs of a map with put,
 * get and append.
 */
public final class HistoryFiles {
  private static final int LONGEST_BEGINNING = 4096;

  private HistoryFiles() {}

  /**
   * Judges with the default budget.
   *
   * @throws HistoryFormatException saying what is wrong in which line of the file
   * @throws IOException if it can't be read
   */
  public static Verdict check(Path file) throws IOException {
    return check(file, Budget.DEFAULT);
  }

  /** Judges, going no further than the budget for each key. */
  public static Verdict check(Path file, Budget budget) throws IOException {
    String beginning = beginning(file);
    if (beginning.startsWith("{\"") || beginning.equals("{")) {
      return LinearizabilityChecker.check(HistoryReader.read(file), budget);
    }
    if (beginning.startsWith("{:")) {
      return check(new MapLog(), file, budget);
    }
    if (beginning.startsWith("INFO")) {
      return check(new RegisterLog(), file, budget);
    }
    throw new HistoryFormatException(
        file,
        1,
        "neither a history of Synod nor a register log of Jepsen nor a map log of porcupine");
  }

  private static <S, O> Verdict check(EventLog<S, O> log, Path file, Budget budget)
      throws IOException {
    Optional<String> note = Lines.read(file, log::line);
    return PartChecker.check(log.subject(), budget, note.map(List::of).orElse(List.of()));
  }

  private static String beginning(Path file) throws IOException {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(Files.newInputStream(file), StandardCharsets.ISO_8859_1))) {
      char[] beginning = new char[LONGEST_BEGINNING];
      int length = Math.max(0, in.read(beginning));
      return new String(beginning, 0, length).stripLeading();
    }
  }
}
