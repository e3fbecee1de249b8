package synod.storage;

/**
 * A data directory can't be used as it is: wrong, foreign, damaged, in use, or not accessible.
 * Thrown only while opening. The message stands for itself: it names the directory, what was found
 * and what was expected.
 */
public final class StorageRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StorageRefusedException(String message) {
    super(message);
  }

  public StorageRefusedException(String message, Throwable cause) {
    super(message, cause);
  }
}
