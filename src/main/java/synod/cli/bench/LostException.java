package synod.cli.bench;

/** A target doesn't serve any more; the message says how that shows. */
final class LostException extends Exception {
  private static final long serialVersionUID = 1L;

  LostException(String message) {
    super(message);
  }
}
