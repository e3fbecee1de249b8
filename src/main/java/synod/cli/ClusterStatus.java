package synod.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** How the nodes of a local cluster are at one moment: the processes, and what they answer. */
record ClusterStatus(Path directory, List<Row> rows) {
  private static final List<String> HEADINGS =
      List.of(
          "NODE",
          "STATE",
          "PID",
          "URL",
          "READY",
          "LEADER",
          "CHOSEN",
          "APPLIED",
          "REVISION",
          "DOWN");

  /**
   * @param answer what the node says of itself, empty if it says nothing
   */
  private record Row(
      LocalNode node, LocalNode.State state, OptionalLong pid, Optional<JsonNode> answer) {

    static Row of(LocalCluster cluster, LocalNode node) {
      LocalNode.State state = node.state();
      return new Row(
          node,
          state,
          node.pid(),
          state == LocalNode.State.RUNNING ? cluster.status(node) : Optional.empty());
    }

    List<String> cells() {
      List<String> cells = new ArrayList<>();
      cells.add(node.name());
      cells.add(state.label());
      cells.add(pid.isPresent() ? Long.toString(pid.getAsLong()) : "-");
      cells.add(node.url());
      cells.add(answer.map(Row::ready).orElse("-"));
      cells.add(answer.map(Row::leader).orElse("-"));
      for (String slot : List.of("/slots/chosen", "/slots/applied", "/revision")) {
        cells.add(answer.map(said -> said.at(slot).asText()).orElse("-"));
      }
      cells.add(answer.map(Row::rolesDown).orElse("-"));
      return cells;
    }

    private static String ready(JsonNode said) {
      if (!said.path("ready").asBoolean()) {
        return "no";
      }
      return said.path("overQuota").isEmpty() ? "yes" : "yes, but no puts";
    }

    private static String leader(JsonNode said) {
      JsonNode leader = said.path("leader");
      return leader.hasNonNull("proposer")
          ? leader.get("proposer").asText() + " (" + leader.path("round").asText() + ")"
          : "none";
    }

    private static String rolesDown(JsonNode said) {
      List<String> down = new ArrayList<>();
      for (Map.Entry<String, JsonNode> role : said.path("roles").properties()) {
        if (!role.getValue().path("state").asText().equals("up")) {
          down.add(role.getKey());
        }
      }
      return String.join(",", down);
    }
  }

  static ClusterStatus of(LocalCluster cluster) {
    return new ClusterStatus(
        cluster.directory(), cluster.nodes().stream().map(node -> Row.of(cluster, node)).toList());
  }

  /** For a person; without a line break at the end. */
  String table() {
    List<List<String>> lines = new ArrayList<>(List.of(HEADINGS));
    rows.forEach(row -> lines.add(row.cells()));
    return Table.render(lines);
  }

  /** For a program: one object, with every node's own status as it answered. */
  String json() {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode json = mapper.createObjectNode().put("directory", directory.toString());
    ArrayNode nodes = json.putArray("nodes");
    for (Row row : rows) {
      ObjectNode node =
          nodes
              .addObject()
              .put("name", row.node.name())
              .put("state", row.state.label())
              .put("pid", row.pid.isPresent() ? (Long) row.pid.getAsLong() : null)
              .put("url", row.node.url())
              .put("akkaPort", row.node.config().akkaPort())
              .put("httpPort", row.node.config().httpPort())
              .put("log", row.node.log().toString())
              .put("data", row.node.dataDirectory().toString());
      node.set("status", row.answer.orElse(null));
    }
    return json.toPrettyString();
  }
}
