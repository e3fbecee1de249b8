package synod.sim;

import java.util.Arrays;
import java.util.SplittableRandom;
import synod.paxos.Effect;
import synod.paxos.Role;

/**
 * Carries messages between roles: some are lost, doubled or late, and any may overtake another.
 * Links can be cut, in one direction too; what is under way on a link that is cut is lost.
 */
final class SimNetwork {
  private final Simulation sim;
  private final SplittableRandom random;

  /** How many faults cut the way from one node to another. */
  private final int[][] cuts;

  /** How much longer messages take from one node to another. */
  private final long[][] lags;

  private Swarm.Net net;

  SimNetwork(Simulation sim, int nodes) {
    this.sim = sim;
    this.random = sim.random();
    this.cuts = new int[nodes][nodes];
    this.lags = new long[nodes][nodes];
    this.net = sim.swarm().net();
  }

  void cut(int from, int to, int by) {
    cuts[from][to] += by;
  }

  void lag(int from, int to, long by) {
    lags[from][to] += by;
  }

  /** No losses, doubles or late messages any more, and no cuts. */
  void heal() {
    net = net.healthy();
    for (int[] row : cuts) {
      Arrays.fill(row, 0);
    }
    for (long[] row : lags) {
      Arrays.fill(row, 0);
    }
  }

  void send(SimNode from, Role role, Effect.Send send) {
    sim.watch().sent(from, role, send);
    SimNode to = sim.node(send.node());
    if (to == from) {
      sim.queue().after(1_000 + random.nextInt(30_000), () -> to.receive(from, send));
      return;
    }
    if (isCut(from, to) || happens(net.lossPerMille())) {
      return;
    }
    carry(from, to, send);
    if (happens(net.doublePerMille())) {
      carry(from, to, send);
    }
  }

  private void carry(SimNode from, SimNode to, Effect.Send send) {
    long delay = delay() + lags[from.index()][to.index()];
    if (!net.slow().isEmpty()
        && net.slow().contains(send.message().getClass().getSimpleName())
        && happens(600)) {
      delay += random.nextLong(net.lateBy());
    }
    sim.queue()
        .after(
            delay,
            () -> {
              if (!isCut(from, to)) {
                to.receive(from, send);
              }
            });
  }

  /** Carries something between a client and a node; false if it is lost. */
  boolean carryForClient(Runnable delivery) {
    if (happens(net.lossPerMille())) {
      return false;
    }
    sim.queue().after(delay(), delivery);
    return true;
  }

  boolean isCut(SimNode from, SimNode to) {
    return cuts[from.index()][to.index()] > 0;
  }

  private long delay() {
    long delay = net.delay() + random.nextLong(net.jitter());
    return happens(net.latePerMille()) ? delay + random.nextLong(net.lateBy()) : delay;
  }

  private boolean happens(int perMille) {
    return perMille > 0 && random.nextInt(1000) < perMille;
  }
}
