package synod.cli.store;

/** What these commands end with beside picocli's 0 (done), 1 (failed) and 2 (wrong usage). */
final class ExitCodes {
  static final int NOT_FOUND = 3;
  static final int CONDITION_FAILED = 4;
  static final int UNKNOWN_OUTCOME = 5;

  /** As a shell has it for a command that Ctrl-C ended. */
  static final int CANCELLED = 130;

  static final String HEADING = "Exit codes:%n";

  private ExitCodes() {}
}
