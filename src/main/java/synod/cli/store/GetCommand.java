package synod.cli.store;

import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import synod.kv.KeyValue;
import synod.kv.Query.KeyAnswer;

/** {@code get}: prints a key's value as it is. */
@Command(
    name = "get",
    sortOptions = false,
    description = "Print the value of a key.",
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {"0:printed", "1:could not be read", "2:wrong usage", "3:there is no such key"})
final class GetCommand extends StoreCommand {
  @Parameters(index = "0", paramLabel = "KEY")
  private String key;

  @Mixin private ReadOption read;

  GetCommand(Access access, Streams streams) {
    super(access, streams);
  }

  @Override
  int run() {
    KeyAnswer answer = access().store().get(Text.utf8(key), read.with(timeout()));
    KeyValue found = answer.found();
    if (found == null) {
      return fail(ExitCodes.NOT_FOUND, "there is no key " + Text.printable(Text.utf8(key)));
    }
    if (wantsJson()) {
      streams().line(Json.of(found).put("revision", answer.revision()).toString());
    } else {
      streams().value(found.value());
    }
    return ExitCode.OK;
  }
}
