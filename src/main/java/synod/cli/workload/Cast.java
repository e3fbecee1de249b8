package synod.cli.workload;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import synod.cli.LocalNode;

/** What all nodes say of themselves at one moment; one that doesn't answer is missing. */
public record Cast(Map<String, JsonNode> nodes) {
  public static Cast look(List<LocalNode> nodes, NodeHttp http) {
    Map<String, JsonNode> seen = new LinkedHashMap<>();
    for (LocalNode node : nodes) {
      try {
        seen.put(node.name(), http.status(node));
      } catch (IOException e) {
        seen.remove(node.name()); // it will be shown as one that doesn't answer
      }
    }
    return new Cast(seen);
  }

  /** The node that leads at the highest ballot. */
  public Optional<String> leader() {
    String leader = null;
    long highest = -1;
    for (Map.Entry<String, JsonNode> node : nodes.entrySet()) {
      long round = node.getValue().path("leader").path("round").asLong();
      if (node.getValue().path("leading").asBoolean() && round > highest) {
        leader = node.getKey();
        highest = round;
      }
    }
    return Optional.ofNullable(leader);
  }

  public String ballot(String node) {
    JsonNode leader = nodes.get(node).path("leader");
    return leader.path("round").asText() + "." + leader.path("proposer").asText();
  }

  /**
   * The roles that are not up, as {@code n3 acceptor}, with the milliseconds until they are back.
   */
  public Map<String, Long> down() {
    Map<String, Long> down = new TreeMap<>();
    nodes.forEach(
        (name, status) ->
            status
                .path("roles")
                .fields()
                .forEachRemaining(
                    role -> {
                      if (!"up".equals(role.getValue().path("state").asText())) {
                        down.put(
                            name + " " + role.getKey(),
                            role.getValue().path("backInMillis").asLong());
                      }
                    }));
    return down;
  }

  public Set<String> downAcceptors() {
    Set<String> acceptors = new TreeSet<>();
    down().keySet().stream().filter(role -> role.endsWith(" acceptor")).forEach(acceptors::add);
    return acceptors;
  }

  /** Whether chaos has stopped so many of this many acceptors that the others make no quorum. */
  public boolean lacksQuorum(int acceptors) {
    long stopped =
        down().entrySet().stream()
            .filter(role -> role.getKey().endsWith(" acceptor") && role.getValue() > 0)
            .count();
    return acceptors - stopped < acceptors / 2 + 1;
  }

  /** How often chaos stopped each role, as {@code n3 acceptor}. */
  public Map<String, Long> stops() {
    Map<String, Long> stops = new TreeMap<>();
    nodes.forEach(
        (name, status) ->
            status
                .path("roles")
                .fields()
                .forEachRemaining(
                    role ->
                        stops.put(
                            name + " " + role.getKey(), role.getValue().path("stops").asLong())));
    return stops;
  }

  /** The latest slot that the leader saw chosen. */
  public Optional<JsonNode> latestSlot() {
    return leader()
        .map(name -> nodes.get(name).path("recentSlots"))
        .filter(slots -> !slots.isEmpty())
        .map(slots -> slots.get(slots.size() - 1));
  }

  /**
   * Whether this many nodes answer, all roles are up, and all replicas have applied the same slots.
   */
  public boolean atRest(int expected) {
    return nodes.size() == expected
        && down().isEmpty()
        && nodes.values().stream()
                .map(status -> status.path("slots").path("applied").asLong())
                .distinct()
                .count()
            == 1;
  }
}
