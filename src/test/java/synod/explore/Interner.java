package synod.explore;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Gives equal things the same number. */
final class Interner<T> {
  private final String what;
  private final int limit;
  private final Map<T, Integer> numbers = new HashMap<>();
  private final List<T> things = new ArrayList<>();

  /**
   * @param limit no number reaches this one
   */
  Interner(String what, int limit) {
    this.what = what;
    this.limit = limit;
  }

  int number(T thing) {
    Integer known = numbers.get(thing);
    if (known != null) {
      return known;
    }
    if (things.size() == limit) {
      throw new IllegalStateException("more than " + limit + " " + what);
    }
    numbers.put(thing, things.size());
    things.add(thing);
    return things.size() - 1;
  }

  T get(int number) {
    return things.get(number);
  }

  int size() {
    return things.size();
  }
}
