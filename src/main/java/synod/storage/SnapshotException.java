package synod.storage;

/**
 * A snapshot couldn't be made, kept, read or installed. Not final: nothing that was there before is
 * lost, what had been begun is cleaned up, and another try may succeed. The message names what is
 * wrong.
 */
public final class SnapshotException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public SnapshotException(String message) {
    super(message);
  }

  public SnapshotException(String message, Throwable cause) {
    super(message, cause);
  }
}
