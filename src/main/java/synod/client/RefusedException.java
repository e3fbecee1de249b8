package synod.client;

import synod.node.Outcome;

/** The operation was certainly not applied and won't be; {@link #reason()} says why. */
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Outcome.Reason reason;

  public RefusedException(Outcome.Reason reason, String detail) {
    super(detail);
    this.reason = reason;
  }

  public Outcome.Reason reason() {
    return reason;
  }
}
