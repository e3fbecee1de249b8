package synod.cli.torture;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** The kinds of faults that can be asked for. */
enum Kind {
  KILL,
  ROLLING_RESTART,
  PAUSE,
  PARTITION,
  LATENCY,
  LOSS,
  BANDWIDTH,
  DISK_FULL,
  CLOCK,
  ROLES;

  /** As people write it. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Set<Kind> all() {
    return EnumSet.allOf(Kind.class);
  }

  /**
   * @param list labels with commas between them
   * @throws IllegalArgumentException naming the one that isn't known
   */
  static Set<Kind> parse(String list) {
    Set<Kind> kinds = EnumSet.noneOf(Kind.class);
    for (String word : list.strip().split("\\s*,\\s*", -1)) {
      kinds.add(
          Arrays.stream(values())
              .filter(kind -> kind.label().equals(word))
              .findAny()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "unknown fault \"" + word + "\": there are " + labels(all()))));
    }
    return kinds;
  }

  static String labels(Set<Kind> kinds) {
    return kinds.stream().map(Kind::label).collect(Collectors.joining(", "));
  }
}
