package synod.cli.store;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Parameters;

/** {@code move-leader}: makes a node the leader. */
@Command(
    name = "move-leader",
    sortOptions = false,
    description = {
      "Have a node lead, as before work on the machine of the one that leads now.",
      "The present leader goes on until the other has taken over: clients notice nothing."
    },
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {"0:it leads", "1:it doesn't, as far as is known", "2:wrong usage"})
final class MoveLeaderCommand extends StoreCommand {
  @Parameters(paramLabel = "NODE", description = "Its name; it must run a proposer.")
  private String node;

  MoveLeaderCommand(Access access, Streams streams) {
    super(access, streams);
  }

  @Override
  int run() {
    JsonNode answer =
        access()
            .nodes()
            .postAny("/v1/leader?node=" + Text.percentEncoded(Text.utf8(node)), timeout());
    streams()
        .line(
            wantsJson()
                ? answer.toString()
                : "%s leads %s, round %s"
                    .formatted(
                        answer.path("leader").asText(),
                        answer.path("moved").asBoolean() ? "now" : "already",
                        answer.path("round").asText()));
    return ExitCode.OK;
  }
}
