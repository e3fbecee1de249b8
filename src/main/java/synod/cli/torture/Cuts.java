package synod.cli.torture;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import synod.cli.LocalNode;
import synod.cli.torture.DropFault.Cut;
import synod.cli.torture.Network.Drop;

/** What can be cut in a network of five. */
final class Cuts {
  private static final double LEAST_LOSS = 0.05;
  private static final double MOST_LOSS = 0.3;

  private Cuts() {}

  /** A majority and a minority, with the leader in either. */
  static Cut halves(Lab lab, Network network, LocalNode leader, Random random) {
    List<LocalNode> minority = new ArrayList<>();
    List<LocalNode> majority = new ArrayList<>(lab.nodes());
    Collections.shuffle(majority, random);
    if (random.nextBoolean()) {
      majority.remove(leader);
      minority.add(leader);
    }
    while (minority.size() < Lab.NODES / 2) {
      minority.add(majority.remove(0));
    }
    List<Drop> drops = new ArrayList<>();
    for (LocalNode one : minority) {
      for (LocalNode other : majority) {
        bothWays(network, one, other, drops);
      }
    }
    return new Cut(names(minority, leader) + " from " + names(majority, leader), drops);
  }

  /** A node that hears the others and isn't heard, or the other way round. */
  static Cut oneWay(Lab lab, Network network, LocalNode leader, Random random) {
    LocalNode victim = someone(lab, leader, random);
    boolean mute = random.nextBoolean();
    List<Drop> drops =
        lab.nodes().stream()
            .filter(node -> node != victim)
            .map(node -> mute ? way(network, victim, node) : way(network, node, victim))
            .toList();
    return new Cut(name(victim, leader) + (mute ? " isn't heard" : " doesn't hear"), drops);
  }

  /** Each node reaches two others only; these are different ones for each. */
  static Cut ring(Lab lab, Network network, LocalNode leader, Random random) {
    List<LocalNode> ring = new ArrayList<>(lab.nodes());
    Collections.shuffle(ring, random);
    List<Drop> drops = new ArrayList<>();
    for (int i = 0; i < ring.size(); i++) {
      for (int j = i + 2; j < ring.size() && j - i < ring.size() - 1; j++) {
        bothWays(network, ring.get(i), ring.get(j), drops);
      }
    }
    return new Cut(names(ring, leader), drops);
  }

  /** The leader is cut off from all clients, and from nothing else. */
  static Cut clients(Lab lab, Network network, LocalNode leader, Random random) {
    return new Cut(
        name(leader, leader) + " from all clients",
        List.of(new Drop(leader.name(), network.clients(), 1)));
  }

  /** Between all nodes, a share of the packets. */
  static Cut loss(Lab lab, Network network, LocalNode leader, Random random) {
    double share = random.nextDouble(LEAST_LOSS, MOST_LOSS);
    List<Drop> drops = new ArrayList<>();
    for (LocalNode to : lab.nodes()) {
      for (LocalNode from : lab.nodes()) {
        if (from != to) {
          drops.add(new Drop(to.name(), network.address(from.name()), share));
        }
      }
    }
    return new Cut(String.format(Locale.ROOT, "%.0f %% between all nodes", 100 * share), drops);
  }

  private static LocalNode someone(Lab lab, LocalNode leader, Random random) {
    LocalNode any = lab.nodes().get(random.nextInt(Lab.NODES));
    return random.nextBoolean() ? leader : any;
  }

  private static void bothWays(Network network, LocalNode one, LocalNode other, List<Drop> drops) {
    drops.add(way(network, one, other));
    drops.add(way(network, other, one));
  }

  private static Drop way(Network network, LocalNode from, LocalNode to) {
    return new Drop(to.name(), network.address(from.name()), 1);
  }

  private static String names(List<LocalNode> nodes, LocalNode leader) {
    return nodes.stream().map(node -> name(node, leader)).collect(Collectors.joining(" "));
  }

  private static String name(LocalNode node, LocalNode leader) {
    return node.name() + (node == leader ? " (leader)" : "");
  }
}
