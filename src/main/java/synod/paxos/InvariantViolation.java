package synod.paxos;

/**
 * A safety rule was found broken. The role that finds this stops for good: it is never restarted.
 */
public final class InvariantViolation extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public InvariantViolation(String message) {
    super(message);
  }
}
