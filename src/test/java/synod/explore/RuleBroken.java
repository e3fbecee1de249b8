package synod.explore;

/** A rule that must hold in every state doesn't. */
final class RuleBroken extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RuleBroken(String rule, String format, Object... arguments) {
    super(rule + ": " + String.format(format, arguments));
  }
}
