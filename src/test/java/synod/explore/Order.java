package synod.explore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** An order of the three acceptors. */
final class Order {
  /** All six; the first leaves them as they are. */
  static final List<Order> ALL = all();

  private final int place;
  private final int[] oldPlaces;
  private final int[] newPlaces = new int[3];

  private Order(int place, int... oldPlaces) {
    this.place = place;
    this.oldPlaces = oldPlaces;
    for (int i = 0; i < oldPlaces.length; i++) {
      newPlaces[oldPlaces[i]] = i;
    }
  }

  private static List<Order> all() {
    List<Order> orders = new ArrayList<>();
    int[][] places = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    for (int[] each : places) {
      orders.add(new Order(orders.size(), each));
    }
    return List.copyOf(orders);
  }

  /** The first one that brings these numbers into ascending order. */
  static Order ascending(int[] numbers) {
    for (Order order : ALL) {
      if (order.ascends(numbers)) {
        return order;
      }
    }
    throw new IllegalStateException("no order ascends");
  }

  /** In how many different ways three numbers can be arranged. */
  static int arrangements(int[] numbers) {
    boolean first = numbers[0] == numbers[1];
    boolean second = numbers[1] == numbers[2];
    boolean third = numbers[0] == numbers[2];
    return first && second ? 1 : first || second || third ? 3 : 6;
  }

  boolean ascends(int[] numbers) {
    return numbers[oldPlaces[0]] <= numbers[oldPlaces[1]]
        && numbers[oldPlaces[1]] <= numbers[oldPlaces[2]];
  }

  int place() {
    return place;
  }

  boolean isIdentity() {
    return place == 0;
  }

  /** Who comes to this place. */
  int oldPlace(int newPlace) {
    return oldPlaces[newPlace];
  }

  int newPlace(int oldPlace) {
    return newPlaces[oldPlace];
  }

  @Override
  public String toString() {
    return Arrays.toString(oldPlaces);
  }
}
