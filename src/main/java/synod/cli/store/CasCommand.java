package synod.cli.store;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cas}: sets a key that nobody has changed. */
@Command(
    name = "cas",
    sortOptions = false,
    description = "Compare and set: set a key only if it is at the revision that was read.",
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {
      "0:stored",
      "1:certainly not stored",
      "2:wrong usage",
      "4:the key is at another revision",
      "5:outcome unknown: may or may not be stored"
    })
final class CasCommand extends WriteCommand {
  @Parameters(index = "0", paramLabel = "KEY")
  private String key;

  @Parameters(
      index = "1",
      paramLabel = "REVISION",
      description = "The key's revision; 0 if it must not exist.")
  private long revision;

  @Parameters(index = "2", paramLabel = "VALUE")
  private String value;

  @Option(names = "--prev", description = "Show what the key held before.")
  private boolean previous;

  CasCommand(Access access, Streams streams) {
    super(access, streams);
  }

  @Override
  int run() {
    return report(
        access()
            .store()
            .put(Text.utf8(key), Text.utf8(value), options(ifRevision(revision), previous)),
        previous);
  }
}
