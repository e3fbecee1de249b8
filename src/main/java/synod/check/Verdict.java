package synod.check;

import java.util.List;

/**
 * What the checker found out about a history.
 *
 * @param explanation for people: the violation with the operations that show it, or why nothing
 *     could be decided; empty if all is well
 * @param operations that were judged
 * @param open how many of them had an unknown outcome
 * @param keys on how many keys
 * @param steps the work it took, in steps of the model
 * @param notes what else to know, such as a last line that was cut off
 */
public record Verdict(
    Status status,
    String explanation,
    int operations,
    long open,
    int keys,
    long steps,
    List<String> notes) {
  /** The three verdicts. */
  public enum Status {
    /** The history is linearizable, and its revisions and stale reads are right. */
    OK,
    /** It isn't. */
    VIOLATION,
    /** The budget was used up before either was certain. */
    UNDECIDED
  }

  public Verdict {
    notes = List.copyOf(notes);
  }

  public boolean ok() {
    return status == Status.OK;
  }

  /** One line. */
  public String summary() {
    String what =
        switch (status) {
          case OK -> "linearizable";
          case VIOLATION -> "NOT linearizable";
          case UNDECIDED -> "UNDECIDED";
        };
    return "%s: %,d operations on %,d %s, %,d of unknown outcome, %,d steps"
        .formatted(what, operations, keys, keys == 1 ? "key" : "keys", open, steps);
  }

  /** The summary, what was found, and the notes. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(summary());
    if (!explanation.isEmpty()) {
      text.append('\n').append(explanation);
    }
    notes.forEach(note -> text.append("\nnote: ").append(note));
    return text.toString();
  }
}
