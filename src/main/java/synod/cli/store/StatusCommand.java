package synod.cli.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import synod.cli.Table;
import synod.cli.store.NodeAnswers.NodeAnswer;

/** {@code status}: what each node says of itself. */
@Command(
    name = "status",
    sortOptions = false,
    description = "Show how each node is, who leads, and how far each has come.",
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {"0:at least one node serves", "1:none does", "2:wrong usage"})
final class StatusCommand extends StoreCommand {
  private static final List<String> HEADINGS =
      List.of("NODE", "STATE", "LEADER", "ACCEPTED", "CHOSEN", "APPLIED", "REVISION", "AWAY");

  StatusCommand(Access access, Streams streams) {
    super(access, streams);
  }

  @Override
  int run() {
    HttpNodes http = access().nodes();
    List<NodeAnswer> answers =
        NodeAnswers.ask(
            http,
            http.addresses(),
            timeout(),
            node -> HttpRequest.newBuilder(node.uri("/v1/status")));
    streams().line(wantsJson() ? json(answers).toString() : table(answers));
    boolean serves = answers.stream().anyMatch(a -> a.isOk() && a.json().path("ready").asBoolean());
    return serves ? ExitCode.OK : fail(ExitCode.SOFTWARE, "no node serves");
  }

  private static ObjectNode json(List<NodeAnswer> answers) {
    ObjectNode json = Json.object();
    ArrayNode nodes = json.putArray("nodes");
    for (NodeAnswer answer : answers) {
      ObjectNode node = nodes.addObject().put("name", answer.node().name());
      node.put("url", answer.node().url()).put("problem", answer.problem());
      node.set("status", answer.json());
    }
    return json;
  }

  private static String table(List<NodeAnswer> answers) {
    List<List<String>> lines = new ArrayList<>(List.of(HEADINGS));
    answers.forEach(answer -> lines.add(cells(answer)));
    return Table.render(lines);
  }

  private static List<String> cells(NodeAnswer answer) {
    String name = answer.node().name();
    if (!answer.isOk()) {
      return List.of(name, answer.problem(), "-", "-", "-", "-", "-", "-");
    }
    JsonNode status = answer.json();
    String notReady = status.path("notReady").asText("");
    return List.of(
        name,
        (status.path("ready").asBoolean() ? "ready" : notReady)
            + differing(status)
            + overQuota(status),
        ballot(status.path("leader")),
        status.at("/slots/accepted").asText(),
        status.at("/slots/chosen").asText(),
        status.at("/slots/applied").asText(),
        status.path("revision").asText(),
        away(status.path("roles")));
  }

  private static String differing(JsonNode status) {
    String others = names(status.path("differing"));
    return others.isEmpty() ? "" : ", holds another state than " + others;
  }

  private static String overQuota(JsonNode status) {
    String nodes = names(status.path("overQuota"));
    return nodes.isEmpty() ? "" : ", refuses puts: the disk quota of " + nodes + " is used up";
  }

  private static String names(JsonNode list) {
    List<String> names = new ArrayList<>();
    list.forEach(name -> names.add(name.asText()));
    return String.join(", ", names);
  }

  private static String ballot(JsonNode ballot) {
    return ballot.isObject()
        ? ballot.path("proposer").asText() + ", round " + ballot.path("round").asText()
        : "none";
  }

  private static String away(JsonNode roles) {
    List<String> away = new ArrayList<>();
    for (Map.Entry<String, JsonNode> role : roles.properties()) {
      String state = role.getValue().path("state").asText();
      if (!state.equals("up")) {
        JsonNode back = role.getValue().path("backInMillis");
        away.add(
            role.getKey()
                + (back.isNumber() ? " (back in " + back.asText() + " ms)" : " (" + state + ")"));
      }
    }
    return String.join(", ", away);
  }
}
