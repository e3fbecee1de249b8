package synod.kv;

/**
 * The cluster's format version: which kinds of commands the log may hold. It is part of the
 * replicated state, begins at {@link #INITIAL} and is raised by a command, {@link
 * Command.RaiseVersion}, once every node runs a program that knows the higher one. A replica that
 * meets a version or a kind that its program doesn't know stops: to skip what others apply would
 * split them.
 *
 * <table>
 *   <caption>What each version brought</caption>
 *   <tr><td>1</td><td>puts, deletes, sessions, raising the version</td></tr>
 *   <tr><td>2</td><td>{@link Command.Compact}, {@link Command.ReportState}</td></tr>
 * </table>
 */
public final class FormatVersion {
  public static final int INITIAL = 1;

  /** The highest that this program knows. */
  public static final int LATEST = 2;

  private FormatVersion() {}

  /** The version that brought a kind of command. */
  public static int of(Command command) {
    return command instanceof Command.Compact || command instanceof Command.ReportState
        ? 2
        : INITIAL;
  }
}
