package synod.cli.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Parameters;
import synod.cli.Table;
import synod.cli.store.NodeAnswers.NodeAnswer;

/** {@code log-level}: what nodes log, while they run. */
@Command(
    name = "log-level",
    sortOptions = false,
    description = {
      "Show the levels that are set, on each node, or set one until the node ends.",
      "For example: log-level synod.events trace (every step of the protocol), and back: log-level"
          + " synod.events inherit"
    },
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {"0:done on every node", "1:not on every node", "2:wrong usage"})
final class LogLevelCommand extends StoreCommand {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "LOGGER",
      description = "root, or the beginning of loggers' names, as in synod or synod.node.")
  private String logger;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "LEVEL",
      description = "trace, debug, info, warn, error, or inherit.")
  private String level;

  LogLevelCommand(Access access, Streams streams) {
    super(access, streams);
  }

  @Override
  int run() {
    if (logger != null && level == null) {
      throw new UsageException("log-level takes a logger and its level, or nothing");
    }
    List<NodeAnswer> answers =
        NodeAnswers.ask(
            access().nodes(), access().nodes().addresses(), timeout(), node -> request(node));
    if (wantsJson()) {
      ObjectNode json = Json.object();
      answers.stream()
          .filter(NodeAnswer::isOk)
          .forEach(answer -> json.set(answer.node().name(), answer.json().path("levels")));
      streams().line(json.toString());
    } else {
      streams().line(table(answers));
    }
    int exitCode = ExitCode.OK;
    for (NodeAnswer answer : answers) {
      if (!answer.isOk()) {
        exitCode = fail(ExitCode.SOFTWARE, answer.node().name() + ": " + answer.problem());
      }
    }
    return exitCode;
  }

  private HttpRequest.Builder request(Address node) {
    if (logger == null) {
      return HttpRequest.newBuilder(node.uri("/v1/log-level"));
    }
    return HttpRequest.newBuilder(
            node.uri(
                "/v1/log-level?logger="
                    + Text.percentEncoded(Text.utf8(logger))
                    + "&level="
                    + Text.percentEncoded(Text.utf8(level))))
        .PUT(BodyPublishers.noBody());
  }

  private static String table(List<NodeAnswer> answers) {
    List<List<String>> lines = new ArrayList<>(List.of(List.of("NODE", "LOGGER", "LEVEL")));
    for (NodeAnswer answer : answers) {
      if (answer.isOk()) {
        for (Map.Entry<String, JsonNode> set : answer.json().path("levels").properties()) {
          lines.add(List.of(answer.node().name(), set.getKey(), set.getValue().asText()));
        }
      }
    }
    return Table.render(lines);
  }
}
