package synod.cli.store;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import synod.kv.Command.Condition;

/** {@code put}: sets a key. */
@Command(
    name = "put",
    sortOptions = false,
    description = "Set a key. A value that begins with - goes behind --, as in put k -- -1.",
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {
      "0:stored",
      "1:certainly not stored",
      "2:wrong usage",
      "4:the condition did not hold",
      "5:outcome unknown: may or may not be stored"
    })
final class PutCommand extends WriteCommand {
  @Parameters(index = "0", paramLabel = "KEY")
  private String key;

  @Parameters(index = "1", arity = "0..1", paramLabel = "VALUE", description = "Or --file.")
  private String value;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "Take the value from a file; - is the standard input.")
  private String file;

  @ArgGroup private When when = new When();

  @Option(names = "--prev", description = "Show what the key held before.")
  private boolean previous;

  PutCommand(Access access, Streams streams) {
    super(access, streams);
  }

  private static final class When {
    @Option(
        names = "--if-revision",
        paramLabel = "N",
        description = "Only if the key is at this revision; 0 if it must not exist.")
    private Long revision;

    @Option(names = "--if-absent", description = "Only if the key does not exist.")
    private boolean absent;

    Condition condition() {
      if (absent) {
        return Condition.ABSENT;
      }
      return revision == null ? Condition.NONE : ifRevision(revision);
    }
  }

  @Override
  int run() {
    if ((value == null) == (file == null)) {
      throw new UsageException("give a VALUE or --file, and not both");
    }
    byte[] bytes = file == null ? Text.utf8(value) : ValueFile.read(file, streams().in());
    return report(
        access().store().put(Text.utf8(key), bytes, options(when.condition(), previous)), previous);
  }
}
