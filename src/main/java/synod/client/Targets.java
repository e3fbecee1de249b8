package synod.client;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import synod.client.ClientSettings.Failover;
import synod.client.ClientSettings.Node;

/**
 * Which node the client talks to: the one that leads, while it answers, else one that does. That a
 * node was left because it failed is reported once, when the new node has answered. Belongs to the
 * client actor.
 */
final class Targets {
  /** For so long a node that failed isn't gone to because others take it for the leader. */
  private static final long DISTRUST_NANOS = Duration.ofSeconds(2).toNanos();

  private final List<Node> nodes;
  private final Logger log;
  private final Consumer<Failover> listener;
  private final Map<Node, Long> heardAt = new HashMap<>();
  private final Map<Node, Long> failedAt = new HashMap<>();
  private int current;

  /** The last node that answered; null before the first. */
  private Node served;

  /** Why {@link #served} was left; null while it is the current one. */
  private String reason;

  /** Why the last node was left that was. */
  private String trouble = "no node has answered yet";

  Targets(ClientSettings settings, int first, Logger log) {
    this.nodes = settings.nodes();
    this.listener = settings.failoverListener();
    this.current = first;
    this.log = log;
  }

  Node current() {
    return nodes.get(current);
  }

  int size() {
    return nodes.size();
  }

  /** The last thing that went wrong with a node, for a person. */
  String trouble() {
    return trouble;
  }

  /** A node has answered something, if only that it can't serve. */
  void heard(Node node, long now) {
    heardAt.put(node, now);
  }

  /** Whether a node has answered anything since a time. */
  boolean isHeardSince(Node node, long time) {
    Long last = heardAt.get(node);
    return last != null && last - time > 0;
  }

  /** A node served a request. */
  void answered(Node node) {
    if (node == served || node != current()) {
      return;
    }
    if (served != null) {
      log.info("Went over from node {} to {}: {}", served.name(), node.name(), reason);
      listener.accept(new Failover(served.name(), node.name(), reason));
    }
    served = node;
    reason = null;
  }

  /**
   * The present node says who leads: there, every request is a hop shorter.
   *
   * @param leader its name; of no meaning here if it is none of the client's nodes
   */
  void leads(String leader, long now) {
    if (current() != served || served.name().equals(leader)) {
      return;
    }
    for (int i = 0; i < nodes.size(); i++) {
      Long failed = failedAt.get(nodes.get(i));
      if (nodes.get(i).name().equals(leader)
          && (failed == null || now - failed >= DISTRUST_NANOS)) {
        current = i;
        served = nodes.get(i);
      }
    }
  }

  /** A node was silent or couldn't serve: on to the next, unless that has happened already. */
  void failed(Node node, String why, long now) {
    failedAt.put(node, now);
    trouble = "node " + node.name() + ": " + why;
    if (node != current()) {
      return;
    }
    if (node == served) {
      reason = why;
    }
    current = (current + 1) % nodes.size();
  }
}
