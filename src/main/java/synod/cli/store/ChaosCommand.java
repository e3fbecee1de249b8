package synod.cli.store;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import synod.cli.Table;
import synod.cli.store.NodeAnswers.NodeAnswer;

/** {@code chaos}: switches the nodes' chaos schedulers, and stops single roles. */
@Command(
    name = "chaos",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "on|off|status|kill",
    description = "Stop roles of the nodes at random, or one now, to see that nothing is lost.")
final class ChaosCommand implements Runnable {
  private static final String SCHEDULE = "/v1/chaos";
  private static final String KILL = "/v1/chaos/kill";

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing one of on, off, status, kill");
  }

  /** What they have in common: a request to each of some nodes, and a line for each answer. */
  abstract static class Chaos extends StoreCommand {
    Chaos(Access access, Streams streams) {
      super(access, streams);
    }

    final int tell(List<Address> nodes, String method, String target, ObjectNode body) {
      List<NodeAnswer> answers =
          NodeAnswers.ask(
              access().nodes(),
              nodes,
              timeout(),
              node ->
                  HttpRequest.newBuilder(node.uri(target))
                      .header("Content-Type", "application/json")
                      .method(method, BodyPublishers.ofString(body.toString())));
      if (wantsJson()) {
        streams().line(json(answers).toString());
      } else {
        answers.stream()
            .filter(NodeAnswer::isOk)
            .forEach(answer -> streams().line(answer.json().path("detail").asText()));
      }
      return complain(answers);
    }

    /** A line for each node that didn't do it. */
    final int complain(List<NodeAnswer> answers) {
      int exitCode = ExitCode.OK;
      for (NodeAnswer answer : answers) {
        if (!answer.isOk()) {
          exitCode = fail(ExitCode.SOFTWARE, answer.node().name() + ": " + answer.problem());
        }
      }
      return exitCode;
    }

    static ObjectNode json(List<NodeAnswer> answers) {
      ObjectNode json = Json.object();
      ArrayNode nodes = json.putArray("nodes");
      for (NodeAnswer answer : answers) {
        ObjectNode node = nodes.addObject().put("name", answer.node().name());
        node.put("problem", answer.problem()).set("answer", answer.json());
      }
      return json;
    }
  }

  /** {@code chaos on}. */
  @Command(
      name = "on",
      sortOptions = false,
      description = {
        "Stop roles at random, on each node for itself, in place of what ran before.",
        "For example: chaos on acceptors every 5s for 500ms..2s"
      })
  static final class On extends Chaos {
    @Parameters(
        arity = "0..*",
        paramLabel = "WORDS",
        description =
            "[ROLES|all] [every TIME] [for TIME[..TIME]]: acceptors if no role is named; what else"
                + " isn't said is as the node has it configured.")
    private List<String> words = List.of();

    On(Access access, Streams streams) {
      super(access, streams);
    }

    @Override
    int run() {
      ChaosWords.Schedule schedule = ChaosWords.schedule(words);
      ObjectNode body = Json.object();
      ArrayNode roles = body.putArray("roles");
      schedule.roles().forEach(role -> roles.add(role.label()));
      put(body, "meanTimeBetweenFailures", schedule.every());
      put(body, "downtimeMin", schedule.downtimeMin());
      put(body, "downtimeMax", schedule.downtimeMax());
      return tell(access().nodes().addresses(), "PUT", SCHEDULE, body);
    }
  }

  private static void put(ObjectNode body, String field, Duration value) {
    if (value != null) {
      body.put(field, Durations.text(value));
    }
  }

  /** {@code chaos off}. */
  @Command(
      name = "off",
      sortOptions = false,
      description = "Stop no more roles. Those that are down come back by themselves.")
  static final class Off extends Chaos {
    Off(Access access, Streams streams) {
      super(access, streams);
    }

    @Override
    int run() {
      ObjectNode body = Json.object();
      body.putArray("roles");
      return tell(access().nodes().addresses(), "PUT", SCHEDULE, body);
    }
  }

  /** {@code chaos status}. */
  @Command(
      name = "status",
      sortOptions = false,
      description = "Show what each node's scheduler does.")
  static final class Status extends Chaos {
    Status(Access access, Streams streams) {
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
              node -> HttpRequest.newBuilder(node.uri(SCHEDULE)));
      streams().line(wantsJson() ? json(answers).toString() : table(answers));
      return complain(answers);
    }

    private static String table(List<NodeAnswer> answers) {
      List<List<String>> lines = new ArrayList<>();
      lines.add(List.of("NODE", "STOPS", "EVERY", "FOR"));
      for (NodeAnswer answer : answers) {
        lines.add(answer.isOk() ? cells(answer) : List.of(answer.node().name(), "-", "-", "-"));
      }
      return Table.render(lines);
    }

    private static List<String> cells(NodeAnswer answer) {
      List<String> roles = new ArrayList<>();
      answer.json().path("roles").forEach(role -> roles.add(role.asText()));
      return List.of(
          answer.node().name(),
          roles.isEmpty() ? "nothing" : String.join(",", roles),
          answer.json().path("meanTimeBetweenFailures").asText(),
          answer.json().path("downtimeMin").asText()
              + ".."
              + answer.json().path("downtimeMax").asText());
    }
  }

  /** {@code chaos kill}, and {@code kill} in the console. */
  @Command(
      name = "kill",
      sortOptions = false,
      description = {"Stop one role of one node now.", "For example: kill acceptor on n3 for 2s"})
  static final class Kill extends Chaos {
    @Parameters(
        arity = "1..*",
        paramLabel = "WORDS",
        description =
            "ROLE on NODE [for TIME]: if no time is said, the node draws it from the range that it"
                + " has configured.")
    private List<String> words;

    Kill(Access access, Streams streams) {
      super(access, streams);
    }

    @Override
    int run() {
      ChaosWords.Kill kill = ChaosWords.kill(words);
      List<Address> all = access().nodes().addresses();
      List<Address> node =
          all.stream().filter(address -> address.name().equals(kill.node())).toList();
      if (node.isEmpty()) {
        throw new UsageException(
            "no node is named %s: the nodes are %s"
                .formatted(
                    kill.node(), String.join(", ", all.stream().map(Address::name).toList())));
      }
      ObjectNode body = Json.object().put("role", kill.role().label());
      put(body, "downtime", kill.downtime());
      return tell(node, "POST", KILL, body);
    }
  }
}
