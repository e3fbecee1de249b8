package synod.cli.store;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import synod.client.RefusedException;
import synod.client.UnknownOutcomeException;

/**
 * What all commands that ask the cluster have in common: a deadline, output for people or programs,
 * and one line on the error output, with an exit code of its own, for each way to fail.
 */
abstract class StoreCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--timeout",
      order = 60,
      paramLabel = "TIME",
      defaultValue = "5s",
      converter = Durations.class,
      description = "How long to wait for the cluster, as in 500ms or 10s (${DEFAULT-VALUE}).")
  private Duration timeout;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      order = 62,
      description = "Show this.")
  private boolean help;

  @Option(names = "--json", order = 61, description = "Print one JSON object.")
  private boolean json;

  private final Access access;
  private final Streams streams;

  StoreCommand(Access access, Streams streams) {
    this.access = access;
    this.streams = streams;
  }

  /**
   * @return the exit code
   */
  abstract int run();

  @Override
  public final Integer call() {
    try {
      return run();
    } catch (RefusedException e) {
      return fail(ExitCode.SOFTWARE, e.getMessage());
    } catch (UnknownOutcomeException e) {
      return fail(ExitCodes.UNKNOWN_OUTCOME, "outcome unknown: " + e.getMessage());
    } catch (UsageException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    } catch (CancelledException e) {
      return fail(ExitCodes.CANCELLED, e.getMessage() + whenCancelled());
    }
  }

  /** What else is to be said when the command was given up on its way. */
  String whenCancelled() {
    return "";
  }

  /** One line on the error output. */
  final void say(String message) {
    PrintWriter err = spec.commandLine().getErr();
    err.println("synod: " + message);
    err.flush();
  }

  final int fail(int exitCode, String message) {
    say(message);
    return exitCode;
  }

  final Access access() {
    return access;
  }

  final Streams streams() {
    return streams;
  }

  final Duration timeout() {
    return timeout;
  }

  final boolean wantsJson() {
    return json;
  }
}
