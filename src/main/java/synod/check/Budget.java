package synod.check;

/**
 * How far the checker goes before it says that it can't decide. Counted in work rather than in
 * time, so that the same history always gets the same verdict.
 *
 * @param steps model steps for each key; a machine makes some ten million in a second
 * @param configurations points of the search that are remembered for a key, about 200 bytes each
 */
public record Budget(long steps, int configurations) {
  /** Some ten seconds and 200 MB for a key, if it comes to the worst. */
  public static final Budget DEFAULT = new Budget(200_000_000, 1_000_000);

  public Budget {
    if (steps < 1 || configurations < 1) {
      throw new IllegalArgumentException("a budget of nothing decides nothing");
    }
  }
}
