package synod.cli.store;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import synod.kv.Command.Condition;

/** {@code delete}: deletes a key. */
@Command(
    name = "delete",
    aliases = "del",
    sortOptions = false,
    description = "Delete a key.",
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {
      "0:deleted",
      "1:certainly not deleted",
      "2:wrong usage",
      "3:there was no such key",
      "4:the condition did not hold",
      "5:outcome unknown: may or may not be deleted"
    })
final class DeleteCommand extends WriteCommand {
  @Parameters(index = "0", paramLabel = "KEY")
  private String key;

  @Option(
      names = "--if-revision",
      paramLabel = "N",
      description = "Only if the key is at this revision.")
  private Long revision;

  @Option(names = "--prev", description = "Show what the key held before.")
  private boolean previous;

  DeleteCommand(Access access, Streams streams) {
    super(access, streams);
  }

  @Override
  int run() {
    Condition condition = revision == null ? Condition.NONE : new Condition.ModRevision(revision);
    return report(access().store().delete(Text.utf8(key), options(condition, previous)), previous);
  }
}
