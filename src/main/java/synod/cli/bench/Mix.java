package synod.cli.bench;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * The kinds of operations of a load, each with its weight.
 *
 * @param weights at least one above zero, none below
 */
record Mix(Map<Kind, Integer> weights) {
  Mix {
    weights = Map.copyOf(new EnumMap<>(weights));
  }

  static Mix of(Kind kind) {
    return new Mix(Map.of(kind, 1));
  }

  /**
   * Reads the form {@code get:90,put:10}.
   *
   * @throws IllegalArgumentException saying what is wrong
   */
  static Mix parse(String text) {
    Map<Kind, Integer> weights = new EnumMap<>(Kind.class);
    for (String part : text.split(",", -1)) {
      String[] words = part.split(":", -1);
      Kind kind = kind(words[0]);
      if (words.length != 2 || !words[1].matches("\\d{1,6}")) {
        throw new IllegalArgumentException(
            "\"" + part + "\" is not a kind with its weight, as in get:90");
      }
      if (weights.put(kind, Integer.parseInt(words[1])) != null) {
        throw new IllegalArgumentException(kind.label() + " is there twice");
      }
    }
    if (weights.values().stream().allMatch(weight -> weight == 0)) {
      throw new IllegalArgumentException("all weights are 0");
    }
    return new Mix(weights);
  }

  /**
   * @throws IllegalArgumentException if there is no such kind; says which there are
   */
  static Kind kind(String label) {
    return Arrays.stream(Kind.values())
        .filter(kind -> kind.label().equals(label))
        .findAny()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown operation \"" + label + "\": there are put, get and delete"));
  }

  Kind pick(SplittableRandom random) {
    if (weights.size() == 1) {
      return weights.keySet().iterator().next();
    }
    int sum = 0;
    for (int weight : weights.values()) {
      sum += weight;
    }
    int left = random.nextInt(sum);
    for (Kind kind : Kind.values()) {
      left -= weights.getOrDefault(kind, 0);
      if (left < 0) {
        return kind;
      }
    }
    throw new IllegalStateException("weights of " + this);
  }

  @Override
  public String toString() {
    return Arrays.stream(Kind.values())
        .filter(weights::containsKey)
        .map(kind -> kind.label() + ":" + weights.get(kind))
        .collect(Collectors.joining(","));
  }
}
