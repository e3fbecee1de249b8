package synod.cli.store;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import synod.kv.KeyValue;
import synod.kv.Query.PageAnswer;

/** {@code list}: prints keys and values, a line each, separated by a tab. */
@Command(
    name = "list",
    aliases = "ls",
    sortOptions = false,
    description = {
      "Print the keys that begin with a prefix, in order, with their values.",
      "What isn't printable text stands as \\n, \\t, \\\\ or \\xNN."
    },
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {"0:printed, if only nothing", "1:could not be read", "2:wrong usage"})
final class ListCommand extends StoreCommand {
  @Parameters(index = "0", arity = "0..1", paramLabel = "PREFIX", defaultValue = "")
  private String prefix;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "100",
      description = "At most this many, 1 to 1000 (${DEFAULT-VALUE}).")
  private int limit;

  @Option(
      names = "--after",
      paramLabel = "KEY",
      defaultValue = "",
      description = "Only keys behind this one: the last of the page before.")
  private String after;

  @Mixin private ReadOption read;

  ListCommand(Access access, Streams streams) {
    super(access, streams);
  }

  @Override
  int run() {
    PageAnswer page =
        access().store().list(Text.utf8(prefix), Text.utf8(after), limit, read.with(timeout()));
    if (wantsJson()) {
      streams().line(json(page).toString());
      return ExitCode.OK;
    }
    for (KeyValue entry : page.entries()) {
      streams().line(Text.printable(entry.key()) + "\t" + Text.printable(entry.value()));
    }
    if (page.more()) {
      KeyValue last = page.entries().get(page.entries().size() - 1);
      say("more keys follow: --after " + Text.printable(last.key()));
    }
    return ExitCode.OK;
  }

  private static ObjectNode json(PageAnswer page) {
    ObjectNode json = Json.object();
    ArrayNode entries = json.putArray("entries");
    page.entries().forEach(entry -> entries.add(Json.of(entry)));
    return json.put("more", page.more()).put("revision", page.revision());
  }
}
