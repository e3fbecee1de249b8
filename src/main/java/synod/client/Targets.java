package synod.client;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import synod.client.ClientSettings.Failover;
import synod.client.ClientSettings.Node;

/**
 * Which node the client talks to: one while it answers, the next when it doesn't. A change is
 * reported once, when the new node has answered. Belongs to the client actor.
 */
final class Targets {
  private final List<Node> nodes;
  private final Logger log;
  private final Consumer<Failover> listener;
  private final Map<Node, Long> heardAt = new HashMap<>();
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

  /** A node was silent or couldn't serve: on to the next, unless that has happened already. */
  void failed(Node node, String why) {
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
