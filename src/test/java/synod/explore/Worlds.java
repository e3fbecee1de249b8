package synod.explore;

import java.util.List;
import java.util.stream.Stream;
import synod.explore.World.Option;

/** The worlds that are explored. */
final class Worlds {
  /** So small that every test run explores them. */
  static final List<World> SMALL =
      List.of(
          World.of("duel", 1, 2, 1),
          World.of("two-slots", 2, 1, 1),
          World.of("parts", 2, 1, 1, Option.PARTS),
          World.of("refusals", 1, 1, 1, Option.REFUSALS),
          World.of("votes", 1, 1, 1, Option.VOTES),
          World.of("slow-disks", 1, 1, 1, Option.SLOW_WRITES).crashes(1, 1));

  private static final List<World> LARGE =
      List.of(
          World.of("long-duel", 1, 2, 2),
          World.of("long-refusals", 1, 2, 2, Option.REFUSALS),
          World.of("two-slots-votes", 2, 1, 1, Option.VOTES),
          World.of("all-heard", 1, 1, 1, Option.SLOW_WRITES, Option.REFUSALS, Option.VOTES)
              .crashes(1, 1),
          World.of("two-slots-three-campaigns", 2, 2, 1),
          World.of("long-parts", 2, 2, 1, Option.PARTS),
          World.of("slow-duel", 1, 2, 1, Option.SLOW_WRITES).crashes(1, 1),
          World.of("slow-two-slots", 2, 1, 1, Option.SLOW_WRITES).crashes(1, 1),
          World.of("two-slots-four-campaigns", 2, 2, 2));

  static final List<World> ALL = Stream.concat(SMALL.stream(), LARGE.stream()).toList();

  private Worlds() {}
}
