package synod.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The configurations that the search has reached. One is not worth trying if an earlier one had the
 * same completed operations placed, in a state that covers this one's, with no open operation used
 * up that this one has left: all that could follow this one could have followed that one, which
 * came to nothing.
 */
final class Tried<S> {
  private final Model<S, ?> model;
  private final int limit;
  private final Map<Placed, List<Reached<S>>> reached = new HashMap<>();
  private int size;

  Tried(Model<S, ?> model, int limit) {
    this.model = model;
    this.limit = limit;
  }

  /** Whether as much is remembered as may be. */
  boolean full() {
    return size >= limit;
  }

  /**
   * Remembers a configuration, which must stay as it is.
   *
   * @param first the first completed operation that isn't placed
   * @param words which of those from its word on are placed
   * @param used which open operations have taken effect
   * @return false if it isn't worth trying
   */
  boolean add(int first, long[] words, S state, long[] used) {
    List<Reached<S>> alike =
        reached.computeIfAbsent(
            new Placed(first, words, model.shape(state)), key -> new ArrayList<>(1));
    for (Reached<S> earlier : alike) {
      if (contains(used, earlier.used()) && model.covers(earlier.state(), state)) {
        return false;
      }
    }
    alike.add(new Reached<>(state, used));
    size++;
    return true;
  }

  private static boolean contains(long[] larger, long[] smaller) {
    for (int i = 0; i < smaller.length; i++) {
      if ((smaller[i] & ~larger[i]) != 0) {
        return false;
      }
    }
    return true;
  }

  private record Reached<S>(S state, long[] used) {}

  /** What has been placed, and the shape of the state after it. */
  private static final class Placed {
    private final int first;
    private final long[] words;
    private final Object shape;
    private final int hash;

    Placed(int first, long[] words, Object shape) {
      this.first = first;
      this.words = words;
      this.shape = shape;
      this.hash = (first * 31 + Arrays.hashCode(words)) * 31 + shape.hashCode();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Placed that
          && hash == that.hash
          && first == that.first
          && Arrays.equals(words, that.words)
          && shape.equals(that.shape);
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }
}
