package synod.cli.store;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Parameters;
import synod.cli.store.HttpNodes.Answer;
import synod.client.RefusedException;
import synod.node.Outcome.Reason;

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
    // To do it twice does no harm.
    Answer answer =
        access()
            .nodes()
            .askAny(
                false,
                timeout(),
                (node, limit) ->
                    HttpRequest.newBuilder(
                            node.uri(
                                "/v1/compact?revision=%d&timeout=%dms"
                                    .formatted(revision, limit.toMillis())))
                        .POST(BodyPublishers.noBody()));
    if (answer.status() != 200) {
      throw new RefusedException(
          answer.status() < 500 ? Reason.INVALID : Reason.UNAVAILABLE, answer.problem());
    }
    streams()
        .line(
            wantsJson()
                ? answer.json().toString()
                : "compacted up to revision " + answer.json().path("compacted").asText());
    return ExitCode.OK;
  }
}
