package synod.paxos;

/** Assertions that stay on in production: a breach fails the role before its result can leave. */
public final class Invariant {
  private Invariant() {}

  /**
   * @throws InvariantViolation if the condition doesn't hold
   */
  public static void check(boolean condition, String message, Object... arguments) {
    if (!condition) {
      throw new InvariantViolation(String.format(message, arguments));
    }
  }
}
