package synod.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where operations of unknown outcome take effect. They never end, so each stays a candidate for
 * ever, and trying each at every point would take for ever too. It isn't needed: whenever the
 * remaining history can be explained at all, it has an explanation that uses as few open operations
 * as possible, each as late as possible and equal ones in the order of their calls. In that one an
 * open operation takes effect only in a <em>chain</em> directly before a completed operation that
 * needs it. So only such chains are tried, and a chain is left out if
 *
 * <ul>
 *   <li>the same end, or one that allows more, is reached with one of its links left out, or
 *   <li>with its last link moved behind the completed operation (an open one may always be later).
 * </ul>
 *
 * An open write that nobody saw is thus never tried where overwriting it would hide it, and yet it
 * is there where a failed condition or a deletion needs it.
 */
final class OpenEffects<S, O> {
  private static final int[] NO_CHAIN = {};

  private final Stepper<S, O> stepper;
  private final Model<S, O> model;
  private final List<Interval<O>> open;
  private final boolean[] used;
  private final int[] earlierTwin;

  /**
   * A way on.
   *
   * @param operation the index of the completed operation that comes next
   * @param chain the indices of the open operations that take effect just before it
   * @param state after it
   */
  record Step<S>(int operation, int[] chain, S state) {}

  /**
   * @param open in the order of their calls
   */
  OpenEffects(Stepper<S, O> stepper, List<Interval<O>> open) {
    this.stepper = stepper;
    this.model = stepper.model();
    this.open = open;
    this.used = new boolean[open.size()];
    this.earlierTwin = new int[open.size()];
    Map<O, Integer> latest = new HashMap<>();
    for (int i = 0; i < open.size(); i++) {
      Integer twin = latest.put(open.get(i).operation(), i);
      earlierTwin[i] = twin == null ? -1 : twin;
    }
  }

  void use(int[] chain) {
    for (int link : chain) {
      used[link] = true;
    }
  }

  void giveBack(int[] chain) {
    for (int link : chain) {
      used[link] = false;
    }
  }

  /** Which open operations have taken effect, 64 to a word. */
  long[] used() {
    long[] words = new long[(used.length + 63) >> 6];
    for (int i = 0; i < used.length; i++) {
      if (used[i]) {
        words[i >> 6] |= 1L << i;
      }
    }
    return words;
  }

  /** The operation with no open one before it; null if its outcome is impossible then. */
  Step<S> direct(S state, int operation, O what) {
    S after = stepper.step(state, what);
    return after == null ? null : new Step<>(operation, NO_CHAIN, after);
  }

  /**
   * The operation behind each chain that may be needed.
   *
   * @param limit open operations called later can't have taken effect yet
   */
  List<Step<S>> throughChains(S state, int operation, O what, int limit) {
    if (open.isEmpty()) {
      return List.of();
    }
    List<Step<S>> found = new ArrayList<>();
    extend(new Chain(state, operation, what, limit, found), NO_CHAIN, List.of(state));
    return found;
  }

  private final class Chain {
    final S from;
    final int operation;
    final O what;
    final int limit;
    final List<Step<S>> found;

    Chain(S from, int operation, O what, int limit, List<Step<S>> found) {
      this.from = from;
      this.operation = operation;
      this.what = what;
      this.limit = limit;
      this.found = found;
    }
  }

  /** Tries every link behind this chain, whose states, the first included, are these. */
  private void extend(Chain search, int[] chain, List<S> states) {
    S here = states.get(states.size() - 1);
    for (int link = 0; link < open.size() && open.get(link).call() < search.limit; link++) {
      if (stepper.exhausted()) {
        return;
      }
      // A blind effect hides all that was before it in the chain: it can only be the first.
      boolean hides = chain.length > 0 && model.blind(open.get(link).operation());
      if (hides || !available(link, chain)) {
        continue;
      }
      S there = stepper.step(here, open.get(link).operation());
      if (there == null || states.stream().anyMatch(state -> model.covers(state, there))) {
        continue;
      }
      int[] longer = Arrays.copyOf(chain, chain.length + 1);
      longer[chain.length] = link;
      if (!hasSpareLink(search.from, longer, there) && !model.lost(there, search.what)) {
        end(search, longer, there);
        List<S> more = new ArrayList<>(states);
        more.add(there);
        extend(search, longer, more);
      }
    }
  }

  private boolean available(int link, int[] chain) {
    int twin = earlierTwin[link];
    return !used[link]
        && !contains(chain, link)
        && (twin == -1 || used[twin] || contains(chain, twin));
  }

  private static boolean contains(int[] chain, int link) {
    for (int each : chain) {
      if (each == link) {
        return true;
      }
    }
    return false;
  }

  /** Whether the state can be had without one of the links. */
  private boolean hasSpareLink(S from, int[] chain, S reached) {
    for (int spare = 0; spare < chain.length - 1; spare++) {
      if (model.covers(replay(from, chain, spare), reached)) {
        return true;
      }
    }
    return false;
  }

  private void end(Chain search, int[] chain, S reached) {
    S after = stepper.step(reached, search.what);
    if (after == null) {
      return;
    }
    for (int spare = 0; spare < chain.length; spare++) {
      S without = stepper.step(replay(search.from, chain, spare), search.what);
      if (without != null && model.covers(without, after)) {
        return;
      }
      if (without != null && spare == chain.length - 1) {
        S later = stepper.step(without, open.get(chain[spare]).operation());
        if (model.covers(later == null ? without : later, after)) {
          return;
        }
      }
    }
    search.found.add(new Step<>(search.operation, chain, after));
  }

  private S replay(S from, int[] chain, int spare) {
    S state = from;
    for (int i = 0; i < chain.length; i++) {
      if (i != spare) {
        S after = stepper.step(state, open.get(chain[i]).operation());
        state = after == null ? state : after;
      }
    }
    return state;
  }
}
