package synod.cli.store;

/** Words on the command line that can't be meant; the message says which, and what is. */
final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}
