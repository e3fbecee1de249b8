package synod.sim;

/**
 * A rule was found broken in a run. Says which; whoever knows the seed adds how to see it again.
 */
public final class SimulationFailure extends AssertionError {
  private static final long serialVersionUID = 1L;

  private final String rule;
  private String trace = "";

  public SimulationFailure(String rule, String format, Object... arguments) {
    super(rule + ": " + String.format(format, arguments));
    this.rule = rule;
  }

  public SimulationFailure(String rule, Throwable cause) {
    super(rule + ": " + cause, cause);
    this.rule = rule;
  }

  /** The rule that was broken. */
  public String rule() {
    return rule;
  }

  /** Keeps what happened until then. */
  public SimulationFailure in(Trace run) {
    trace = run.text();
    return this;
  }

  /** What happened until then, if it was recorded. */
  public String trace() {
    return trace;
  }
}
