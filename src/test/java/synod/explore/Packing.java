package synod.explore;

/**
 * A state of the world in two numbers, exactly, so that no state is ever taken for another; the
 * first of those that differ only by the acceptors' names, which stands for all of them.
 */
final class Packing {
  private static final int BITS = 24;
  private static final int P_BITS = Cast.PROPOSER_BITS;
  private static final long MASK = (1 << BITS) - 1;
  private static final long P_MASK = (1 << P_BITS) - 1;

  private final Cast cast;
  private final Interner<Block> blocks = new Interner<>("states of an acceptor", 1 << BITS);
  private final Interner<Header> headers = new Interner<>("sets of bounds", 1 << BITS);

  private final int[] numbers = new int[3];
  private long high;
  private long low;
  private Order order = Order.ALL.get(0);
  private int lookalikes;

  /** Whether the order considered last gives the same numbers as the lowest. */
  private boolean isLowest;

  Packing(Cast cast) {
    this.cast = cast;
  }

  /** Packs a state; the answers are {@link #high}, {@link #low} and the others here. */
  void pack(Situation state) {
    for (int i = 0; i < 3; i++) {
      numbers[i] = blocks.number(state.blocks[i]);
    }
    int header = headers.number(state.header);
    high = Long.MAX_VALUE;
    if (!cast.alike) {
      consider(state, header, Order.ALL.get(0));
      lookalikes = 1;
    } else if (cast.isBlind(state)) {
      consider(state, header, Order.ascending(numbers));
      lookalikes = Order.arrangements(numbers);
    } else {
      int same = 0;
      for (Order candidate : Order.ALL) {
        if (candidate.ascends(numbers)) {
          same = consider(state, header, candidate) ? 1 : same + (isLowest ? 1 : 0);
        }
      }
      lookalikes = Order.ALL.size() / same;
    }
  }

  /**
   * Takes this order if its numbers are lower than any before; else tells whether they are as low.
   */
  private boolean consider(Situation state, int header, Order candidate) {
    long p = cast.proposers[0].renamed(state.proposers[0], candidate);
    long q = cast.proposers[1].renamed(state.proposers[1], candidate);
    long first = numbers[candidate.oldPlace(0)];
    long second = numbers[candidate.oldPlace(1)];
    long candidateHigh = (first << BITS | second) << P_BITS | p;
    long candidateLow = ((long) numbers[candidate.oldPlace(2)] << P_BITS | q) << BITS | header;
    isLowest = candidateHigh == high && candidateLow == low;
    if (candidateHigh < high || (candidateHigh == high && candidateLow < low)) {
      high = candidateHigh;
      low = candidateLow;
      order = candidate;
      return true;
    }
    return false;
  }

  long high() {
    return high;
  }

  long low() {
    return low;
  }

  /** How the acceptors were put in order. */
  Order order() {
    return order;
  }

  /** How many states this one stands for. */
  int lookalikes() {
    return lookalikes;
  }

  Situation unpack(long packedHigh, long packedLow) {
    Block[] all = {
      blocks.get((int) (packedHigh >>> BITS + P_BITS)),
      blocks.get((int) (packedHigh >>> P_BITS & MASK)),
      blocks.get((int) (packedLow >>> BITS + P_BITS))
    };
    int[] proposers = {(int) (packedHigh & P_MASK), (int) (packedLow >>> BITS & P_MASK)};
    return new Situation(all, proposers, headers.get((int) (packedLow & MASK)));
  }

  @Override
  public String toString() {
    return blocks.size() + " blocks, " + headers.size() + " headers";
  }
}
