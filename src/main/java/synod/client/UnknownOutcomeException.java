package synod.client;

/**
 * The write may or may not be applied, now or later. To repeat it as it is would be to risk that it
 * is applied twice; a conditional write on a revision read anew is safe.
 */
public final class UnknownOutcomeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UnknownOutcomeException(String detail) {
    super(detail);
  }
}
