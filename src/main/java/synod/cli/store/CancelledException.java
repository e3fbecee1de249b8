package synod.cli.store;

/** The person who waited doesn't any more. */
final class CancelledException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CancelledException(InterruptedException cause) {
    super("cancelled", cause);
  }
}
