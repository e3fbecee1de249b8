package synod.kv;

import java.util.Objects;

/**
 * A command as it stands in the log.
 *
 * @param tag the sending gateway's own number for this attempt; handed back with the result
 * @param session null for {@link Command.OpenSession} only
 * @param sequence the command's number within its session, from 1; a retry carries the same one
 * @param acknowledged every command of the session up to this sequence was answered: their results
 *     may be forgotten; at least {@code sequence - Sessions.WINDOW}
 */
public record SessionCommand(
    long tag, SessionId session, long sequence, long acknowledged, Command command) {
  public SessionCommand {
    Objects.requireNonNull(command, "command");
    if (!fit(session, command)) {
      throw new IllegalArgumentException(
          "a command has a session, except for the one that opens it: " + command);
    }
  }

  /** Whether a command may be carried with this session, or null for none. */
  static boolean fit(SessionId session, Command command) {
    return (session == null) == (command instanceof Command.OpenSession);
  }
}
