package synod.http;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which events a reader wants: those that match everything that is given. What says how the stream
 * itself does is always wanted.
 */
final class EventFilter implements Predicate<Told> {
  static final Set<String> PARAMETERS = Set.of("kind", "node", "slot", "key");

  private final Set<String> kinds;
  private final Set<String> nodes;
  private final long slot;
  private final String key;

  private EventFilter(Set<String> kinds, Set<String> nodes, long slot, String key) {
    this.kinds = kinds;
    this.nodes = nodes;
    this.slot = slot;
    this.key = key;
  }

  /**
   * @throws Problem if a parameter can't be used
   */
  static EventFilter of(Target target) {
    return new EventFilter(
        list(target, "kind"),
        list(target, "node"),
        target.number("slot", 1, Long.MAX_VALUE, 0),
        target.text("key"));
  }

  @Override
  public boolean test(Told told) {
    return (kinds.isEmpty() || kinds.contains(told.kind()))
        && (nodes.isEmpty() || nodes.contains(told.node()))
        && (slot == 0 || told.from() <= slot && slot <= told.upTo())
        && (key == null || told.keys().contains(key));
  }

  private static Set<String> list(Target target, String name) {
    String text = target.text(name);
    return text == null ? Set.of() : Set.copyOf(List.of(text.split(",")));
  }
}
