package synod.sim.actors;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;

/**
 * Carries messages between processes: some are lost, doubled or late, and any may overtake another.
 * Ways between nodes can be cut, in one direction too; what is under way there is lost.
 */
final class Network {
  private final ActorSimulation sim;
  private final SplittableRandom random;
  private final Map<String, BiConsumer<String, Object>> clients = new HashMap<>();

  /** How many faults cut the way from one node to another. */
  private final int[][] cuts;

  private Day.Net net;

  Network(ActorSimulation sim, int nodes) {
    this.sim = sim;
    this.random = sim.random();
    this.net = sim.day().net();
    this.cuts = new int[nodes][nodes];
  }

  /** Lets a client be reached: it takes an actor's name and the message. */
  void connect(String client, BiConsumer<String, Object> receiver) {
    clients.put(client, receiver);
  }

  void cut(int from, int to, int by) {
    cuts[from][to] += by;
  }

  /** No losses, doubles or late messages any more, and no cuts. */
  void heal() {
    net = net.healthy();
    for (int[] row : cuts) {
      Arrays.fill(row, 0);
    }
  }

  void send(String from, String to, String actor, Object message) {
    if (happens(net.lossPerMille())) {
      return;
    }
    carry(from, to, actor, message);
    // A client without a session rests on a transport that doubles nothing.
    if (areNodes(from, to) && happens(net.doublePerMille())) {
      carry(from, to, actor, message);
    }
  }

  private void carry(String from, String to, String actor, Object message) {
    if (isCut(from, to)) {
      return;
    }
    long delay = net.delay() + random.nextLong(net.jitter());
    if (happens(net.latePerMille())) {
      delay += random.nextLong(net.lateBy());
    }
    sim.queue()
        .after(
            delay,
            () -> {
              if (!isCut(from, to)) {
                deliver(from, to, actor, message);
              }
            });
  }

  private void deliver(String from, String to, String actor, Object message) {
    sim.trace().add(5, from.hashCode() * 31L + to.hashCode());
    sim.trace().add(6, actor.hashCode() * 31L + message.getClass().getName().hashCode());
    if (sim.trace().isReadable()) {
      sim.trace().say("%s -> %s %s  %s", from, to, actor, ActorSimulation.describe(message));
    }
    BiConsumer<String, Object> client = clients.get(to);
    if (client != null) {
      client.accept(actor, message);
    } else {
      sim.host(to).receive(actor, message);
    }
  }

  private boolean isCut(String from, String to) {
    return areNodes(from, to) && cuts[sim.host(from).index()][sim.host(to).index()] > 0;
  }

  private boolean areNodes(String from, String to) {
    return sim.host(from) != null && sim.host(to) != null;
  }

  private boolean happens(int perMille) {
    return perMille > 0 && random.nextInt(1000) < perMille;
  }
}
