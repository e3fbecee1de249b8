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
 *   <tr><td>3</td><td>no new command; from here on nodes take snapshots and trim their logs, which a
 *       program of an older version wouldn't notice</td></tr>
 * </table>
 */
public final class FormatVersion {
  public static final int INITIAL = 1;

  /** The highest that this program knows. */
  public static final int LATEST = 3;

  /** From here on nodes take snapshots and trim their logs. */
  public static final int SNAPSHOTS = 3;

  private FormatVersion() {}

  /** The version that brought a kind of command. */
  public static int of(Command command) {
    return command instanceof Command.Compact || command instanceof Command.ReportState
        ? 2
        : INITIAL;
  }
}
