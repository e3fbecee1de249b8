package synod.node;

/** Thrown by a role that the chaos scheduler stops. Its supervisor restarts it. */
final class InjectedFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  InjectedFailure(String message) {
    super(message, null, false, false);
  }
}
