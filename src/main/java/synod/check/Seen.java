package synod.check;

/**
 * What a client was told that a key held.
 *
 * @param value null if the key was absent
 * @param modRevision 0 if the key was absent, {@link Outcome#UNREPORTED} if the answer didn't say
 */
public record Seen(Bytes value, long modRevision) {
  /** The key didn't exist. */
  public static final Seen ABSENT = new Seen(null, 0);

  public Seen {
    boolean possible =
        value == null ? modRevision == 0 : modRevision >= 1 || modRevision == Outcome.UNREPORTED;
    if (!possible) {
      throw new IllegalArgumentException(
          (value == null ? "an absent key" : "a value") + " at revision " + modRevision);
    }
  }

  public boolean absent() {
    return value == null;
  }

  @Override
  public String toString() {
    if (absent()) {
      return "absent";
    }
    return modRevision == Outcome.UNREPORTED
        ? value.toString()
        : value + " at revision " + modRevision;
  }
}
