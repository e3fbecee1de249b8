package synod.explore;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Visits every state of a world, nearest first, so that the first state that breaks a rule is one
 * of the nearest.
 */
final class Explorer {
  private static final long REPORT_NANOS = 2_000_000_000L;

  private final Cast cast;
  private final Packing packing;
  private final Successors successors;
  private final Visited visited = new Visited();
  private final Consumer<String> progress;

  private long transitions;
  private long lookalikes;
  private int expanding;
  private String broken = "";
  private Move lastMove;

  /**
   * What was found.
   *
   * @param states those that differ only by the acceptors' names count as one
   * @param named the states if they count as several
   * @param transitions steps from all states, those that change nothing not counted
   * @param depth steps to the farthest state
   * @param closed whether every state was visited
   * @param counterexample the shortest way to break a rule, told to a person; empty if there is
   *     none
   * @param steps how many steps it has
   */
  record Exploration(
      World world,
      long states,
      long named,
      long transitions,
      int depth,
      double seconds,
      boolean closed,
      List<String> counterexample,
      int steps) {}

  private Explorer(World world, Mutant mutant, boolean alike, Consumer<String> progress) {
    this.cast = new Cast(world, mutant, alike);
    this.packing = new Packing(cast);
    this.successors = new Successors(cast, packing);
    this.progress = progress;
  }

  /**
   * @param alike whether states that differ only by the acceptors' names count as one
   * @param limit ends when as many states are known
   * @param progress takes a line every two seconds
   */
  static Exploration explore(
      World world, Mutant mutant, boolean alike, int limit, Consumer<String> progress) {
    return new Explorer(world, mutant, alike, progress).run(limit);
  }

  private Exploration run(int limit) {
    long start = System.nanoTime();
    long reportAt = start + REPORT_NANOS;
    packing.pack(Situation.first(cast.world));
    visited.add(packing.high(), packing.low(), -1);
    lookalikes = packing.lookalikes();
    Recorder recorder = new Recorder();
    int depth = 0;
    int levelEnd = 1;
    while (expanding < visited.size() && visited.size() < limit) {
      if (expanding == levelEnd) {
        levelEnd = visited.size();
        depth++;
      }
      successors.expand(state(expanding), recorder);
      if (!broken.isEmpty()) {
        break;
      }
      expanding++;
      if ((expanding & 0xfff) == 0 && System.nanoTime() >= reportAt) {
        progress.accept(status(depth, start));
        reportAt += REPORT_NANOS;
      }
    }
    return new Exploration(
        cast.world,
        visited.size(),
        lookalikes,
        transitions,
        depth,
        (System.nanoTime() - start) / 1e9,
        expanding == visited.size() && broken.isEmpty(),
        broken.isEmpty() ? List.of() : story(),
        broken.isEmpty() ? 0 : depth + 1);
  }

  private Situation state(int number) {
    return packing.unpack(visited.high(number), visited.low(number));
  }

  private String status(int depth, long start) {
    double seconds = (System.nanoTime() - start) / 1e9;
    return String.format(
        "%s: %,d states, %,d to do, %,d transitions, depth %d, %,.0f states/s; %s, %d + %d + %d",
        cast.world.name(),
        visited.size(),
        visited.size() - expanding,
        transitions,
        depth,
        expanding / seconds,
        packing,
        cast.acceptors.size(),
        cast.proposers[0].size(),
        cast.proposers[1].size());
  }

  private final class Recorder implements Successors.Sink {
    @Override
    public void next(Packing state) {
      transitions++;
      if (visited.add(state.high(), state.low(), expanding)) {
        lookalikes += state.lookalikes();
      }
    }

    @Override
    public void broken(String rule) {
      if (broken.isEmpty()) {
        broken = rule;
        lastMove = successors.move();
      }
    }
  }

  /** How it came to the move that broke the rule. */
  private List<String> story() {
    List<Integer> path = new ArrayList<>();
    for (int at = expanding; at >= 0; at = visited.parent(at)) {
      path.add(0, at);
    }
    Story story = new Story(cast);
    for (int i = 0; i + 1 < path.size(); i++) {
      step(path.get(i), path.get(i + 1), story);
    }
    story.tell(lastMove);
    return story.end(broken);
  }

  private void step(int from, int to, Story story) {
    boolean[] told = {false};
    successors.expand(
        state(from),
        new Successors.Sink() {
          @Override
          public void next(Packing state) {
            if (!told[0] && state.high() == visited.high(to) && state.low() == visited.low(to)) {
              told[0] = true;
              story.tell(successors.move());
              story.rename(state.order());
            }
          }

          @Override
          public void broken(String rule) {
            throw new IllegalStateException("this step was fine before: " + rule);
          }
        });
  }
}
