package synod.cli.store;

/** The person who waited doesn't any more. A write that was on its way may be applied. */
final class CancelledException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CancelledException(InterruptedException cause) {
    super("cancelled; a write that was on its way may or may not be applied", cause);
  }
}
