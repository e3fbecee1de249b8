package synod.cli.store;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Parameters;

/** {@code compact}: forgets old changes, so that they can't be watched any more. */
@Command(
    name = "compact",
    sortOptions = false,
    description = {
      "Forget the changes up to a revision on all nodes: they can't be watched any more.",
      "Keys keep their values. The leader's node does it by itself when there are many"
          + " (synod.history in application.conf)."
    },
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {"0:done", "1:not done", "2:wrong usage"})
final class CompactCommand extends StoreCommand {
  @Parameters(paramLabel = "REVISION", description = "The last one to forget.")
  private long revision;

  CompactCommand(Access access, Streams streams) {
    super(access, streams);
  }

  @Override
  int run() {
    JsonNode answer = access().nodes().postAny("/v1/compact?revision=" + revision, timeout());
    streams()
        .line(
            wantsJson()
                ? answer.toString()
                : "compacted up to revision " + answer.path("compacted").asText());
    return ExitCode.OK;
  }
}
