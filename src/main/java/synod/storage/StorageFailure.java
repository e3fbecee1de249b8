package synod.storage;

/**
 * Storage that was open failed: a write, an fsync or a read. It is final: whoever rests on this
 * storage stops for good, nobody tries again.
 */
public final class StorageFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StorageFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
